import type { Doing } from '#ports/owner-chat.ts';
import { isFinished, nextAttempt, type Post } from '#post/post.ts';
import { type WorkPorts, workOnPost } from './daily-post.ts';
import { showProgress } from './show-card.ts';
import { describeError, pauseAfter, tellTrouble } from './tell-trouble.ts';
import { dueNow } from './unanswered/attend-draft.ts';

/** Takes posts through their day, one piece of work at a time for each. */
export interface Worker {
  /** Works on a post as far as it goes; asked again meanwhile, once more afterwards. */
  goOn(id: string): void;
  /** The same for all open posts. */
  goOnWithAll(): void;
  /** The same for those that have come of age and only have to be filed, for drafts that nobody answers, and for what is late. */
  attendOld(): void;
  /** Brings the card of a post up to date while other work on it is still going on. */
  showMeanwhile(id: string): void;
  /** The owner asks for it: trouble is told again. */
  askAgain(id: string): void;
  /** Resolves when no work is under way. */
  whenIdle(): Promise<void>;
  /** Begins nothing new and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

const longestPauseMs = 60 * 60 * 1000;

/** `afterwards` is called each time the work on a post has ended. */
export function createWorker(ports: WorkPorts, afterwards: () => void): Worker {
  const { store, clock, log } = ports;
  const stopping = new AbortController();
  const work = new Map<string, Promise<void>>();
  const showing = new Set<Promise<void>>();
  const again = new Set<string>();
  const failures = new Map<string, number>();
  const told = new Set<string>();
  const pauses = new Map<string, AbortController>();

  function goOn(id: string): void {
    if (stopping.signal.aborted) return;
    if (work.has(id)) {
      again.add(id);
      return;
    }
    const done = workOnce(id).finally(() => {
      work.delete(id);
      if (again.delete(id)) goOn(id);
      afterwards();
    });
    work.set(id, done);
  }

  async function workOnce(id: string): Promise<void> {
    try {
      await workOnPost(ports, id, stopping.signal);
      failures.delete(id);
      told.delete(id);
      const dueMs = untilDue(id);
      if (dueMs !== undefined) goOnAfter(id, dueMs);
    } catch (error) {
      if (!stopping.signal.aborted) await troubleWith(id, error);
    }
  }

  /** Until the post is to be taken up again by itself; undefined: it is not. */
  function untilDue(id: string): number | undefined {
    const post = store.post(id);
    const now = clock.now();
    const due = post && nextAttempt(post, now);
    return due && due.getTime() - now.getTime();
  }

  /** Says once what is wrong, and takes the post up again after a while. */
  async function troubleWith(id: string, error: unknown): Promise<void> {
    const count = failures.get(id) ?? 0;
    failures.set(id, count + 1);
    log.error({ post: id, error: describeError(error) }, 'A post could not go on');
    // Whatever goes wrong with telling, the post is taken up again.
    const telling = () => tellTrouble(ports, error, doing(store.post(id))).catch(() => false);
    if (!told.has(id) && (await telling())) told.add(id);
    const pauseMs = pauseAfter(count, error);
    const dueMs = untilDue(id);
    // What has a time of its own does not miss it for a card that could not be shown.
    goOnAfter(id, dueMs !== undefined && dueMs > 0 ? Math.min(pauseMs, dueMs) : pauseMs);
  }

  /** One pause for each post; a new one takes the place of the old one. */
  function goOnAfter(id: string, ms: number): void {
    pauses.get(id)?.abort();
    const pause = new AbortController();
    pauses.set(id, pause);
    const signal = AbortSignal.any([pause.signal, stopping.signal]);
    // A long pause is cut into pieces, so that a clock that is put right is noticed.
    void clock.sleep(Math.min(Math.max(ms, 0), longestPauseMs), signal).then(
      () => {
        pauses.delete(id);
        goOn(id);
      },
      () => undefined,
    );
  }

  const openPosts = () => Object.values(store.state().posts);
  return {
    goOn,
    goOnWithAll() {
      for (const { id } of openPosts()) goOn(id);
    },
    attendOld() {
      for (const post of openPosts()) {
        const isOld = isFinished(post, clock.now()) || dueNow(ports, post) !== undefined;
        // One whose release was taken back by a full disk has no pause any more.
        const isLate = post.state === 'scheduled' && (untilDue(post.id) ?? 0) <= 0;
        if ((isOld || isLate) && !pauses.has(post.id)) goOn(post.id);
      }
    },
    showMeanwhile(id) {
      if (!work.has(id)) return;
      const shown = showProgress(ports, id)
        .catch((error: unknown) => log.error({ post: id, error: describeError(error) }, 'A card is behind'))
        .finally(() => showing.delete(shown));
      showing.add(shown);
    },
    askAgain(id) {
      failures.delete(id);
      told.delete(id);
      goOn(id);
    },
    async whenIdle() {
      while (work.size + showing.size > 0) await Promise.all([...work.values(), ...showing]);
    },
    async stop() {
      stopping.abort(new Error('Darkroom is stopping'));
      await Promise.all([...work.values(), ...showing]);
    },
  };
}

function doing(post: Post | undefined): Doing {
  if (post?.state === 'drafting' || post?.state === 'awaiting-approval') return 'drafting';
  return post?.state === 'published' ? 'archiving' : 'working';
}
