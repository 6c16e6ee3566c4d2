import { expect } from 'vitest';
import { wordsFor } from '#bot/words/words.ts';
import { Shape } from '#post/shape.ts';
import type { ChatButton, ChatMessage } from '#simulator/telegram/chat-message.ts';
import { findBarriers } from './barriers.ts';
import { shoot } from './browser.ts';
import { openPageWorld, type PageWorld, type PageWorldOptions } from './page-world.ts';

/** What the owners of a file's stories have typed and pressed, and what they could have pressed. */
export interface Walked {
  readonly commands: Set<string>;
  readonly labels: Set<string>;
  readonly pressed: Set<string>;
  /** Each kind of button that a phone has shown, with one of its labels. */
  readonly offered: Map<string, string>;
}

export function startWalking(): Walked {
  return { commands: new Set(), labels: new Set(), pressed: new Set(), offered: new Map() };
}

/** An owner who does everything on the page: clicks, types, reads and looks. */
export interface Walk extends Omit<PageWorld, 'press'> {
  /** Presses the newest button with this label. */
  press(label: string | RegExp): Promise<void>;
  /** Types a text or a command, and sends it. */
  say(text: string): Promise<void>;
  /** Waits for the newest message to say this; where it is a card that is brought up to date, for the card. */
  reads(text: string | RegExp): Promise<void>;
  /** Takes a picture to be looked at: no button is cut off. Where asked for, nothing keeps anybody out, either. */
  looks(name: string, also?: 'and is open to all'): Promise<void>;
  /** The same on the whole page. */
  looksAtAll(name: string): Promise<void>;
}

/** What is used of a button of the page. */
interface Key {
  readonly isConnected: boolean;
  readonly value: string;
  click(): void;
}

/** What is used of an element of the page. */
interface Scrollable {
  scrollIntoView(how: { readonly block: 'end' }): void;
}

const onPhone = { width: 390, height: 844 };
const onDesk = { width: 1440, height: 900 };

export async function openWalk(walked: Walked, options: PageWorldOptions = {}): Promise<Walk> {
  const window = { viewport: onPhone };
  const world = await openPageWorld({ window, ...options });
  const { page, phone, see, simulator, darkroom } = world;
  const log = page.getByRole('log');
  await page.getByRole('button', { name: 'Hide this help' }).click();

  function noteOffered(): void {
    for (const { text, data } of phone.messages().flatMap(({ keyboard }) => keyboard.flat())) {
      walked.offered.set(kindOf(data), text);
    }
  }

  /**
   * False: the page did not show exactly this button. It is a moment behind the phone, and what it still shows may have
   * one with the same label that means something else.
   */
  async function click({ id }: ChatMessage, { text, data }: ChatButton): Promise<boolean> {
    const named = page.locator(`#message-${id}`).getByRole('button', { name: text, exact: true });
    const button = data === undefined ? named : named.and(page.locator(`[value=${JSON.stringify(data)}]`));
    const canBePressed = await button.click({ trial: true, timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    if (!canBePressed) return false;
    // Looking and pressing at once, so that it is known which of the two has failed.
    const press = (element: object, value: string) => {
      const key = element as Key;
      if (!key.isConnected || key.value !== value) return false;
      key.click();
      return true;
    };
    return await button.evaluate(press, data ?? '', { timeout: 2_000 }).catch(() => false);
  }

  /** What was done before has had its effect, so that no button changes under the finger. */
  async function rest(): Promise<void> {
    await see('an end of what goes on', () => simulator.telegram.updates.pending === 0);
    await darkroom().app.whenIdle();
  }

  async function looks(name: string, also?: 'and is open to all'): Promise<void> {
    await rest();
    noteOffered();
    await expect.poll(() => page.locator('.key[aria-busy="true"]').count()).toBe(0);
    await shoot(page, name);
    const cut: unknown = await page.evaluate(
      '[...document.querySelectorAll(".key")].filter((key) => key.scrollWidth > key.clientWidth).map((key) => key.textContent)',
    );
    expect(cut).toEqual([]);
    if (also !== undefined) expect(await findBarriers(page)).toEqual([]);
  }

  return {
    ...world,
    looks,
    async looksAtAll(name) {
      await page.setViewportSize(onDesk);
      await looks(name);
      await page.setViewportSize(onPhone);
    },
    async press(label) {
      const fits = (text: string) => (typeof label === 'string' ? text === label : label.test(text));
      const taps = phone.taps().length;
      const found = await see(`a button ${label}`, async () => {
        await rest();
        noteOffered();
        const message = phone
          .messages()
          .findLast(({ keyboard }) => keyboard.flat().some(({ text }) => fits(text)));
        const button = message?.keyboard.flat().find(({ text }) => fits(text));
        if (message === undefined || button === undefined) return undefined;
        return (await click(message, button)) && button;
      });
      if (found.data !== undefined) await see('the press', () => phone.taps().length > taps);
      walked.labels.add(found.text);
      walked.pressed.add(kindOf(found.data));
    },
    async say(text) {
      const [, command] = /^\/(\w+)/.exec(text) ?? [];
      if (command !== undefined) walked.commands.add(command);
      const sent = page.waitForResponse((response) => response.request().method() === 'POST');
      await world.write(text);
      await sent;
    },
    async reads(text) {
      const message = log.getByRole('listitem').filter({ hasText: text }).last();
      await see(`a message ${text}`, () => message.isVisible());
      await message.evaluate((element) =>
        (element as unknown as Scrollable).scrollIntoView({ block: 'end' }),
      );
    },
    async hears(text) {
      await see(`the answer ${text}`, () => phone.toasts().at(-1)?.text === text);
      await world.hears(text);
    },
  };
}

/** What a button is for: what it carries, without what it is about. */
function kindOf(data: string | undefined): string {
  if (data === undefined) return 'link';
  const [verb = '', second = ''] = data.split(':');
  const last = data.split(':').at(-1);
  if (['menu', 'ask', 'style', 'shape', 'place', 'full', 'mode'].includes(verb)) return `${verb}:${last}`;
  if (verb === 'set') return second === 'open' ? `set:open:${last}` : `set:${second}`;
  return verb === 'queue' ? `queue:${second}` : verb;
}

/** The commands that nobody has typed. */
export function forgottenCommands({ commands }: Walked): readonly string[] {
  const all = wordsFor('en').commands.map(({ command }) => command);
  return all.filter((command) => !commands.has(command));
}

/** The buttons that were on a phone, and the words for buttons, that nobody has pressed. */
export function forgottenButtons({ labels, pressed, offered }: Walked): readonly string[] {
  const unpressed = [...offered]
    .filter(([kind]) => !pressed.has(kind))
    .map(([kind, label]) => `${kind} ${label}`);
  const unused = labelsInWords().filter((pattern) => ![...labels].some((label) => pattern.test(label)));
  return [...unpressed, ...unused.map(String)];
}

/** Every label that the words have, with what is filled into it left open. */
function labelsInWords(): readonly RegExp[] {
  const { buttons, menu, queueButtons, takeDown } = wordsFor('en');
  const { shape, ...others } = buttons;
  const { neverAsked: _, ...menus } = menu;
  const { yes, no } = takeDown;
  const shapes = Shape.options.map((each) => shape(each, false));
  return leavesOf({ others, menus, queueButtons, yes, no, shapes }).map(
    (label) => new RegExp(`^(?:[✓✗] )?${RegExp.escape(label).replaceAll(RegExp.escape(filled), '.+')}$`),
  );
}

const filled = '§';

function leavesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return [String(value(filled))];
  return Object.values(value as object).flatMap(leavesOf);
}
