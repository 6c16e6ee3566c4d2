import { z } from 'zod';
import { graceMs } from './agenda.ts';
import { Caption } from './caption.ts';
import {
  Content,
  Delivery,
  type DeliveryChoice,
  dueTime,
  isSettled,
  mayBeOut,
  PictureRef,
} from './delivery.ts';
import type { FormattedText } from './formatted-text.ts';
import { OwnWords, Photo } from './photo.ts';
import { Shape } from './shape.ts';

/** Where an owner sees the draft: one message per owner. */
export const Card = z.object({
  chatId: z.number(),
  messageId: z.number(),
  /** Telegram's id of the picture on the card, and which of our pictures that is. */
  fileId: z.string().optional(),
  sha256: z.string().optional(),
  /** It was put at the end of the chat for the reminder of this time. */
  remindedAt: z.iso.datetime().optional(),
});
export type Card = Readonly<z.infer<typeof Card>>;

const time = z.iso.datetime();

/** Another picture that the photo of a post looks like. */
export const LookAlike = z.object({
  name: z.string(),
  /** When that one went out or was to, in the owner's time zone, as `2026-11-22`. */
  day: z.iso.date(),
  /** The very same picture, saved anew: not only one of the same burst. */
  isSame: z.boolean(),
});
export type LookAlike = Readonly<z.infer<typeof LookAlike>>;

const common = {
  id: z.string(),
  createdAt: time,
  photo: Photo,
  /** What the photo looks like, as `Renderer.perceptualHash` tells it; absent: that is not known. */
  perceptualHash: z.string().optional(),
  /** It came although it looks like another one: it was asked for by name, or there was no other photo. */
  lookAlike: LookAlike.optional(),
  /** The slot of the schedule this post was made for; absent: the owner asked for it. */
  slot: z.string().optional(),
  /** Goes out without being asked about (`MODE=auto` when it was begun). */
  isAutomatic: z.boolean(),
  /** Counts up with every change of what the owner is asked to approve; 0: nothing shown yet. */
  revision: z.number(),
  /** All texts so far, newest last. */
  captions: z.array(Caption),
  /** Which of them counts, by its place; absent: the newest. */
  chosenCaption: z.number().optional(),
  /** Platforms that it does not go to, by id; absent: it goes to all. */
  leftOut: z.array(z.string()).optional(),
  /** When it was last put before the owner, or they did something to it. */
  touchedAt: time.optional(),
  /** When the owner was reminded that it waits; absent: not since they last touched it. */
  remindedAt: time.optional(),
  cards: z.array(Card),
};

/** What the owner is asked about, made ready for every platform. */
export const Draft = z.object({
  /** By platform id. */
  pictures: z.record(z.string(), PictureRef),
  /** By platform id, where its owner may choose: the same picture in every shape. Absent: there is nothing to choose. */
  shapes: z.record(z.string(), z.partialRecord(Shape, PictureRef)).optional(),
  /** By platform id, where the picture follows in full size as a file. */
  fullSizes: z.record(z.string(), PictureRef).optional(),
  ownWords: OwnWords,
  /** A line for the owner about how this draft came to be; the texts are the bot's. */
  remark: z
    .enum([
      'no-ai',
      'no-words',
      'not-described',
      'ai-failed',
      'caption-kept',
      'over-budget',
      /** At the writer's service. */
      'no-credit',
      /** At the describer's service. */
      'no-credit-to-look',
      'same-again',
    ])
    .optional(),
});
export type Draft = Readonly<z.infer<typeof Draft>>;

/**
 * Who has decided: an owner, as their Telegram user id; the schedule, which goes on without asking (`automatic`); or
 * nobody, as a draft that was not answered in time is decided by the owner's setting (`unanswered`).
 */
const By = z.union([z.number(), z.literal('automatic'), z.literal('unanswered')]);
export type By = z.infer<typeof By>;

const decided = {
  ...common,
  draft: Draft,
  approval: z.object({ by: By, at: time, revision: z.number() }),
};

const approved = {
  ...decided,
  /** When it was to go out, where that was later than it was decided; absent: at once. */
  publishAt: time.optional(),
  /** By platform id. */
  deliveries: z.record(z.string(), Delivery),
};

const archived = {
  ...approved,
  archivedAt: time,
  /** Where the photo is now; absent when it was no longer in the library. */
  archivedPath: z.string().optional(),
};

const withdrawal = { withdrawal: z.object({ by: z.number(), at: time }) };

/**
 * Why an approved post has not gone out yet: for a few seconds it can be taken back (`undo`), the owner has put it off
 * (`later`), or it goes out unless somebody stops it (`veto`).
 */
export const Wait = z.enum(['undo', 'later', 'veto']);
export type Wait = z.infer<typeof Wait>;

export const Post = z.discriminatedUnion('state', [
  /** Being described and captioned. With captions: a new one is being written, `draft` is the old one. */
  z.object({
    state: z.literal('drafting'),
    ...common,
    draft: Draft.optional(),
    /** What the owner wants of the new text, in their own words; absent: only another one. */
    direction: z.string().optional(),
  }),
  z.object({ state: z.literal('awaiting-approval'), ...common, draft: Draft }),
  /** Approved, and what goes out is frozen; but not before its time. */
  z.object({
    state: z.literal('scheduled'),
    ...decided,
    /** By platform id. */
    contents: z.record(z.string(), Content),
    publishAt: time,
    wait: Wait,
    /** It leaves then if that is later: Darkroom did not run, and owners are heard first. */
    notBefore: time.optional(),
  }),
  z.object({ state: z.literal('publishing'), ...approved }),
  /** Every delivery is settled and at least one is published; the photo is still in the folder. */
  z.object({ state: z.literal('published'), ...approved }),
  z.object({ state: z.literal('archived'), ...archived }),
  /** The owner wants it taken down again: one place after the other loses it. */
  z.object({ state: z.literal('withdrawing'), ...archived, ...withdrawal }),
  /** Taken down wherever that was possible, and the photo is back. */
  z.object({
    state: z.literal('withdrawn'),
    ...archived,
    ...withdrawal,
    withdrawnAt: time,
    /** Where the photo is again; absent when it was nowhere to be found. */
    restoredPath: z.string().optional(),
  }),
  /** Every delivery is settled, none is published. */
  z.object({ state: z.literal('failed'), ...approved }),
  z.object({
    state: z.literal('skipped'),
    ...common,
    draft: Draft,
    at: time,
    by: By,
    /** The photo does not come again by itself. */
    isForever: z.literal(true).optional(),
  }),
  /** Given up before it was decided: its photo cannot be used. */
  z.object({
    state: z.literal('expired'),
    ...common,
    draft: Draft.optional(),
    at: time,
    /**
     * Edited, moved, deleted: found out when it was about to go out. Put-back: after an older state was put in place,
     * nobody knows whether it went out.
     */
    reason: z.enum(['unreadable', 'gone', 'edited', 'moved', 'deleted', 'put-back']),
  }),
]);
export type Post = Readonly<z.infer<typeof Post>>;

export type PostIn<S extends Post['state']> = Extract<Post, { readonly state: S }>;
/** A post that was approved, with its deliveries. */
export type ApprovedPost = PostIn<
  'publishing' | 'published' | 'archived' | 'failed' | 'withdrawing' | 'withdrawn'
>;

export function isApproved(post: Post): post is ApprovedPost {
  return 'deliveries' in post;
}

/** What an owner has decided last, which ended it for the others. */
export interface DecidedBy {
  readonly by: number;
  readonly did: 'approved' | 'published' | 'skipped' | 'withdrawn';
}

/** Undefined: no owner has decided yet, or it was nobody. */
export function decidedBy(post: Post): DecidedBy | undefined {
  if (post.state === 'withdrawing' || post.state === 'withdrawn') {
    return { by: post.withdrawal.by, did: 'withdrawn' };
  }
  if (post.state === 'skipped') return byOwner(post.by, 'skipped');
  if (!('approval' in post)) return undefined;
  const isOut = post.state === 'published' || post.state === 'archived';
  return byOwner(post.approval.by, isOut ? 'published' : 'approved');
}

function byOwner(by: By, did: DecidedBy['did']): DecidedBy | undefined {
  return typeof by === 'number' ? { by, did } : undefined;
}

/** Whether the photo was seen in public, or may have been. */
export function wentOut(post: Post): boolean {
  if (!isApproved(post)) return false;
  return Object.values(post.deliveries).some((each) => mayBeOut(each) || each.state === 'withdrawn');
}

/** Whether it can be asked that the post is taken down: all is settled, and somewhere that is worth a try. */
export function canBeTakenDown(post: Post): boolean {
  if (post.state !== 'archived') return false;
  const all = Object.values(post.deliveries);
  return all.every(isSettled) && all.some(isWorthTakingDown);
}

/** What nothing can take back is not asked for again; what failed for a reason is. */
function isWorthTakingDown(delivery: Delivery): boolean {
  if (delivery.state !== 'published') return false;
  return delivery.kept === undefined || delivery.kept.problem !== undefined;
}

/** The post on its way to one platform; undefined: it was not approved, or not for this one. */
export function deliveryOf(post: Post | undefined, platform: string): Delivery | undefined {
  return post !== undefined && isApproved(post) ? post.deliveries[platform] : undefined;
}

/** The place of the caption that counts, among all of them; -1: there is none yet. */
export function captionIndex({ captions, chosenCaption }: Post): number {
  return chosenCaption ?? captions.length - 1;
}

/** The text that counts now, with its formatting; empty while the first one is being written. */
export function currentText(post: Post): FormattedText {
  const { text = '', entities } = post.captions[captionIndex(post)] ?? {};
  return { text, ...(entities && { entities }) };
}

/** The same without its formatting. */
export function currentCaption(post: Post): string {
  return currentText(post).text;
}

/** Whether the text that counts held what the AI was perhaps tricked into. */
export function isSuspicious(post: Post): boolean {
  return post.captions[captionIndex(post)]?.isSuspicious === true;
}

/**
 * What is said of the picture to those who cannot see it: that of the text that counts, else the newest before it. Empty:
 * the owner wants none.
 */
export function currentAltText(post: Post): string | undefined {
  const upToNow = post.captions.slice(0, captionIndex(post) + 1);
  return upToNow.findLast(({ altText }) => altText !== undefined)?.altText || undefined;
}

/**
 * Whether the post goes out without being asked about: only with its first text, and not with one that the AI was
 * perhaps tricked into.
 */
export function goesOutUnasked(post: Post): boolean {
  if (!post.isAutomatic || isSuspicious(post)) return false;
  return (
    (post.state === 'drafting' && post.revision === 0) ||
    (post.state === 'awaiting-approval' && post.revision === 1)
  );
}

/**
 * When the post is to be taken up again by itself: it goes out then, or a delivery that waits for its time, or is to be
 * looked for or taken down, is due. Undefined: nothing is.
 */
export function nextAttempt(post: Post, now: Date): Date | undefined {
  if (post.state === 'scheduled') return leavesAt(post);
  if (post.state === 'withdrawing') return nextTakingDown(post, now);
  if (!isApproved(post)) return undefined;
  const times = Object.values(post.deliveries).flatMap((delivery) => {
    const due = dueTime(delivery);
    return due === undefined ? [] : [Date.parse(due)];
  });
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/** When a scheduled post leaves. */
export function leavesAt({ publishAt, notBefore = publishAt }: PostIn<'scheduled'>): Date {
  return new Date(Math.max(Date.parse(publishAt), Date.parse(notBefore)));
}

/** What goes out unless it is stopped is this punctual, or nobody could have stopped it at its time. */
const vetoGraceMs = 5 * 60_000;

/** Whether the time of a scheduled post has passed so long ago that it is not what its owner wanted any more. */
export function hasMissedItsTime({ wait, publishAt }: PostIn<'scheduled'>, now: Date): boolean {
  return now.getTime() - Date.parse(publishAt) > (wait === 'veto' ? vetoGraceMs : graceMs);
}

/** The longer it is tried, the longer the pause: as long as it was tried already, within a minute and an hour. */
function nextTakingDown({ withdrawal }: PostIn<'withdrawing'>, now: Date): Date {
  const triedMs = now.getTime() - Date.parse(withdrawal.at);
  return new Date(now.getTime() + Math.min(Math.max(triedMs, 60_000), 3_600_000));
}

/** How long a failed delivery can be tried again before the post goes to the history. */
const keepFailedMs = 7 * 24 * 60 * 60 * 1000;

/** Whether the post needs nobody any more and can go to the history. */
export function isFinished(post: Post, now: Date): boolean {
  if (post.state === 'skipped' || post.state === 'expired' || post.state === 'withdrawn') return true;
  if (post.state !== 'archived' && post.state !== 'failed') return false;
  const states = Object.values(post.deliveries).map((delivery) => delivery.state);
  if (states.some((state) => state === 'waiting' || state === 'sending' || state === 'uncertain'))
    return false;
  const isOld = now.getTime() - new Date(post.approval.at).getTime() > keepFailedMs;
  return isOld || !states.includes('failed');
}

/** The failed deliveries that can be tried again. */
export function triableIn(posts: readonly Post[], now: Date): readonly DeliveryChoice[] {
  return posts.flatMap((post) => {
    if (!isApproved(post) || post.state === 'withdrawing' || isFinished(post, now)) return [];
    return Object.entries(post.deliveries)
      .filter(([, { state }]) => state === 'failed')
      .map(([platform, { round }]) => ({ id: post.id, platform, round }));
  });
}

/** The hashes of all pictures that are kept for a post. */
export function picturesOf({ draft }: Post | { readonly draft: Draft | undefined }): readonly string[] {
  if (draft === undefined) return [];
  const { pictures, shapes = {}, fullSizes = {} } = draft;
  const all = [pictures, ...Object.values(shapes), fullSizes].flatMap((each) => Object.values(each));
  return [...new Set(all.map(({ sha256 }) => sha256))];
}
