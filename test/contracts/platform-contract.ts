import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Outcome, Publication, Publisher } from '#ports/platform.ts';
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

/** What every platform promises (`Publisher`), whatever happens on the way. */
export function platformContract(platform: PlatformCase): void {
  const { name, service, work, before, trickleMs } = platform;

  async function attempt(fault?: Fault, operation = work) {
    const open = await platform.open();
    if (fault !== undefined) open.faults.add({ service, operation, fault });
    const publication = await publicationOf();
    const outcome = await inTime(open.publisher.publish(publication));
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

async function inTime(publishing: Promise<Outcome>): Promise<Outcome> {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const late = sleep(limitMs, undefined, { signal: over.signal, ref: false }).then(() => {
    throw new Error('The platform takes longer than its limit');
  });
  late.catch(() => undefined);
  return await Promise.race([publishing, late]);
}
