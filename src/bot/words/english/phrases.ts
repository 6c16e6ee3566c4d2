import { namesShown } from '#bot/words/limits.ts';
import type { Problem } from '#post/delivery.ts';
import { shownName } from '#post/file-name.ts';

// What several sentences have in common.

/** For dates and times. */
export const locale = 'en-GB';

/** The name of a platform as it is said in English, which is how it calls itself. */
export function place(name: string): string {
  return name;
}

export const noneLeft = 'There are no photos left in your Dropbox folder that I can use.';

/** The first names of a list, and how many more there are. */
export function listed(names: readonly string[]): string {
  const rest = names.length - namesShown;
  const first = names.slice(0, namesShown).map(shownName).join(', ');
  return rest > 0 ? `${first} and ${rest} more` : first;
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Where the owner finds a code that was sent. */
export function whereCodeIs({ from, phone }: NonNullable<Problem['code']>): string {
  if (from === 'app') return 'your authenticator app shows it';
  return phone === undefined ? 'it is in a message on your phone' : `it is in a message to ••${phone}`;
}

export function money(dollars: number): string {
  return dollars > 0 && dollars < 0.01 ? 'less than $0.01' : `$${dollars.toFixed(2)}`;
}
