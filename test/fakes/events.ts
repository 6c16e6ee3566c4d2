import { expect } from 'vitest';
import type { Delivery } from '#post/delivery.ts';
import { advance, isRefusal, type PostEvent } from '#post/lifecycle.ts';
import { Post, type PostIn } from '#post/post.ts';
import { captionOf, contentOf, draftOf, frozen, lostConnection, owner, pictureRef, postIn } from './posts.ts';

export const later = '2026-11-22T09:05:00.000Z';
export const evening = '2026-11-22T18:00:00.000Z';
export const rejected = { kind: 'rejected' } as const;

/** One event of each type, fitting a post at revision 1. */
export const events: { readonly [T in PostEvent['type']]: PostEvent & { readonly type: T } } = {
  drafted: { type: 'drafted', at: later, draft: draftOf(), caption: captionOf('Another light') },
  expired: { type: 'expired', at: later, reason: 'unreadable' },
  'card-shown': { type: 'card-shown', card: { chatId: owner, messageId: 2 } },
  regenerated: { type: 'regenerated', revision: 1, at: later },
  edited: { type: 'edited', revision: 1, at: later, caption: captionOf('My own', { source: 'owner' }) },
  shaped: { type: 'shaped', revision: 1, at: later, platform: 'telegram', shape: 'black' },
  'caption-chosen': { type: 'caption-chosen', revision: 1, at: later, index: 1 },
  'alt-text-edited': { type: 'alt-text-edited', revision: 1, at: later, altText: 'A harbour' },
  'place-chosen': { type: 'place-chosen', revision: 1, at: later, platform: 'email', isOn: false },
  'full-size-chosen': {
    type: 'full-size-chosen',
    revision: 1,
    at: later,
    platform: 'telegram',
    picture: pictureRef(),
  },
  skipped: { type: 'skipped', revision: 1, at: later, by: owner },
  approved: { type: 'approved', revision: 1, at: later, by: owner, contents: { telegram: contentOf() } },
  scheduled: {
    type: 'scheduled',
    revision: 1,
    at: later,
    by: owner,
    contents: { telegram: contentOf() },
    publishAt: evening,
    wait: 'later',
  },
  rescheduled: {
    type: 'rescheduled',
    revision: 1,
    at: later,
    by: owner,
    publishAt: '2026-11-23T08:00:00.000Z',
  },
  unscheduled: { type: 'unscheduled', revision: 1, at: later, by: owner },
  released: { type: 'released', at: evening },
  'put-off': { type: 'put-off', until: evening },
  reminded: { type: 'reminded', at: later },
  'withdrawal-asked': { type: 'withdrawal-asked', at: later, by: owner },
  withdrawn: { type: 'withdrawn', at: later, path: '/Photos/harbour.jpg' },
  'taken-down': { type: 'taken-down', platform: 'telegram', at: later },
  kept: { type: 'kept', platform: 'telegram', at: later, problem: { kind: 'no-permission' } },
  archived: { type: 'archived', at: later, path: '/Photos/archive/harbour.jpg' },
  held: { type: 'held', at: later },
  sending: { type: 'sending', platform: 'telegram', at: later },
  delivered: { type: 'delivered', platform: 'telegram', at: later, ref: '8', url: 'https://t.me/light/8' },
  postponed: { type: 'postponed', platform: 'telegram', notBefore: later, problem: lostConnection },
  'delivery-failed': { type: 'delivery-failed', platform: 'telegram', at: later, problem: rejected },
  'lost-sight': {
    type: 'lost-sight',
    platform: 'telegram',
    at: later,
    problem: lostConnection,
    canLook: false,
  },
  followed: { type: 'followed', platform: 'telegram', fullSize: 'sent' },
  looked: { type: 'looked', platform: 'telegram', at: later, found: 'absent' },
  seen: { type: 'seen', platform: 'telegram', round: 1, at: later },
  retried: { type: 'retried', platform: 'telegram', round: 1, at: later },
  dropped: { type: 'dropped', platform: 'telegram', round: 1, at: later },
};

/** The post after these events, each of which has to fit; what comes out is what the state can hold. */
export function following(given: Post, ...happened: readonly PostEvent[]): Post {
  const result = happened.reduce<Post>((post, event) => {
    const next = advance(frozen(post), event);
    if (isRefusal(next)) throw new Error(`${event.type} was refused: ${next.refused}`);
    return next;
  }, given);
  expect(Post.parse(result)).toEqual(result);
  return result;
}

export function deliveriesAfter(
  given: Post,
  ...happened: readonly PostEvent[]
): Readonly<Record<string, Delivery>> {
  const post = following(given, ...happened);
  return 'deliveries' in post ? post.deliveries : {};
}

/** A post on its way to Telegram, Instagram and by email, as far as there are deliveries. */
export function publishing(...deliveries: readonly Delivery[]): PostIn<'publishing'> {
  const names = ['telegram', 'instagram', 'email'];
  const entries = deliveries.map((delivery, index): [string, Delivery] => [names[index] ?? '', delivery]);
  return postIn('publishing', { deliveries: Object.fromEntries(entries) });
}
