import type { Preview } from '#flow/preview-post.ts';
import { place } from './phrases.ts';

/** What comes with the files that the Preview button sends. */
export const preview = {
  coming: 'Das geht raus …',
  underway: 'Die Vorschau ist schon unterwegs.',
  nothing: 'Hier gibt es keine Vorschau: Dieser Entwurf würde nirgends angenommen.',
  failed: 'Die Vorschau kam nicht durch. Tippe bitte noch einmal auf Vorschau.',
  fullSize: ({ name, content: { fullSize } }: Preview) =>
    `👁 ${place(name)}: danach lautlos diese Datei in voller Größe${fullSize ? ` (${fullSize.width} × ${fullSize.height})` : ''}`,
  head({ name, subject, altText, content: { caption, picture } }: Preview): string {
    const what = caption === '' ? 'dieses Bild ohne Text' : 'das';
    return [
      `👁 ${place(name)} bekommt ${what} (${picture.width} × ${picture.height})`,
      ...(subject === undefined ? [] : [`Betreff: ${subject}`]),
      ...(altText === undefined ? [] : [`Alternativtext: ${altText}`]),
    ].join('\n');
  },
};
