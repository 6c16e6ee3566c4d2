import type { PostEvent, Refusal } from '#post/lifecycle.ts';
import type { Shown } from '#post/look-alike.ts';
import type { Post } from '#post/post.ts';
import type { State } from '#post/state.ts';

/**
 * The state and the only way to change it. A change is applied at once, so that the next one sees it, and its
 * promise resolves when it is safely on disk. When it cannot be saved, the change is taken back and the
 * promise rejects with `NotSaved`.
 */
export interface Store {
  /** The state as it is now. Never kept across an `await` and written back. */
  state(): State;
  post(id: string): Post | undefined;
  /** Lets an event happen to a post. A refused event changes nothing; undefined: there is no such open post. */
  update(id: string, event: PostEvent): Promise<Post | Refusal | undefined>;
  /** Changes the rest of the state. `change` is pure; returning its argument saves nothing. */
  change(change: (state: State) => State): Promise<void>;
  /**
   * Lets an event happen to a finished post, which is open again from then on; the history keeps it as it was until it
   * is finished once more. A refused event changes nothing; undefined: there is no such post. One that is open after
   * all is updated.
   */
  reopen(id: string, event: PostEvent): Promise<Post | Refusal | undefined>;
  /** Moves a finished post to the history: written there first, then taken out of the state. May be repeated. */
  finish(id: string): Promise<void>;
  /** Content hashes of all photos that were published somewhere, ever, or may have been; without those taken down. */
  publishedContent(): ReadonlySet<string>;
  /** Content hashes of all photos whose post was taken down. */
  withdrawnContent(): ReadonlySet<string>;
  /** The ids of the files of both. */
  publishedFiles(): ReadonlySet<string>;
  /** How those photos look, as far as that is known. Some 200 bytes each; they grow by one with every post. */
  publishedPictures(): readonly Shown[];
  /** What finished posts claim of the platforms, as `claimOf` has it. */
  claims(): ReadonlySet<string>;
  /** A post from the history; undefined: never finished. */
  finished(id: string): Promise<Post | undefined>;
  /** All finished posts, the newest first; a month is read when its turn has come. */
  newestFinished(): AsyncIterable<Post>;
}
