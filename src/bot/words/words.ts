import type { Language } from '#post/state.ts';
import * as english from './english/index.ts';
import * as german from './german/index.ts';

type Widen<T> = T extends string
  ? string
  : T extends (...given: infer Given) => infer Answer
    ? (...given: Given) => Widen<Answer>
    : { readonly [Key in keyof T]: Widen<T[Key]> };

/** Everything that the bot says, in one language. English says what there is; what another lacks is a type error. */
export type Words = Widen<typeof english>;

const languages: Readonly<Record<Language, Words>> = { en: english, de: german };

/** What the bot says in this language. */
export function wordsFor(language: Language): Words {
  return languages[language];
}
