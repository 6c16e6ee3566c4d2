import { type ApprovedPost, captionIndex } from './post.ts';

/** Whether a post has all of these words, in its texts or the name of its photo, however they are written. */
export function hasWords(post: ApprovedPost, words: string): boolean {
  const sent = Object.values(post.deliveries).map(({ content }) => content.caption);
  const caption = post.captions[captionIndex(post)]?.text ?? '';
  const text = folded([post.photo.name, caption, ...sent].join('\n'));
  return folded(words)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Without accents, and the same in capitals. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
