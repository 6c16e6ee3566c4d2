import type { Caption } from './caption.ts';
import {
  type Content,
  type Delivery,
  type Followed,
  isSettled,
  lookAgainMs,
  mayBeOut,
  type Problem,
  quietMs,
} from './delivery.ts';
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

/** What can happen to one delivery of an approved post. */
export type DeliveryEvent =
  | { readonly type: 'sending'; readonly platform: string; readonly at: string }
  | {
      readonly type: 'delivered';
      readonly platform: string;
      readonly at: string;
      readonly ref?: string;
      readonly url?: string;
      readonly missed?: readonly string[];
    }
  /** Surely not sent, at least not to all; may be tried again by itself from this time on. */
  | {
      readonly type: 'postponed';
      readonly platform: string;
      readonly notBefore: string;
      readonly problem: Problem;
      /** Some have it now; absent: nobody more than before. */
      readonly partly?: Delivery['partly'];
      /** It counts as no attempt. */
      readonly isUntried?: boolean;
    }
  /** Surely not published, and trying again by itself is no use. */
  | {
      readonly type: 'delivery-failed';
      readonly platform: string;
      readonly at: string;
      readonly problem: Problem;
    }
  /** It may have been carried out: nobody knows. Only after the state was restored it was not `sending` before. */
  | {
      readonly type: 'lost-sight';
      readonly platform: string;
      readonly at: string;
      readonly problem: Problem;
      /** The platform can be looked at. */
      readonly canLook: boolean;
    }
  /** What became of the file in full size, where that is known. */
  | { readonly type: 'followed'; readonly platform: string; readonly fullSize: Followed }
  | ({ readonly type: 'looked'; readonly platform: string; readonly at: string } & Sight)
  | OwnerEvent;

/** What looking for a delivery has brought; `unclear`: only the owner can tell. */
export type Sight =
  | { readonly found: 'there'; readonly ref: string; readonly url?: string }
  | { readonly found: 'absent' | 'unclear' };

/**
 * What the owner says of one delivery, in the round that the button was from: `seen` after looking and finding
 * it, `retried` for a failed one or after looking in vain, `dropped` to leave it as it is.
 */
export interface OwnerEvent {
  readonly type: 'seen' | 'retried' | 'dropped';
  readonly platform: string;
  readonly round: number;
  readonly at: string;
}

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

/**
 * A button of an earlier round is outdated; a second send has to wait until the first one surely came to nothing, and
 * until it was looked for, which may find it.
 */
function refusalOf(delivery: Delivery, event: OwnerEvent): Refusal['refused'] | undefined {
  if (event.round !== delivery.round) return 'outdated';
  if (event.type !== 'retried' || delivery.state !== 'uncertain') return undefined;
  const isQuiet = Date.parse(event.at) - Date.parse(delivery.since) >= quietMs;
  return isQuiet && delivery.looking === undefined ? undefined : 'too-soon';
}

const mayBeLost = new Set<Delivery['state']>(['sending', 'waiting', 'failed']);

/** The delivery after the event; undefined where the event does not fit. */
function step(delivery: Delivery, event: DeliveryEvent): Delivery | undefined {
  const { content, round, attempts, partly } = delivery;
  const whole = { content, round, attempts };
  const kept = { ...whole, ...(partly && { partly }) };
  switch (event.type) {
    case 'sending':
      if (delivery.state !== 'waiting') return undefined;
      return { ...kept, state: 'sending', attempts: attempts + 1, since: event.at };
    case 'delivered': {
      if (delivery.state !== 'sending') return undefined;
      const { ref, url, missed, at } = event;
      const where = { ...(ref !== undefined && { ref }), ...(url !== undefined && { url }) };
      return {
        ...whole,
        ...where,
        ...(missed && { missed: [...missed] }),
        state: 'published',
        at,
        via: 'answer',
      };
    }
    case 'postponed': {
      if (delivery.state !== 'sending') return undefined;
      const { notBefore, problem, partly: now, isUntried = false } = event;
      const counted = isUntried ? attempts - 1 : attempts;
      return {
        ...kept,
        ...(now && { partly: now }),
        attempts: counted,
        state: 'waiting',
        notBefore,
        problem,
      };
    }
    case 'delivery-failed':
      if (delivery.state !== 'sending' && delivery.state !== 'waiting') return undefined;
      // Those that have it make it published, and it must not be said that it went nowhere.
      return partly === undefined
        ? { ...kept, state: 'failed', at: event.at, problem: event.problem }
        : { ...whole, state: 'published', at: event.at, missed: partly.missed, via: 'answer' };
    case 'lost-sight':
      if (!mayBeLost.has(delivery.state)) return undefined;
      return {
        ...kept,
        state: 'uncertain',
        since: event.at,
        problem: event.problem,
        ...(event.canLook && { looking: { at: later(event.at, quietMs), misses: 0 } }),
      };
    case 'followed':
      return delivery.state === 'published' ? { ...delivery, fullSize: event.fullSize } : undefined;
    case 'looked':
      return delivery.state === 'uncertain' ? afterLook(delivery, event) : undefined;
    case 'seen':
      if (delivery.state !== 'uncertain') return undefined;
      return { ...whole, state: 'published', at: event.at, via: 'owner' };
    case 'retried':
      if (delivery.state !== 'failed' && delivery.state !== 'uncertain') return undefined;
      return { ...kept, state: 'waiting', round: round + 1, attempts: 0 };
    case 'dropped':
      if (delivery.state !== 'failed' && delivery.state !== 'uncertain') return undefined;
      return { ...kept, state: 'dropped', at: event.at, mayBeOut: delivery.state === 'uncertain' };
  }
}

/**
 * Found, it is published. Absent twice, it is for the owner to say, as when nobody can tell: a look can be mistaken
 * (an edited text, a clock that is wrong, a gap of deleted messages), and then sending again would publish twice.
 */
function afterLook(
  delivery: Extract<Delivery, { readonly state: 'uncertain' }>,
  event: Extract<DeliveryEvent, { readonly type: 'looked' }>,
): Delivery | undefined {
  const { looking, ...asked } = delivery;
  if (looking === undefined) return undefined;
  const { content, round, attempts } = delivery;
  if (event.found === 'there') {
    const { ref, url, at } = event;
    const where = { ref, ...(url !== undefined && { url }) };
    return { content, round, attempts, state: 'published', at, ...where, via: 'look' };
  }
  const misses = looking.misses + 1;
  return event.found === 'absent' && misses < missesToBeAbsent
    ? { ...delivery, looking: { at: later(event.at, lookAgainMs), misses } }
    : asked;
}

const missesToBeAbsent = 2;

function later(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
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
