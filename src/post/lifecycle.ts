import type { Caption } from './caption.ts';
import { type DeliveryEvent, refusalOf, step } from './delivering.ts';
import { type Content, type Delivery, isSettled, mayBeOut } from './delivery.ts';
import {
  type ApprovedPost,
  type Card,
  type Draft,
  goesOutUnasked,
  isApproved,
  type LookAlike,
  type Post,
  type PostIn,
} from './post.ts';
import type { Shape } from './shape.ts';

/** Everything that can happen to a post. Times are ISO strings. */
export type PostEvent =
  | { readonly type: 'drafted'; readonly draft: Draft; readonly caption?: Caption }
  | { readonly type: 'expired'; readonly at: string; readonly reason: PostIn<'expired'>['reason'] }
  | { readonly type: 'card-shown'; readonly card: Card }
  | { readonly type: 'regenerated'; readonly revision: number }
  | { readonly type: 'edited'; readonly revision: number; readonly caption: Caption }
  /** The owner has chosen a shape for the picture on one platform. */
  | { readonly type: 'shaped'; readonly revision: number; readonly platform: string; readonly shape: Shape }
  | { readonly type: 'skipped'; readonly revision: number; readonly at: string; readonly by: number }
  | {
      readonly type: 'approved';
      readonly revision: number;
      readonly at: string;
      readonly by: number | 'automatic';
      /** By platform id; at least one. */
      readonly contents: Readonly<Record<string, Content>>;
    }
  | { readonly type: 'archived'; readonly at: string; readonly path?: string }
  /** It was to go out by itself and now waits for the owner. */
  | { readonly type: 'held' }
  | DeliveryEvent;

/** An event that does not fit the post as it is. Nothing was changed. */
export interface Refusal {
  readonly refused: 'outdated' | 'not-now' | 'too-soon';
  readonly post: Post;
}

export function isRefusal(result: object): result is Refusal {
  return 'refused' in result;
}

export interface NewPost {
  readonly id: string;
  readonly at: string;
  readonly photo: Post['photo'];
  readonly slot?: string | undefined;
  readonly isAutomatic: boolean;
  readonly perceptualHash?: string | undefined;
  readonly lookAlike?: LookAlike | undefined;
}

/** A post at its beginning. */
export function beginPost(begun: NewPost): PostIn<'drafting'> {
  const { id, at, photo, slot, isAutomatic, perceptualHash, lookAlike } = begun;
  return {
    state: 'drafting',
    id,
    createdAt: at,
    photo,
    ...(perceptualHash !== undefined && { perceptualHash }),
    ...(lookAlike !== undefined && { lookAlike }),
    ...(slot !== undefined && { slot }),
    isAutomatic,
    revision: 0,
    captions: [],
    cards: [],
  };
}

/** The post after the event, or a refusal where the event does not fit. The only way a post changes. */
export function advance(post: Post, event: PostEvent): Post | Refusal {
  switch (event.type) {
    case 'drafted':
      return post.state === 'drafting' ? afterDrafting(post, event) : refuse(post);
    case 'expired':
      return post.state === 'drafting' || post.state === 'awaiting-approval'
        ? { ...post, state: 'expired', at: event.at, reason: event.reason }
        : refuse(post);
    case 'held':
      return post.isAutomatic && (post.state === 'drafting' || post.state === 'awaiting-approval')
        ? { ...post, isAutomatic: false }
        : refuse(post);
    case 'card-shown':
      return withCard(post, event.card);
    case 'regenerated':
    case 'edited':
    case 'shaped':
    case 'skipped':
    case 'approved':
      return decide(post, event);
    case 'archived': {
      if (post.state !== 'published') return refuse(post);
      const path = event.path === undefined ? {} : { archivedPath: event.path };
      return { ...post, state: 'archived', archivedAt: event.at, ...path };
    }
    default:
      return deliver(post, event);
  }
}

type Decision = Extract<
  PostEvent,
  { readonly type: 'regenerated' | 'edited' | 'shaped' | 'skipped' | 'approved' }
>;

/** A decision counts only for the revision the owner was looking at. */
function decide(post: Post, event: Decision): Post | Refusal {
  if (post.state !== 'awaiting-approval') return refuse(post);
  if (event.revision !== post.revision) return { refused: 'outdated', post };
  switch (event.type) {
    case 'regenerated':
      return { ...post, state: 'drafting', revision: post.revision + 1 };
    case 'edited': {
      const { remark: _, ...draft } = post.draft;
      return { ...post, draft, revision: post.revision + 1, captions: [...post.captions, event.caption] };
    }
    case 'shaped':
      return shape(post, event) ?? refuse(post);
    case 'skipped':
      return { ...post, state: 'skipped', at: event.at, by: event.by };
    case 'approved':
      return event.by === 'automatic' && !goesOutUnasked(post) ? refuse(post) : approve(post, event);
  }
}

/** Undefined where there is no such picture. */
function shape(
  post: PostIn<'awaiting-approval'>,
  { platform, shape }: Extract<PostEvent, { readonly type: 'shaped' }>,
): Post | undefined {
  const picture = post.draft.shapes?.[platform]?.[shape];
  if (picture === undefined) return undefined;
  const draft = { ...post.draft, pictures: { ...post.draft.pictures, [platform]: picture } };
  return { ...post, draft, revision: post.revision + 1 };
}

function approve(
  post: PostIn<'awaiting-approval'>,
  event: Extract<PostEvent, { readonly type: 'approved' }>,
): Post | Refusal {
  const entries = Object.entries(event.contents);
  if (entries.length === 0) return refuse(post);
  const deliveries = entries.map(([platform, content]): [string, Delivery] => [
    platform,
    { state: 'waiting', content, round: 1, attempts: 0 },
  ]);
  return {
    ...post,
    state: 'publishing',
    approval: { by: event.by, at: event.at, revision: event.revision },
    deliveries: Object.fromEntries(deliveries),
  };
}

function afterDrafting(
  post: PostIn<'drafting'>,
  { draft, caption }: Extract<PostEvent, { readonly type: 'drafted' }>,
): Post | Refusal {
  const captions = caption === undefined ? post.captions : [...post.captions, caption];
  if (captions.length === 0) return refuse(post);
  return { ...post, state: 'awaiting-approval', draft, captions, revision: post.revision + 1 };
}

function withCard(post: Post, card: Card): Post {
  const others = post.cards.filter((each) => each.chatId !== card.chatId);
  return { ...post, cards: [...others, card] };
}

function deliver(post: Post, event: DeliveryEvent): Post | Refusal {
  if (!isApproved(post)) return refuse(post);
  const delivery = post.deliveries[event.platform];
  if (delivery === undefined) return refuse(post);
  if ('round' in event) {
    const refused = refusalOf(delivery, event);
    if (refused !== undefined) return { refused, post };
  }
  const next = step(delivery, event);
  if (next === undefined) return refuse(post);
  return settle(post, { ...post.deliveries, [event.platform]: next });
}

/** The state of the post follows from its deliveries; an archived post stays archived. */
function settle(post: ApprovedPost, deliveries: Readonly<Record<string, Delivery>>): Post {
  if (post.state === 'archived') return { ...post, deliveries };
  const all = Object.values(deliveries);
  if (!all.every(isSettled)) return { ...post, state: 'publishing', deliveries };
  return { ...post, state: all.some(mayBeOut) ? 'published' : 'failed', deliveries };
}

function refuse(post: Post): Refusal {
  return { refused: 'not-now', post };
}
