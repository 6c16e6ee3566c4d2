import { shownName } from '#post/file-name.ts';
import { counted } from './phrases.ts';

/** The buttons below the contact sheet. */
export const queueButtons = {
  draftNow: '📝 Jetzt entwerfen',
  first: '⏫ Nach vorn',
  earlier: '◀ Früher',
  later: 'Später ▶',
  keep: '📌 Platz behalten',
  remove: '🚫 Herausnehmen',
  back: '‹ Zurück',
  shuffle: '🔀 Neu mischen',
  removed: (count: number) => `🗂 Herausgenommen: ${count}`,
};

/** The short answers to them. */
export const queueAnswers = {
  moved: 'Verschoben.',
  kept: 'Es behält seinen Platz, und alle davor auch.',
  removed: 'Herausgenommen. Von selbst kommt es nicht mehr.',
  putBack: 'Es ist wieder in der Reihe.',
  shuffled: 'Neu gemischt.',
  outdated: 'Die Reihe hat sich inzwischen geändert. So sieht sie jetzt aus.',
};

/** Instead of the list, above the buttons for one photo. */
export function queuedPhoto(number: number, name: string): string {
  return `${number}. ${shownName(name)}\n\nWas soll ich damit machen? Herausgenommen bleibt es in deinem Dropbox-Ordner; /post mit seinem Namen nimmt es trotzdem.`;
}

/** Instead of the list, above the buttons that put photos back. */
export function removedPhotos(count: number): string {
  return count === 0
    ? 'Kein Foto ist herausgenommen.'
    : `Du hast ${counted(count, 'Foto', 'Fotos')} aus der Reihe genommen. Tippe eins an, um es zurückzulegen.`;
}
