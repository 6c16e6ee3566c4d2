import type { Preview } from '#flow/preview-post.ts';

/** What comes with the files that the Preview button sends. */
export const preview = {
  coming: 'Here is what goes out …',
  underway: 'The preview is already on its way.',
  nothing: 'There is nothing to preview: no place would take this draft.',
  failed: 'The preview did not come through. Please press Preview again.',
  fullSize: ({ name, content: { fullSize } }: Preview) =>
    `👁 ${name} then gets this file in full size${fullSize ? ` (${fullSize.width} × ${fullSize.height})` : ''}, without a sound`,
  head({ name, subject, altText, content: { caption, picture } }: Preview): string {
    const what = caption === '' ? 'this picture without a text' : 'this';
    return [
      `👁 ${name} gets ${what} (${picture.width} × ${picture.height})`,
      ...(subject === undefined ? [] : [`Subject: ${subject}`]),
      ...(altText === undefined ? [] : [`Alt text: ${altText}`]),
    ].join('\n');
  },
};
