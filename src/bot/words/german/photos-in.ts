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
        `${which} ${isOne ? 'ist' : 'sind'} schon draußen oder unterwegs, darum gibt es keinen neuen Entwurf.`,
    ),
    ...about(
      namesOf('no-picture'),
      (which, isOne) =>
        `${which} ${isOne ? 'lässt' : 'lassen'} sich nicht als Foto öffnen, darum habe ich nichts davon behalten.`,
    ),
    ...about(
      namesOf('too-large'),
      (which, isOne) =>
        `${which} ${isOne ? 'ist' : 'sind'} größer als 20 MB, und mehr gibt mir Telegram nicht. Leg ${isOne ? 'die Datei' : 'die Dateien'} bitte in deinen Dropbox-Ordner.`,
    ),
    ...about(
      namesOf('failed'),
      (which, isOne) =>
        `${trouble} Darum gibt es noch keinen Entwurf von ${which}: Schick ${isOne ? 'es' : 'sie'} bitte später noch einmal.`,
    ),
    ...(isHinted && kept.length > 0 ? [hint] : []),
  ].join('\n\n');
}

function inFolder(names: readonly string[], hasDraft: boolean): string {
  if (names.length === 1) {
    const next = hasDraft
      ? 'Der Entwurf kommt gleich.'
      : 'Es kommt als Nächstes, nach dem Entwurf, der auf dich wartet.';
    return `${listed(names)} liegt jetzt in deinem Dropbox-Ordner. ${next}`;
  }
  const next = hasDraft
    ? 'Der Entwurf des ersten kommt gleich, die anderen danach.'
    : 'Sie kommen als Nächstes, nach dem Entwurf, der auf dich wartet.';
  return `${names.length} Fotos liegen jetzt in deinem Dropbox-Ordner: ${listed(names)}. ${next}`;
}

function about(names: readonly string[], say: (which: string, isOne: boolean) => string): readonly string[] {
  return names.length === 0 ? [] : [say(listed(names), names.length === 1)];
}

const hint = 'Telegram verkleinert Fotos unterwegs. Als Datei geschickt behalten sie die volle Qualität.';
