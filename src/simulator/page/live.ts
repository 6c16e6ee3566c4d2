import type { Snapshot } from './snapshot.ts';

/** What the page shows, kept up to date for all that look at it. */
export interface Live {
  /** Calls the listener with the snapshot as JSON: now, and whenever it has changed. The result ends it. */
  watch(listener: (json: string) => void): () => void;
  close(): void;
}

interface Watcher {
  readonly listener: (json: string) => void;
  shown: string;
}

/** Changes that come close together are shown together. */
const gatherMs = 25;
/** "typing…" ends by itself. */
const typingMs = 500;

/** `sources` call their listener when something may have changed. */
export function createLive(
  take: () => Promise<Snapshot>,
  sources: readonly { onChange(listener: () => void): () => void }[],
): Live {
  const watchers = new Set<Watcher>();
  let gathering: NodeJS.Timeout | undefined;
  let typing: NodeJS.Timeout | undefined;
  let looking = Promise.resolve();

  function lookSoon(): void {
    gathering ??= setTimeout(() => {
      gathering = undefined;
      lookNow();
    }, gatherMs);
  }

  /** One look after the other. One that fails shows nothing; the next change is looked at all the same. */
  function lookNow(): void {
    looking = looking.then(look).catch(() => undefined);
  }

  async function look(): Promise<void> {
    if (watchers.size === 0) return;
    const snapshot = await take();
    const json = JSON.stringify(snapshot);
    clearTimeout(typing);
    if (snapshot.phone.isTyping) typing = setTimeout(lookNow, typingMs);
    for (const watcher of [...watchers]) {
      if (watcher.shown === json) continue;
      watcher.shown = json;
      watcher.listener(json);
    }
  }

  const stops = sources.map((source) => source.onChange(lookSoon));
  return {
    watch(listener) {
      const watcher = { listener, shown: '' };
      watchers.add(watcher);
      lookNow();
      return () => watchers.delete(watcher);
    },
    close() {
      watchers.clear();
      clearTimeout(gathering);
      clearTimeout(typing);
      for (const stop of stops) stop();
    },
  };
}
