import { refuseScope } from './failures.ts';

/** What each route wants, as dropbox-api-spec has it (files.stone and users.stone, `scope`). */
const needed: readonly (readonly [RegExp, string])[] = [
  [/^users\/get_current_account$/, 'account_info.read'],
  [/^files\/(list_folder|get_metadata)/, 'files.metadata.read'],
  [/^files\/(download|get_temporary_link|get_thumbnail)/, 'files.content.read'],
  [/^files\/(upload|move_v2|create_folder_v2|delete_v2)/, 'files.content.write'],
];

/** The permissions of the app that the owner has not ticked. */
export interface Scopes {
  withhold(scopes: readonly string[]): void;
  /** Throws a refusal for a route that needs a scope which is withheld. */
  check(operation: string): void;
}

export function createScopes(): Scopes {
  let withheld: readonly string[] = [];
  return {
    withhold(scopes) {
      withheld = scopes;
    },
    check(operation) {
      const scope = needed.find(([route]) => route.test(operation))?.[1];
      if (scope !== undefined && withheld.includes(scope)) throw refuseScope(scope);
    },
  };
}
