import { buttons } from '#bot/words/english/index.ts';
import type { ChatMessage } from '#simulator/telegram/chat-message.ts';
import type { Phone } from '#simulator/telegram/phone.ts';
import type { CrashWorld } from './world.ts';

/** The places where a post appears, by the name that the cards use. */
export const places = ['Telegram channel', 'Instagram', 'Email'] as const;
export type Place = (typeof places)[number];

/** How often the picture can be seen at a place. */
export function copiesAt({ simulator, mails }: CrashWorld, place: Place): number {
  if (place === 'Email') return mails();
  if (place === 'Instagram') return instagramPosts(simulator).length;
  return simulator.telegram.channelPosts().filter(({ photo }) => photo !== undefined).length;
}

/** Whichever of its two ways they came. */
export function instagramPosts({
  instagram,
  graph,
}: CrashWorld['simulator']): readonly { readonly id: string; readonly caption: string }[] {
  return [...instagram.posts(), ...graph.posts()];
}

/** What comes of looking for a button: it was pressed, or it was not long ago; undefined: there is none. */
export type Pressed = 'pressed' | 'waits' | undefined;

/** The hands of an owner, who tells the truth. */
export interface Hands {
  readonly phone: Phone;
  /** What the bot shows with a picture, without copies of the channel. */
  cards(): readonly ChatMessage[];
  /** Whether a card says this. */
  reads(text: string): boolean;
  /** Presses the button with this name, or with one like this, at most so often: a press can be lost, its answer too. */
  press(name: string | RegExp, most?: number): Pressed;
  /** The data of the last press of such a button; undefined: there was none. */
  pressedLast(name: string | RegExp): string | undefined;
  /** Says what is there, where that is asked. */
  answer(): Pressed;
  /** What was said to the owner and is not so. */
  readonly complaints: readonly string[];
}

const mostTries = 8;
/** The same button is not pressed again sooner. */
const patienceMs = 30_000;

export function createHands(world: CrashWorld, phone: Phone): Hands {
  const complaints = new Set<string>();
  const presses = new Map<string, { readonly count: number; readonly at: number; readonly data: string }>();

  const fromBot = () => phone.messages().filter(({ from }) => from === 'bot');
  const cards = () =>
    fromBot().filter(({ photo, forwardedFrom }) => photo !== undefined && forwardedFrom === undefined);

  function press(name: string | RegExp, most = mostTries): Pressed {
    const isMeant = (text: string) => (typeof name === 'string' ? text === name : name.test(text));
    const buttonOn = ({ keyboard }: ChatMessage) => keyboard.flat().find(({ text }) => isMeant(text));
    const { count = 0, at = 0 } = presses.get(String(name)) ?? {};
    const all = fromBot().filter((message) => buttonOn(message) !== undefined);
    // Where a card was sent twice, one of them is forgotten and its buttons are old: then the other one is tried.
    const card = all.at(-1 - (count % all.length));
    const { text = '', data = '' } = (card && buttonOn(card)) ?? {};
    if (card === undefined || count >= most) return undefined;
    if (world.now() - at < patienceMs) return 'waits';
    presses.set(String(name), { count: count + 1, at: world.now(), data });
    phone.tap(card.id, text);
    return 'pressed';
  }

  function answerFor(place: Place): Pressed {
    const isThere = copiesAt(world, place) > 0;
    const isCalledFailed = cards().some(({ keyboard }) =>
      keyboard.flat().some(({ text }) => text === buttons.tryAgain(place)),
    );
    if (isCalledFailed && isThere) complaints.add(`${place} is said to have failed, and the post is there`);
    return (
      press(isThere ? buttons.itIsThere(place) : buttons.notThere(place)) ??
      press(buttons.tryAgain(place)) ??
      press(buttons.leaveOut(place))
    );
  }

  return {
    phone,
    cards,
    reads: (text) => cards().some((card) => card.text.includes(text)),
    press,
    pressedLast: (name) => presses.get(String(name))?.data,
    answer() {
      const answers = places.map(answerFor);
      return answers.find((each) => each === 'pressed') ?? answers.find((each) => each === 'waits');
    },
    get complaints() {
      return [...complaints];
    },
  };
}
