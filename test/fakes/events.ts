import type { PostEvent } from '#post/lifecycle.ts';
import { captionOf, contentOf, draftOf, lostConnection, owner } from './posts.ts';

export const later = '2026-11-22T09:05:00.000Z';
export const rejected = { kind: 'rejected' } as const;

/** One event of each type, fitting a post at revision 1. */
export const events: { readonly [T in PostEvent['type']]: Extract<PostEvent, { readonly type: T }> } = {
  drafted: { type: 'drafted', draft: draftOf(), caption: captionOf('Another light') },
  expired: { type: 'expired', at: later, reason: 'unreadable' },
  'card-shown': { type: 'card-shown', card: { chatId: owner, messageId: 2 } },
  regenerated: { type: 'regenerated', revision: 1 },
  edited: { type: 'edited', revision: 1, caption: captionOf('My own', { source: 'owner' }) },
  skipped: { type: 'skipped', revision: 1, at: later, by: owner },
  approved: { type: 'approved', revision: 1, at: later, by: owner, contents: { telegram: contentOf() } },
  archived: { type: 'archived', at: later, path: '/Photos/archive/harbour.jpg' },
  sending: { type: 'sending', platform: 'telegram', at: later },
  delivered: { type: 'delivered', platform: 'telegram', at: later, ref: '8', url: 'https://t.me/light/8' },
  postponed: { type: 'postponed', platform: 'telegram', notBefore: later, problem: lostConnection },
  'delivery-failed': { type: 'delivery-failed', platform: 'telegram', at: later, problem: rejected },
  'lost-sight': { type: 'lost-sight', platform: 'telegram', at: later, problem: lostConnection },
  seen: { type: 'seen', platform: 'telegram', at: later },
  retried: { type: 'retried', platform: 'telegram' },
  dropped: { type: 'dropped', platform: 'telegram', at: later },
};
