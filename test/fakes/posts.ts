import type { Caption } from '#post/caption.ts';
import type { Content, Delivery, PictureRef, Problem } from '#post/delivery.ts';
import type { Photo } from '#post/photo.ts';
import type { ApprovedPost, Draft, Post, PostIn } from '#post/post.ts';

/** The time at which everything in these posts happened. */
export const at = '2026-11-22T09:00:00.000Z';
export const owner = 4711;
export const lostConnection: Problem = { kind: 'unreachable' };

export const postStates = [
  'drafting',
  'awaiting-approval',
  'scheduled',
  'publishing',
  'published',
  'archived',
  'withdrawing',
  'withdrawn',
  'failed',
  'skipped',
  'expired',
] as const satisfies readonly Post['state'][];

/** Those in which deliveries go on. */
export const approvedStates = [
  'publishing',
  'published',
  'archived',
  'failed',
] as const satisfies readonly ApprovedPost['state'][];

export const deliveryStates = [
  'waiting',
  'sending',
  'published',
  'failed',
  'uncertain',
  'dropped',
  'withdrawn',
] as const satisfies readonly Delivery['state'][];

/** A photo; its id, path and content follow from its name. */
export function photoNamed(name: string, over: Partial<Photo> = {}): Photo {
  return {
    id: `id:${name}`,
    path: `/Photos/${name}`,
    name,
    sizeBytes: 1000,
    contentHash: `hash of ${name}`,
    ...over,
  };
}

export function pictureRef(over: Partial<PictureRef> = {}): PictureRef {
  return { sha256: 'a'.repeat(64), width: 1440, height: 960, sizeBytes: 300_000, ...over };
}

export function captionOf(text: string, over: Partial<Caption> = {}): Caption {
  return { text, source: 'ai', ...over };
}

export function draftOf(over: Partial<Draft> = {}): Draft {
  return { pictures: { telegram: pictureRef() }, ownWords: { keywords: [] }, ...over };
}

export function contentOf(caption = 'Evening light'): Content {
  return { caption, picture: pictureRef() };
}

/** A delivery in each state; tried once, where something was tried. */
export function deliveryIn<S extends Delivery['state']>(
  state: S,
  over: Partial<Extract<Delivery, { readonly state: S }>> = {},
): Extract<Delivery, { readonly state: S }> {
  const tried = { content: contentOf(), round: 1, attempts: 1 };
  const all: { readonly [K in Delivery['state']]: Extract<Delivery, { readonly state: K }> } = {
    waiting: { state: 'waiting', content: contentOf(), round: 1, attempts: 0 },
    sending: { state: 'sending', ...tried, since: at },
    published: { state: 'published', ...tried, at, ref: '7', url: 'https://t.me/light/7', via: 'answer' },
    failed: { state: 'failed', ...tried, at, problem: { kind: 'rejected' } },
    uncertain: { state: 'uncertain', ...tried, since: at, problem: lostConnection },
    dropped: { state: 'dropped', ...tried, at, mayBeOut: false },
    withdrawn: { state: 'withdrawn', ...tried, at, ref: '7' },
  };
  return { ...all[state], ...over };
}

/** A post in each state, at revision 1, with one delivery where there are deliveries. */
export function postIn<S extends Post['state']>(state: S, over: Partial<PostIn<S>> = {}): PostIn<S> {
  const common = {
    id: '2026-11-22-abcdefgh',
    createdAt: at,
    photo: photoNamed('harbour.jpg'),
    isAutomatic: false,
    revision: 1,
    captions: [captionOf('Evening light')],
    cards: [{ chatId: owner, messageId: 1 }],
    draft: draftOf(),
  };
  const decided = { ...common, approval: { by: owner, at, revision: 1 } };
  const approved = (telegram: Delivery) => ({ ...decided, deliveries: { telegram } });
  const archived = {
    ...approved(deliveryIn('published')),
    archivedAt: at,
    archivedPath: '/Photos/archive/harbour.jpg',
  };
  const withdrawal = { by: owner, at };
  const all: { readonly [K in Post['state']]: PostIn<K> } = {
    drafting: { state: 'drafting', ...common },
    'awaiting-approval': { state: 'awaiting-approval', ...common },
    scheduled: {
      state: 'scheduled',
      ...decided,
      contents: { telegram: contentOf() },
      publishAt: '2026-11-22T18:00:00.000Z',
      wait: 'later',
    },
    publishing: { state: 'publishing', ...approved(deliveryIn('waiting')) },
    published: { state: 'published', ...approved(deliveryIn('published')) },
    archived: { state: 'archived', ...approved(deliveryIn('published')), archivedAt: at },
    withdrawing: { state: 'withdrawing', ...archived, withdrawal },
    withdrawn: {
      state: 'withdrawn',
      ...archived,
      ...approved(deliveryIn('withdrawn')),
      withdrawal,
      withdrawnAt: at,
      restoredPath: '/Photos/harbour.jpg',
    },
    failed: { state: 'failed', ...approved(deliveryIn('failed')) },
    skipped: { state: 'skipped', ...common, at, by: owner },
    expired: { state: 'expired', ...common, at, reason: 'gone' },
  };
  return { ...all[state], ...over };
}

/** The same value, which nobody can change any more: writing to it throws. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) frozen(each);
  }
  return value;
}
