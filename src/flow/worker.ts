import type { Ports } from '#ports/ports.ts';
import { isFinished, nextAttempt, type Post } from '#post/post.ts';
import { workOnPost } from './daily-post.ts';
import { describeError, pauseAfter, tellTrouble } from './tell-trouble.ts';

/** Takes posts through their day, one piece of work at a time for each. */
export interface Worker {
  /** Works on a post as far as it goes; asked again meanwhile, once more afterwards. */
  goOn(id: string): void;
  /** The same for all open posts. */
  goOnWithAll(): void;
  /** The same for those that have come of age and only have to be filed. */
  fileOld(): void;
  isBusyWith(id: string): boolean;
  /** The owner asks for it: trouble is told again. */
  askAgain(id: string): void;
  /** Resolves when no work is under way. */
  whenIdle(): Promise<void>;
  /** Begins nothing new and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/** `afterwards` is called each time the work on a post has ended. */
export function createWorker(ports: Ports, afterwards: () => void): Worker {
  const { store, clock, log } = ports;
  const stopping = new AbortController();
  const work = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const failures = new Map<string, number>();

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
      const due = nextAttemptOf(store.post(id));
      if (due !== undefined) goOnAfter(id, due.getTime() - clock.now().getTime());
    } catch (error) {
      if (!stopping.signal.aborted) await troubleWith(id, error);
    }
  }

  /** Says once what is wrong, and takes the post up again after a while. */
  async function troubleWith(id: string, error: unknown): Promise<void> {
    const count = failures.get(id) ?? 0;
    failures.set(id, count + 1);
    log.error({ post: id, error: describeError(error) }, 'A post could not go on');
    if (count === 0)
      await tellTrouble(ports, error, store.post(id)?.state === 'published' ? 'archiving' : 'drafting');
    goOnAfter(id, pauseAfter(count));
  }

  function goOnAfter(id: string, ms: number): void {
    void clock.sleep(Math.max(ms, 0), stopping.signal).then(
      () => goOn(id),
      () => undefined,
    );
  }

  const openPosts = () => Object.values(store.state().posts);
  return {
    goOn,
    goOnWithAll() {
      for (const { id } of openPosts()) goOn(id);
    },
    fileOld() {
      for (const post of openPosts()) if (isFinished(post, clock.now())) goOn(post.id);
    },
    isBusyWith: (id) => work.has(id),
    askAgain(id) {
      failures.delete(id);
      goOn(id);
    },
    async whenIdle() {
      while (work.size > 0) await Promise.all(work.values());
    },
    async stop() {
      stopping.abort(new Error('Darkroom is stopping'));
      await Promise.all(work.values());
    },
  };
}

function nextAttemptOf(post: Post | undefined): Date | undefined {
  return post && nextAttempt(post);
}
