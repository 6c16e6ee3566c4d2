import { namesShown } from '#bot/words/limits.ts';
import { shownName } from '#post/file-name.ts';

// What several sentences have in common.

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
