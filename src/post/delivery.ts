import { z } from 'zod';
import { Entity } from './formatted-text.ts';
import { Shape } from './shape.ts';

/** Why something did not work, in kinds that the owner's texts can explain. */
export const Problem = z.object({
  kind: z.enum([
    /** The password, token or session is not accepted. */
    'signed-out',
    /** The service wants to see a person: a check, a code, a new app version. */
    'check-point',
    /** The service has paused this account for what it takes for spam. */
    'held-back',
    /** Signed in, but not allowed to do this there. */
    'no-permission',
    /** What was paid in advance there is used up. */
    'no-credit',
    /** The channel, folder or address is not there. */
    'not-found',
    /** The platform is no longer among the settings. */
    'not-set-up',
    'rate-limited',
    /** No connection, or none that lasted. */
    'unreachable',
    /** No encryption, or nobody can tell whether this is the service; nothing was told to it. */
    'unsafe',
    'timeout',
    /** The service answered with a fault of its own. */
    'out-of-order',
    /** The service looked at this post and said no. */
    'rejected',
    /** Something that we did not expect; the log has it. */
    'unexpected',
  ]),
  /** The service's own words, short and without secrets. */
  detail: z.string().optional(),
  /** It is over once the owner hands over a code: what shows it to them, and the end of the phone's number. */
  code: z.object({ from: z.enum(['message', 'app']), phone: z.string().optional() }).optional(),
});
export type Problem = Readonly<z.infer<typeof Problem>>;

/** A picture kept for sending, named by the hash of its bytes; size and format are read from its own header. */
export const PictureRef = z.object({
  sha256: z.string(),
  width: z.number(),
  height: z.number(),
  sizeBytes: z.number(),
  /** Absent: jpeg. */
  format: z.string().optional(),
  /** How it got a shape that the platform takes; absent: it had one. */
  shape: Shape.optional(),
  /** The size of the picture that it was made of; absent: not known. */
  from: z.object({ width: z.number(), height: z.number() }).optional(),
});
export type PictureRef = Readonly<z.infer<typeof PictureRef>>;

/** What exactly goes out to one platform; frozen when the owner approves and never changed after. */
export const Content = z.object({
  caption: z.string(),
  /** The formatting of the caption, where the platform shows it. */
  entities: z.array(Entity).readonly().optional(),
  picture: PictureRef,
  /** What the picture shows, for platforms that can say it to those who cannot see it. */
  altText: z.string().optional(),
  /** The picture in full size, which is sent as a file once the post is out; absent: it is not. */
  fullSize: PictureRef.optional(),
});
export type Content = Readonly<z.infer<typeof Content>>;

/** What became of a file in full size. */
const Followed = z.enum(['sent', 'not-sent']);
export type Followed = z.infer<typeof Followed>;

const content = {
  content: Content,
  /** Counts up each time the owner has it tried again, so that a button of an earlier round decides nothing. */
  round: z.number(),
  /** Attempts in this round. */
  attempts: z.number(),
  /** Who has it already, where it went to several and some are still to get it, or to be given up. */
  partly: z.object({ reached: z.array(z.string()), missed: z.array(z.string()) }).optional(),
};
const time = z.iso.datetime();

/** One post on its way to one platform. */
export const Delivery = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('waiting'),
    ...content,
    /** Not before this time: the platform asked for a wait, or did not answer. */
    notBefore: time.optional(),
    problem: Problem.optional(),
  }),
  z.object({ state: z.literal('sending'), ...content, since: time }),
  z.object({
    state: z.literal('published'),
    ...content,
    at: time,
    /** The platform's own id of what was published; absent where only the owner saw it there. */
    ref: z.string().optional(),
    url: z.string().optional(),
    /** Recipients that did not get it, where only some did. */
    missed: z.array(z.string()).optional(),
    /** What became of the file in full size, where there is one; absent: nobody knows, and it is not sent again. */
    fullSize: Followed.optional(),
    /** Who said so: the platform's answer, a look at the platform afterwards, or the owner. */
    via: z.enum(['answer', 'look', 'owner']),
    /** It was to be taken down and is still there: why, or without a problem where nothing can take it back. */
    kept: z.object({ at: time, problem: Problem.optional() }).optional(),
  }),
  /** It was published and then taken down. */
  z.object({
    state: z.literal('withdrawn'),
    ...content,
    at: time,
    ref: z.string().optional(),
    /** What had become of the file in full size; absent: nobody knows, so that it may still be there. */
    fullSize: Followed.optional(),
  }),
  z.object({ state: z.literal('failed'), ...content, at: time, problem: Problem }),
  z.object({
    state: z.literal('uncertain'),
    ...content,
    since: time,
    problem: Problem,
    /** When it is looked for next, and how often it was not there; absent: only the owner can tell. */
    looking: z.object({ at: time, misses: z.number() }).optional(),
  }),
  z.object({
    state: z.literal('dropped'),
    ...content,
    at: time,
    /** It was left while nobody knew whether it is out there. */
    mayBeOut: z.boolean(),
  }),
]);
export type Delivery = Readonly<z.infer<typeof Delivery>>;

/** Whether the post was seen on this platform, or may have been. */
export function mayBeOut(delivery: Delivery): boolean {
  return delivery.state === 'published' || (delivery.state === 'dropped' && delivery.mayBeOut);
}

/**
 * What a delivery claims of its platform, so that nothing is taken for two posts: its place there, or its words where
 * only the owner knows the place.
 */
export function claimOf(platform: string, delivery: Delivery): string {
  const ref = 'ref' in delivery ? delivery.ref : undefined;
  return ref === undefined ? claimByWords(platform, delivery) : claimByPlace(platform, ref);
}

export function claimByPlace(platform: string, ref: string): string {
  return `${platform} has ${ref}`;
}

export function claimByWords(platform: string, { content }: Pick<Delivery, 'content'>): string {
  return `${platform} says ${content.caption}`;
}

/** A request can still be carried out this long after its connection was lost (RELIABILITY, R6). */
export const quietMs = 120_000;

/** No delivery waits longer for its next attempt, whatever a platform asks for. */
export const longestWaitMs = 24 * 60 * 60 * 1000;

/** Waits that no platform asked for are ten minutes at most. A longer one is that of a clock that was wrong. */
const longestOwnWaitMs = 15 * 60 * 1000;

/** Absent once can be a platform that is slow to show, so it is looked for once more. */
export const lookAgainMs = 90_000;

/** The time at which something is to be done for a delivery by itself: another attempt, or a look. */
export function dueTime(delivery: Delivery): string | undefined {
  if (delivery.state === 'waiting') return delivery.notBefore;
  return delivery.state === 'uncertain' ? delivery.looking?.at : undefined;
}

/** Whether a delivery has to wait for its time. */
export function isTooEarly(delivery: Delivery, now: Date): boolean {
  const due = dueTime(delivery);
  if (due === undefined) return false;
  const waitMs = Date.parse(due) - now.getTime();
  return waitMs > 0 && waitMs <= longestWaitOf(delivery);
}

function longestWaitOf(delivery: Delivery): number {
  if (delivery.state === 'uncertain') return quietMs;
  const isAskedFor = delivery.state === 'waiting' && delivery.problem?.kind === 'rate-limited';
  return isAskedFor ? longestWaitMs : longestOwnWaitMs;
}

/** A button on one delivery: which post, which platform, and the round that the button is from. */
export interface DeliveryChoice {
  readonly id: string;
  readonly platform: string;
  readonly round: number;
}

/** A delivery that nothing more happens to by itself. */
export function isSettled(delivery: Delivery): boolean {
  return settled.has(delivery.state);
}

const settled: ReadonlySet<Delivery['state']> = new Set(['published', 'failed', 'dropped', 'withdrawn']);
