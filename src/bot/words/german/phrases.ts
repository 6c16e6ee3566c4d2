import { namesShown } from '#bot/words/limits.ts';
import type { Problem } from '#post/delivery.ts';
import { shownName } from '#post/file-name.ts';

// What several sentences have in common.

/** For dates and times. */
export const locale = 'de-DE';

/** The name of a platform as it is said in German. */
export function place(name: string): string {
  return places.get(name) ?? name;
}

const places = new Map([
  ['Telegram channel', 'Telegram-Kanal'],
  ['Email', 'E-Mail'],
]);

export const noneLeft = 'In deinem Dropbox-Ordner sind keine Fotos mehr, die ich verwenden kann.';

/** The first names of a list, and how many more there are. */
export function listed(names: readonly string[]): string {
  const rest = names.length - namesShown;
  const first = names.slice(0, namesShown).map(shownName).join(', ');
  return rest > 0 ? `${first} und ${rest} weitere` : first;
}

export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Where the owner finds a code that was sent. */
export function whereCodeIs({ from, phone }: NonNullable<Problem['code']>): string {
  if (from === 'app') return 'deine Authenticator-App zeigt ihn an';
  return phone === undefined
    ? 'er steht in einer SMS auf deinem Handy'
    : `er steht in einer SMS an ••${phone}`;
}

export function money(dollars: number): string {
  return dollars > 0 && dollars < 0.01 ? 'weniger als 0,01 $' : `${dollars.toFixed(2).replace('.', ',')} $`;
}
