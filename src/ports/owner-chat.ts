import type { Problem } from '#post/delivery.ts';
import type { Card, Post } from '#post/post.ts';
import type { SetAside } from '#post/state.ts';
import type { Checkable } from './check.ts';

/** A post that is to be seen. */
export interface Showing {
  readonly postId: string;
  /** The post as it is when its turn has come; undefined: it is no longer there. */
  latest(): Post | undefined;
  picture(sha256: string): Promise<Buffer>;
  /** Remembers a new card; called as soon as it was sent. */
  remember(card: Card): Promise<void>;
  /** Puts a fresh card at the end of the chat. */
  readonly asNew: boolean;
}

/** What the owner is told. The sentences are the bot's. */
export type Notice =
  | { readonly kind: 'preparing'; readonly name: string }
  | { readonly kind: 'still-preparing' }
  | { readonly kind: 'no-photos' }
  /** `last`: when the last photo is taken by a slot; absent: there is none left. */
  | { readonly kind: 'running-low'; readonly photosLeft: number; readonly last: Date | undefined }
  | { readonly kind: 'not-found'; readonly name: string }
  | { readonly kind: 'several'; readonly names: readonly string[] }
  | {
      readonly kind: 'photos-set-aside';
      readonly reason: SetAside['reason'];
      readonly names: readonly string[];
    }
  | { readonly kind: 'photo-gone'; readonly name: string }
  | {
      readonly kind: 'service-down';
      readonly service: string;
      readonly problem: Problem;
      readonly doing: Doing;
    }
  | { readonly kind: 'not-saved'; readonly code: string }
  | { readonly kind: 'state-recovered' }
  /** An older state was put in place; `writtenAt`: an ISO time, where it is known. */
  | { readonly kind: 'state-put-back'; readonly writtenAt: string | undefined }
  | { readonly kind: 'history-damaged'; readonly months: readonly string[] }
  /** A scheduled post did not go out, and is a draft again. */
  | { readonly kind: 'publish-missed'; readonly name: string; readonly at: Date }
  | { readonly kind: 'slot-missed'; readonly at: Date }
  /** A token that dies unless somebody makes a new one. */
  | { readonly kind: 'token-not-renewed'; readonly service: string; readonly daysLeft: number }
  | { readonly kind: 'gave-up' };

/** What was under way when a service failed. */
export type Doing = 'listing' | 'drafting' | 'archiving' | 'working';

/** The chat with the owner. */
export interface OwnerChat extends Checkable {
  /**
   * Shows the post on each owner's card: a new card where there is none yet, else the old one is changed. One after
   * the other for each post. Throws `ServiceError` when a card could not be brought up to date and that can pass; an
   * owner who cannot be written to at all is logged.
   */
  show(showing: Showing): Promise<void>;
  /**
   * Tells all owners, or one of them. Never throws; false: nobody was reached, which is logged.
   */
  tell(notice: Notice, owner?: number): Promise<boolean>;
  /** Shows all owners that a picture or a text is being made for them, until the answer is called. Never throws. */
  busyWith(what: 'picture' | 'text'): () => void;
}
