import { shownName } from '#post/file-name.ts';
import { counted } from './phrases.ts';

/** The buttons below the contact sheet. */
export const queueButtons = {
  draftNow: '📝 Draft it now',
  first: '⏫ To the front',
  earlier: '◀ Earlier',
  later: 'Later ▶',
  keep: '📌 Keep its place',
  remove: '🚫 Take it out',
  back: '‹ Back',
  shuffle: '🔀 Shuffle again',
  removed: (count: number) => `🗂 Taken out: ${count}`,
};

/** The short answers to them. */
export const queueAnswers = {
  moved: 'Moved.',
  kept: 'It keeps its place, and so do those before it.',
  removed: 'Taken out. It does not come by itself any more.',
  putBack: 'It is back in the queue.',
  shuffled: 'Shuffled.',
  outdated: 'The queue has changed since. Here it is as it is now.',
};

/** Instead of the list, above the buttons for one photo. */
export function queuedPhoto(number: number, name: string): string {
  return `${number}. ${shownName(name)}\n\nWhat shall I do with it? Taken out, it stays in your Dropbox folder; /post with its name still takes it.`;
}

/** Instead of the list, above the buttons that put photos back. */
export function removedPhotos(count: number): string {
  return count === 0
    ? 'No photo is taken out.'
    : `You took ${counted(count, 'photo')} out of the queue. Press one to put it back.`;
}
