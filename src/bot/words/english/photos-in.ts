import type { PhotoInWords } from '#bot/words/views.ts';
import { listed } from './phrases.ts';

/** The answer to photos that were sent, all of them together. */
export function photosIn(photos: readonly PhotoInWords[], isHinted: boolean): string {
  const namesOf = (...became: readonly PhotoInWords['became'][]) =>
    photos.filter((photo) => became.includes(photo.became)).map(({ name }) => name);
  const trouble = photos.find((photo) => photo.trouble !== undefined)?.trouble ?? '';
  const kept = namesOf('draft', 'next');
  const hasDraft = photos.some(({ became }) => became === 'draft');
  return [
    ...(kept.length > 0 ? [inFolder(kept, hasDraft)] : []),
    ...about(
      namesOf('published'),
      (which, isOne) =>
        `${which} ${isOne ? 'is' : 'are'} out already or on its way, so there is no new draft.`,
    ),
    ...about(
      namesOf('no-picture'),
      (which, isOne) =>
        `${which} ${isOne ? 'is no photo' : 'are no photos'} that I can open, so I did not keep ${isOne ? 'it' : 'them'}.`,
    ),
    ...about(
      namesOf('too-large'),
      (which, isOne) =>
        `${which} ${isOne ? 'is' : 'are'} larger than 20 MB, and Telegram hands me nothing larger. Please put ${isOne ? 'it' : 'them'} into your Dropbox folder.`,
    ),
    ...about(
      namesOf('failed'),
      (which, isOne) =>
        `${trouble} So there is no draft of ${which} yet: please send ${isOne ? 'it' : 'them'} again later.`,
    ),
    ...(isHinted && kept.length > 0 ? [hint] : []),
  ].join('\n\n');
}

function inFolder(names: readonly string[], hasDraft: boolean): string {
  if (names.length === 1) {
    const next = hasDraft ? 'Its draft comes at once.' : 'It comes next, after the draft that waits for you.';
    return `${listed(names)} is in your Dropbox folder now. ${next}`;
  }
  const next = hasDraft
    ? 'The first one is drafted at once, the others come next.'
    : 'They come next, after the draft that waits for you.';
  return `${names.length} photos are in your Dropbox folder now: ${listed(names)}. ${next}`;
}

function about(names: readonly string[], say: (which: string, isOne: boolean) => string): readonly string[] {
  return names.length === 0 ? [] : [say(listed(names), names.length === 1)];
}

const hint = 'Telegram makes photos smaller on the way. Sent as a file, they keep their full quality.';
