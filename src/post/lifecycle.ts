import type { Caption } from './caption.ts';
import { type DeliveryEvent, refusalOf, step } from './delivering.ts';
import { type Content, type Delivery, isSettled, mayBeOut, type PictureRef } from './delivery.ts';
import {
  type ApprovedPost,
  type By,
  type Card,
  canBeTakenDown,
  captionIndex,
  currentAltText,
  type Draft,
  goesOutUnasked,
  isApproved,
  isSuspicious,
  type LookAlike,
  type Post,
  type PostIn,
  type Wait,
} from './post.ts';
import type { Shape } from './shape.ts';

/** Everything that can happen to a post. Times are ISO strings. */
export type PostEvent =
  | {
      readonly type: 'drafted';
      readonly at: string;
      readonly draft: Draft;
      readonly caption?: Caption;
    }
  | { readonly type: 'expired'; readonly at: string; readonly reason: PostIn<'expired'>['reason'] }
  | { readonly type: 'card-shown'; readonly card: Card }
  | { readonly type: 'reminded'; readonly at: string }
  | Decision
  /** The time of a scheduled post has come. */
  | { readonly type: 'released'; readonly at: string }
  /** A scheduled post does not leave before that: owners are to be heard first. */
  | { readonly type: 'put-off'; readonly until: string }
  | { readonly type: 'archived'; readonly at: string; readonly path?: string }
  /** It was to go out by itself and now waits for the owner. */
  | { readonly type: 'held'; readonly at: string }
  /** An archived post is to be taken down again. */
  | { readonly type: 'withdrawal-asked'; readonly at: string; readonly by: number }
  /** What could be taken down is, and the photo is back at `path`, if it was found. */
  | { readonly type: 'withdrawn'; readonly at: string; readonly path?: string }
  | DeliveryEvent;

/** What is decided of a draft or a scheduled post, in the revision that somebody looks at. */
export type Decision = { readonly revision: number; readonly at: string } & Choice;

/** The choices alone. */
export type Choice =
  | {
      readonly type: 'regenerated';
      /** What is wanted of the new text; absent: only another one. */
      readonly direction?: string;
    }
  | { readonly type: 'edited'; readonly caption: Caption }
  /** One of the texts so far is to count again, by its place. */
  | { readonly type: 'caption-chosen'; readonly index: number }
  /** Of the text that counts now; empty: none. */
  | { readonly type: 'alt-text-edited'; readonly altText: string }
  /** The owner has chosen a shape for the picture on one platform. */
  | { readonly type: 'shaped'; readonly platform: string; readonly shape: Shape }
  /** Whether it goes to a platform. */
  | { readonly type: 'place-chosen'; readonly platform: string; readonly isOn: boolean }
  /** With a picture, it follows in full size as a file there; without, none does. */
  | { readonly type: 'full-size-chosen'; readonly platform: string; readonly picture?: PictureRef }
  | { readonly type: 'skipped'; readonly by: By; readonly isForever?: boolean }
  | ({ readonly type: 'approved' } & Approval)
  /** The same, but it goes out at its time. */
  | ({ readonly type: 'scheduled'; readonly publishAt: string; readonly wait: Wait } & Approval)
  /** A scheduled post goes out at another time. */
  | { readonly type: 'rescheduled'; readonly publishAt: string; readonly by: number }
  /** A scheduled post is a draft again; by nobody: its time has passed while Darkroom did not run. */
  | { readonly type: 'unscheduled'; readonly by?: number };

interface Approval {
  readonly by: By;
  /** By platform id; at least one. */
  readonly contents: Readonly<Record<string, Content>>;
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
  /** Platforms that it does not go to unless the owner says so, by id. */
  readonly leftOut?: readonly string[];
}

/** A post at its beginning. */
export function beginPost(begun: NewPost): PostIn<'drafting'> {
  const { id, at, photo, slot, isAutomatic, perceptualHash, lookAlike, leftOut = [] } = begun;
  return {
    state: 'drafting',
    id,
    createdAt: at,
    photo,
    ...(perceptualHash !== undefined && { perceptualHash }),
    ...(lookAlike !== undefined && { lookAlike }),
    ...(leftOut.length > 0 && { leftOut: [...leftOut] }),
    ...(slot !== undefined && { slot }),
    isAutomatic,
    revision: 0,
    captions: [],
    cards: [],
  };
}

/** The post after the event, or a refusal where the event does not fit. The only way a post changes. */
export function advance(post: Post, event: PostEvent): Post | Refusal {
  if ('revision' in event) return decide(post, event);
  switch (event.type) {
    case 'drafted':
      return post.state === 'drafting' ? afterDrafting(post, event) : refuse(post);
    case 'expired':
      return expire(post, event);
    case 'held':
      return hold(post, event.at);
    case 'card-shown':
      return withCard(post, event.card);
    case 'reminded':
      return post.state === 'awaiting-approval' ? { ...post, remindedAt: event.at } : refuse(post);
    case 'released':
      return post.state === 'scheduled' ? release(post) : refuse(post);
    case 'put-off':
      return post.state === 'scheduled' ? putOff(post, event.until) : refuse(post);
    case 'archived': {
      if (post.state !== 'published') return refuse(post);
      const path = event.path === undefined ? {} : { archivedPath: event.path };
      return { ...post, state: 'archived', archivedAt: event.at, ...path };
    }
    case 'withdrawal-asked':
      return askWithdrawal(post, event);
    case 'withdrawn':
      return endWithdrawal(post, event);
    default:
      return deliver(post, event);
  }
}

/** A decision counts only for the revision the owner was looking at. */
function decide(post: Post, event: Decision): Post | Refusal {
  const isScheduled = event.type === 'rescheduled' || event.type === 'unscheduled';
  if (post.state !== (isScheduled ? 'scheduled' : 'awaiting-approval')) return refuse(post);
  if (event.revision !== post.revision) return { refused: 'outdated', post };
  const { remindedAt: _, ...known } = post;
  const touched = { ...known, touchedAt: event.at } as PostIn<'awaiting-approval' | 'scheduled'>;
  const next = touched.state === 'scheduled' ? replan(touched, event) : decideDraft(touched, event);
  return next ?? refuse(post);
}

/** Undefined where it does not fit. */
function decideDraft(post: PostIn<'awaiting-approval'>, event: Decision): Post | undefined {
  const next = { ...post, revision: post.revision + 1 };
  switch (event.type) {
    case 'regenerated': {
      const { direction } = event;
      return { ...next, state: 'drafting', ...(direction !== undefined && { direction }) };
    }
    case 'edited': {
      const { remark: _, ...draft } = post.draft;
      // Behind an older text there are those that do not count, and their alt texts.
      const isOlder = captionIndex(post) < post.captions.length - 1;
      const kept = isOlder ? { altText: currentAltText(post) ?? '' } : {};
      return { ...withNewest(next, { ...kept, ...event.caption }), draft };
    }
    case 'caption-chosen': {
      if (event.index === captionIndex(post) || post.captions[event.index] === undefined) return undefined;
      // It told of the text that counted before.
      const { remark: _, ...draft } = post.draft;
      return { ...next, chosenCaption: event.index, draft };
    }
    case 'alt-text-edited': {
      const index = captionIndex(post);
      const caption = post.captions[index];
      if (caption === undefined) return undefined;
      return { ...next, captions: post.captions.with(index, { ...caption, altText: event.altText }) };
    }
    case 'shaped': {
      const picture = post.draft.shapes?.[event.platform]?.[event.shape];
      if (picture === undefined) return undefined;
      const pictures = { ...post.draft.pictures, [event.platform]: picture };
      return { ...next, draft: { ...post.draft, pictures } };
    }
    case 'place-chosen': {
      const others = (post.leftOut ?? []).filter((id) => id !== event.platform);
      return { ...next, leftOut: event.isOn ? others : [...others, event.platform] };
    }
    case 'full-size-chosen': {
      const { [event.platform]: _, ...others } = post.draft.fullSizes ?? {};
      const fullSizes = event.picture === undefined ? others : { ...others, [event.platform]: event.picture };
      return { ...next, draft: { ...post.draft, fullSizes } };
    }
    case 'skipped': {
      const { at, by, isForever } = event;
      return { ...post, state: 'skipped', at, by, ...(isForever && { isForever }) };
    }
    case 'approved':
      return mayDecide(post, event.by) ? approve(post, event) : undefined;
    case 'scheduled': {
      const { at, by, contents, publishAt, wait } = event;
      if (!mayDecide(post, by) || Object.keys(contents).length === 0) return undefined;
      const approval = { by, at, revision: post.revision };
      return { ...post, state: 'scheduled', approval, contents, publishAt, wait };
    }
    default:
      return undefined;
  }
}

/** What nobody has looked at goes out only with its first text, and never with a suspicious one. */
function mayDecide(post: PostIn<'awaiting-approval'>, by: By): boolean {
  if (by === 'automatic') return goesOutUnasked(post);
  return by !== 'unanswered' || !isSuspicious(post);
}

function replan(post: PostIn<'scheduled'>, event: Decision): Post | undefined {
  switch (event.type) {
    case 'rescheduled': {
      const { at, by, publishAt } = event;
      const { notBefore: _, ...heard } = post;
      return { ...heard, publishAt, wait: 'later', approval: { ...post.approval, by, at } };
    }
    case 'unscheduled':
      return draftAgain(post);
    default:
      return undefined;
  }
}

/** Buttons of the scheduled card decide nothing any more, and nothing goes out by itself. */
function draftAgain(post: PostIn<'scheduled'>): PostIn<'awaiting-approval'> {
  const { approval: _, contents: __, publishAt: ___, wait: ____, notBefore: _____, ...draft } = post;
  return { ...draft, state: 'awaiting-approval', isAutomatic: false, revision: post.revision + 1 };
}

/** Only what is due is put off, so that a later time of its own is that of a clock that was wrong. */
function putOff(post: PostIn<'scheduled'>, until: string): Post {
  return { ...post, notBefore: until, publishAt: post.publishAt < until ? post.publishAt : until };
}

function release(post: PostIn<'scheduled'>): Post | Refusal {
  const { contents, publishAt, wait, notBefore: _, ...approved } = post;
  const promised = wait === 'undo' ? {} : { publishAt };
  return { ...approved, ...promised, state: 'publishing', deliveries: begun(contents) };
}

function approve(
  post: PostIn<'awaiting-approval'>,
  { by, at, contents }: Extract<Decision, { readonly type: 'approved' }>,
): Post | undefined {
  if (Object.keys(contents).length === 0) return undefined;
  const approval = { by, at, revision: post.revision };
  return { ...post, state: 'publishing', approval, deliveries: begun(contents) };
}

function begun(contents: Readonly<Record<string, Content>>): Record<string, Delivery> {
  const deliveries = Object.entries(contents).map(([platform, content]): [string, Delivery] => [
    platform,
    { state: 'waiting', content, round: 1, attempts: 0 },
  ]);
  return Object.fromEntries(deliveries);
}

function expire(
  post: Post,
  { at, reason }: Extract<PostEvent, { readonly type: 'expired' }>,
): Post | Refusal {
  switch (post.state) {
    case 'drafting':
    case 'awaiting-approval':
      return { ...post, state: 'expired', at, reason };
    case 'scheduled':
      return { ...draftAgain(post), state: 'expired', at, reason };
    default:
      return refuse(post);
  }
}

function hold(post: Post, at: string): Post | Refusal {
  if (post.state === 'scheduled') {
    if (post.approval.by === 'automatic') return { ...draftAgain(post), touchedAt: at };
    // It goes out as its owner said, but the photo that takes its place, should it be gone, is not to go by itself.
    return post.isAutomatic ? { ...post, isAutomatic: false } : refuse(post);
  }
  const isDraft = post.state === 'drafting' || post.state === 'awaiting-approval';
  return post.isAutomatic && isDraft ? { ...post, isAutomatic: false, touchedAt: at } : refuse(post);
}

function afterDrafting(
  post: PostIn<'drafting'>,
  { at, draft, caption }: Extract<PostEvent, { readonly type: 'drafted' }>,
): Post | Refusal {
  const { direction: _, ...before } = post;
  const next = caption === undefined ? before : withNewest(before, caption);
  if (next.captions.length === 0) return refuse(post);
  return { ...next, state: 'awaiting-approval', draft, revision: post.revision + 1, touchedAt: at };
}

/** A new text is the one that counts. */
function withNewest<P extends Pick<Post, 'captions' | 'chosenCaption'>>(post: P, caption: Caption) {
  const { chosenCaption: _, ...others } = post;
  return { ...others, captions: [...post.captions, caption] };
}

/** What is still to be settled is settled first. */
function askWithdrawal(
  post: Post,
  { at, by }: Extract<PostEvent, { readonly type: 'withdrawal-asked' }>,
): Post | Refusal {
  if (post.state !== 'archived' || !canBeTakenDown(post)) return refuse(post);
  const deliveries = Object.entries(post.deliveries).map(([platform, delivery]): [string, Delivery] => [
    platform,
    withAnotherTry(delivery),
  ]);
  return {
    ...post,
    state: 'withdrawing',
    deliveries: Object.fromEntries(deliveries),
    withdrawal: { by, at },
  };
}

/** What could not be taken down before. */
function withAnotherTry(delivery: Delivery): Delivery {
  if (delivery.state !== 'published' || delivery.kept?.problem === undefined) return delivery;
  const { kept: _, ...published } = delivery;
  return published;
}

/** Where nothing could be taken down, the post stays what it was, and its photo where it is. */
function endWithdrawal(
  post: Post,
  { at, path }: Extract<PostEvent, { readonly type: 'withdrawn' }>,
): Post | Refusal {
  if (post.state !== 'withdrawing') return refuse(post);
  const all = Object.values(post.deliveries);
  if (all.some((each) => each.state === 'published' && each.kept === undefined)) return refuse(post);
  if (all.some(({ state }) => state === 'withdrawn')) {
    const restored = path === undefined ? {} : { restoredPath: path };
    return { ...post, state: 'withdrawn', withdrawnAt: at, ...restored };
  }
  const { withdrawal: _, ...archived } = post;
  return { ...archived, state: 'archived' };
}

function withCard(post: Post, card: Card): Post {
  const others = post.cards.filter((each) => each.chatId !== card.chatId);
  return { ...post, cards: [...others, card] };
}

function deliver(post: Post, event: DeliveryEvent): Post | Refusal {
  if (!isApproved(post) || post.state === 'withdrawn') return refuse(post);
  const isWithdrawal = event.type === 'taken-down' || event.type === 'kept';
  if (isWithdrawal !== (post.state === 'withdrawing')) return refuse(post);
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

/** The state of the post follows from its deliveries; once it is archived it no longer does. */
function settle(post: ApprovedPost, deliveries: Readonly<Record<string, Delivery>>): Post {
  if ('archivedAt' in post) return { ...post, deliveries };
  const all = Object.values(deliveries);
  if (!all.every(isSettled)) return { ...post, state: 'publishing', deliveries };
  return { ...post, state: all.some(mayBeOut) ? 'published' : 'failed', deliveries };
}

function refuse(post: Post): Refusal {
  return { refused: 'not-now', post };
}
