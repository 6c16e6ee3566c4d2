import { conflict } from './refusal.ts';
import type { WireUpdate, WireUpdateBody } from './wire.ts';
import type { Stage } from './world.ts';

export interface PollRequest {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutSeconds: number;
  readonly allowed: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/** The updates that wait for the bot. */
export interface UpdateQueue {
  /** Adds an update if the bot wants its kind, and answers a waiting poll. */
  push(body: WireUpdateBody): void;
  /** getUpdates. Throws the 409 when a newer poll takes over. */
  poll(request: PollRequest): Promise<readonly WireUpdate[]>;
  /** How many are not yet confirmed. */
  pending(): number;
  /** Drops all of them. */
  drop(): void;
  /** Ends the waiting poll with an empty answer. */
  close(): void;
}

/** How long the server keeps an update (telegram-bot-api, Client.cpp): messages a day, button presses 150 s. */
const messageLifetimeMs = 86_400_000;
const callbackLifetimeMs = 150_000;
/** Not sent unless the bot asks for them (Bot API, getUpdates, allowed_updates). */
const onRequest = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);
/** LONG_POLL_MAX_TIMEOUT of the server. */
const longestPollSeconds = 50;

interface WaitingPoll {
  readonly limit: number;
  finish(updates: readonly WireUpdate[]): void;
  end(error: Error): void;
}

export function createUpdateQueue(stage: Stage): UpdateQueue {
  const { world } = stage;
  let waiting: WaitingPoll | undefined;

  function purge(): void {
    world.updates = world.updates.filter((each) => each.expiresMs > stage.now());
  }

  function first(limit: number): readonly WireUpdate[] {
    return world.updates.slice(0, limit).map((each) => each.update);
  }

  function isWanted(kind: string): boolean {
    const allowed = world.allowedUpdates ?? [];
    return allowed.length === 0 ? !onRequest.has(kind) : allowed.includes(kind);
  }

  function confirm(offset: number): void {
    purge();
    const before = world.updates.length;
    if (offset > 0) world.updates = world.updates.filter((each) => each.update.update_id >= offset);
    if (offset < 0) world.updates = world.updates.slice(offset);
    if (world.updates.length !== before) stage.changed();
  }

  function wait(limit: number, timeoutSeconds: number, signal: AbortSignal): Promise<readonly WireUpdate[]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => poll.finish([]), timeoutSeconds * 1000);
      const leave = () => poll.finish([]);
      function settle(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
        if (waiting === poll) waiting = undefined;
      }
      const poll: WaitingPoll = {
        limit,
        finish(updates) {
          settle();
          resolve(updates);
        },
        end(error) {
          settle();
          reject(error);
        },
      };
      waiting = poll;
      signal.addEventListener('abort', leave);
    });
  }

  return {
    push(body) {
      const kind = Object.keys(body)[0] ?? '';
      if (!isWanted(kind)) return;
      const lifetimeMs = kind === 'callback_query' ? callbackLifetimeMs : messageLifetimeMs;
      const update = { update_id: world.nextUpdateId, ...body };
      world.nextUpdateId += 1;
      world.updates.push({ update, expiresMs: stage.now() + lifetimeMs });
      purge();
      waiting?.finish(first(waiting.limit));
    },
    async poll({ offset, limit, timeoutSeconds, allowed, signal }) {
      waiting?.end(
        conflict('terminated by other getUpdates request; make sure that only one bot instance is running'),
      );
      if (allowed !== undefined) world.allowedUpdates = allowed;
      confirm(offset);
      const most = limit >= 1 && limit <= 100 ? limit : 100;
      const ready = first(most);
      const seconds = Math.min(Math.max(timeoutSeconds, 0), longestPollSeconds);
      if (ready.length > 0 || seconds === 0 || signal.aborted) return ready;
      return wait(most, seconds, signal);
    },
    pending() {
      purge();
      return world.updates.length;
    },
    drop() {
      world.updates = [];
    },
    close() {
      waiting?.finish([]);
    },
  };
}
