import { buttons } from '#bot/words/english/index.ts';
import type { ChatMessage } from '#simulator/telegram/chat-message.ts';
import type { CrashWorld } from './world.ts';

/** The places where a post appears, by the name that the cards use. */
export const places = ['Telegram channel', 'Instagram', 'Email'] as const;
export type Place = (typeof places)[number];

/** How often the picture can be seen at a place. */
export function copiesAt({ simulator, mails }: CrashWorld, place: Place): number {
  if (place === 'Email') return mails();
  if (place === 'Instagram') return simulator.instagram.posts().length;
  return simulator.telegram.channelPosts().filter(({ photo }) => photo !== undefined).length;
}

/**
 * An owner who wants one post with another caption than the first, and tells the truth. Where it can be taken back, that
 * is done once, and then it is published after all.
 */
export interface Owner {
  /** Does the next thing, if there is any. */
  act(): 'pressed' | 'waits' | 'is content';
  /** What was said to the owner and is not so. */
  readonly complaints: readonly string[];
}

const mostTries = 8;
/** The same button is not pressed again sooner. */
const patienceMs = 30_000;

export function createOwner(world: CrashWorld): Owner {
  const phone = world.simulator.telegram.phone();
  const complaints: string[] = [];
  const presses = new Map<string, { readonly count: number; readonly at: number }>();
  let hasAsked = false;

  const cards = () => phone.messages().filter(({ from, photo }) => from === 'bot' && photo !== undefined);

  /** At most so often, as a press can be lost and its answer too. */
  function press(text: string, most = mostTries): 'pressed' | 'waits' | undefined {
    const has = ({ keyboard }: ChatMessage) => keyboard.flat().some((button) => button.text === text);
    const { count = 0, at = 0 } = presses.get(text) ?? {};
    const all = cards().filter(has);
    // Where a card was sent twice, one of them is forgotten and its buttons are old: then the other one is tried.
    const card = all.at(-1 - (count % all.length));
    if (card === undefined || count >= most) return undefined;
    if (world.now() - at < patienceMs) return 'waits';
    presses.set(text, { count: count + 1, at: world.now() });
    phone.tap(card.id, text);
    return 'pressed';
  }

  function answerFor(place: Place): 'pressed' | 'waits' | undefined {
    const isThere = copiesAt(world, place) > 0;
    const isCalledFailed = cards().some(({ keyboard }) =>
      keyboard.flat().some(({ text }) => text === buttons.tryAgain(place)),
    );
    if (isCalledFailed && isThere) complaints.push(`${place} is said to have failed, and the post is there`);
    return (
      press(isThere ? buttons.itIsThere(place) : buttons.notThere(place)) ??
      press(buttons.tryAgain(place)) ??
      press(buttons.leaveOut(place))
    );
  }

  return {
    complaints,
    act() {
      if (!hasAsked) {
        hasAsked = true;
        phone.send('/post');
        return 'pressed';
      }
      const answers = places.map(answerFor);
      if (answers.includes('pressed')) return 'pressed';
      if (answers.includes('waits')) return 'waits';
      if (cards().some(({ text }) => text.includes('🗂 Archived'))) return 'is content';
      const hasAnother = cards().some(({ text }) => text.includes('· draft 2'));
      return (
        (hasAnother ? undefined : press(buttons.regenerate, 2)) ??
        press(buttons.undo, 1) ??
        press(buttons.publish) ??
        'waits'
      );
    },
  };
}
