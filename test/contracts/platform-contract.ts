import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Outcome, Publication, Publisher, Withdrawal } from '#ports/platform.ts';
import type { Fault, Faults, ServiceName } from '#simulator/faults.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { shortenLimits } from '../fakes/short-limits.ts';

/** Something that the world can see now. */
export interface Published {
  readonly text: string;
  /** Whether exactly these bytes were handed over with it. */
  carries(picture: Buffer): boolean;
}

export interface OpenPlatform {
  readonly publisher: Publisher;
  readonly faults: Faults;
  /** What is out there, oldest first. */
  published(): Promise<readonly Published[]>;
  /** From now on the service says no to everything, for good. */
  refuse(): void;
}

export interface PlatformCase {
  readonly name: string;
  readonly service: ServiceName;
  /** The call that makes a post appear. */
  readonly work: string;
  /** The calls before it; a first attempt makes all of them. */
  readonly before: readonly string[];
  /** Milliseconds between two bytes at which an answer outlasts the limits of `shortenLimits(100)`. */
  readonly trickleMs: number;
  /** The call that takes a post down; absent: the platform has none. */
  readonly takeDown?: string;
  open(): Promise<OpenPlatform>;
}

type Kind = Outcome['outcome'];

interface Expected {
  readonly outcomes: readonly Kind[];
  readonly posts: number;
}

/** Two minutes, the longest that an attempt may take, a hundred times shorter; and time for a busy machine. */
const limitMs = 1_200 + 500;

const caption = 'Dusk over the harbour.\n\nA “quiet” hour & <nobody> there 👨‍👩‍👧\n\n#light #harbour';

export async function publicationOf(changes: Partial<Publication> = {}): Promise<Publication> {
  const picture = await plainJpeg();
  return { postId: '2026-11-22-abc', caption, picture, width: 640, height: 480, round: 1, ...changes };
}

const faultsAtWork: readonly (readonly [string, Fault, Expected])[] = [
  [
    'the connection is dropped before the work',
    { kind: 'drop', afterWork: false },
    { outcomes: ['not-sent', 'uncertain'], posts: 0 },
  ],
  [
    'the connection is dropped after the work',
    { kind: 'drop', afterWork: true },
    { outcomes: ['uncertain'], posts: 1 },
  ],
  [
    'the service asks to wait',
    { kind: 'rate-limit', retryAfterSeconds: 7 },
    { outcomes: ['not-sent', 'failed'], posts: 0 },
  ],
  ['the answer is late', { kind: 'slow', ms: 100 }, { outcomes: ['published'], posts: 1 }],
];

/** What becomes of a taken down post, and how many are left then. */
const faultsAtTakeDown: readonly (readonly [string, Fault, Withdrawal['withdrawal'], number])[] = [
  ['the connection is dropped before the work', { kind: 'drop', afterWork: false }, 'unknown', 1],
  ['the connection is dropped after the work', { kind: 'drop', afterWork: true }, 'unknown', 0],
  ['the service asks to wait', { kind: 'rate-limit', retryAfterSeconds: 7 }, 'refused', 1],
  ['the service says no', { kind: 'error', status: 400 }, 'refused', 1],
  ['the service is out of order', { kind: 'error', status: 502 }, 'unknown', 1],
  [
    'the service is out of order after the work',
    { kind: 'error', status: 502, afterWork: true },
    'unknown',
    0,
  ],
  ['the answer is late', { kind: 'slow', ms: 100 }, 'withdrawn', 0],
];

/** What every platform promises (`Publisher`), whatever happens on the way. */
export function platformContract(platform: PlatformCase): void {
  const { name, service, work, before, trickleMs, takeDown } = platform;

  async function attempt(fault?: Fault, operation = work) {
    const open = await platform.open();
    if (fault !== undefined) open.faults.add({ service, operation, fault });
    const publication = await publicationOf();
    const publishing = open.publisher.publish(publication);
    // Elsewhere nothing was made shorter, and a busy machine is no fault.
    const outcome = await (fault?.kind === 'hang' ? inTime(publishing) : publishing);
    return { open, publication, outcome, posts: await open.published() };
  }

  function expectOutcome(outcome: Outcome, posts: readonly Published[], expected: Expected): void {
    expect(expected.outcomes).toContain(outcome.outcome);
    expect(posts).toHaveLength(expected.posts);
  }

  describe(`${name} as a platform`, () => {
    it('publishes exactly the bytes and the text it is given, once', async () => {
      const { outcome, posts, publication } = await attempt();
      expect(outcome).toMatchObject({ outcome: 'published', ref: expect.stringMatching(/./) });
      expect(posts.map(({ text }) => text)).toEqual([caption]);
      expect(posts[0]?.carries(publication.picture)).toBe(true);
    });

    it('says "failed" when the service refuses for good', async () => {
      const open = await platform.open();
      open.refuse();
      expect(await open.publisher.publish(await publicationOf())).toMatchObject({ outcome: 'failed' });
      expect(await open.published()).toEqual([]);
    });

    it.each(faultsAtWork)('tells the truth when %s', async (_, fault, expected) => {
      const { outcome, posts } = await attempt(fault);
      expectOutcome(outcome, posts, expected);
    });

    it('ends within its limit when the service hangs, and has published nothing', async () => {
      shortenLimits(100);
      const { outcome, posts } = await attempt({ kind: 'hang' });
      expectOutcome(outcome, posts, { outcomes: ['not-sent', 'uncertain'], posts: 0 });
    });

    it('calls a time-out by its name', async () => {
      shortenLimits(100);
      const { outcome } = await attempt({ kind: 'hang' });
      expect(outcome).toMatchObject({ problem: { kind: 'timeout' } });
    });

    it('ends within its limit when the answer comes byte by byte', async () => {
      shortenLimits(100);
      const { outcome, posts } = await attempt({ kind: 'trickle', msPerByte: trickleMs });
      expectOutcome(outcome, posts, { outcomes: ['published', 'uncertain'], posts: 1 });
    });

    it.runIf(takeDown === undefined)('has no way to take a post down, and says so', async () => {
      expect((await platform.open()).publisher.withdraw).toBeUndefined();
    });

    async function openPublished() {
      const open = await platform.open();
      const { postId } = await publicationOf();
      const other = await open.publisher.publish(await publicationOf({ postId: 'other', caption: 'Other' }));
      const outcome = await open.publisher.publish(await publicationOf());
      const refs = [other, outcome].map((each) => (each.outcome === 'published' ? each.ref : ''));
      const post = { postId, ref: refs[1] ?? '', at: new Date() };
      const withdraw = async () => await open.publisher.withdraw?.(post);
      const isOnlyOther = async () => (await open.published()).map(({ text }) => text).join() === 'Other';
      const left = async () => (await open.published()).length - 1;
      return { ...open, withdraw, isOnlyOther, left };
    }

    describe.runIf(takeDown !== undefined)('takes a post down', () => {
      it('and no other one, and may be asked again', async () => {
        const { withdraw, isOnlyOther } = await openPublished();
        expect(await withdraw()).toEqual({ withdrawal: 'withdrawn' });
        expect(await isOnlyOther()).toBe(true);
        expect(await withdraw()).toEqual({ withdrawal: 'withdrawn' });
        expect(await isOnlyOther()).toBe(true);
      });

      it('or says that it is still there when the service refuses for good', async () => {
        const { withdraw, left, refuse } = await openPublished();
        refuse();
        expect(await withdraw()).toMatchObject({ withdrawal: 'refused' });
        expect(await left()).toBe(1);
      });

      it.each(faultsAtTakeDown)('or tells the truth when %s, asking once', async (_, fault, end, count) => {
        const { withdraw, left, faults } = await openPublished();
        faults.add({ service, operation: takeDown ?? '', fault, times: 1 });
        expect(await withdraw()).toMatchObject({ withdrawal: end });
        expect(await left()).toBe(count);
      });

      it('or ends within its limit when the service hangs', async () => {
        const { withdraw, left, faults } = await openPublished();
        shortenLimits(100);
        faults.add({ service, operation: takeDown ?? '', fault: { kind: 'hang' } });
        const ended = await inTime(withdraw());
        expect(ended).toEqual({ withdrawal: 'unknown', problem: { kind: 'timeout' } });
        expect(await left()).toBe(1);
      });
    });

    const losses = faultsAtWork.filter(([, { kind }]) => kind !== 'slow');
    for (const operation of before) {
      for (const [what, fault] of losses) {
        it(`surely published nothing when ${what} at ${operation}`, async () => {
          const { outcome, posts } = await attempt(fault, operation);
          expectOutcome(outcome, posts, { outcomes: ['not-sent', 'failed'], posts: 0 });
        });
      }

      it(`ends within its limit when the service hangs at ${operation}`, async () => {
        shortenLimits(100);
        const { outcome, posts } = await attempt({ kind: 'hang' }, operation);
        expectOutcome(outcome, posts, { outcomes: ['not-sent', 'failed'], posts: 0 });
      });
    }
  });
}

async function inTime<T>(publishing: Promise<T>): Promise<T> {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const late = sleep(limitMs, undefined, { signal: over.signal, ref: false }).then(() => {
    throw new Error('The platform takes longer than its limit');
  });
  late.catch(() => undefined);
  return await Promise.race([publishing, late]);
}
