import { rememberSlot, type Slot } from './agenda.ts';
import type { Delivery } from './delivery.ts';
import { advance, isRefusal } from './lifecycle.ts';
import { isApproved, type Post } from './post.ts';
import { atRest, longRestMs } from './queue.ts';
import type { Generation, State } from './state.ts';

/** What is known at a start. */
export interface Restart {
  readonly at: string;
  readonly generation: Generation;
  /** Whether a platform can be looked at. */
  canLook(platform: string): boolean;
  /** Posts that are left to the history. */
  readonly filed: ReadonlySet<string>;
  /** The newest slot of the schedule that has been. */
  readonly lastSlot: Slot | undefined;
}

/**
 * Whether an open post of a state that was put back is left to the history, which has it. Not one that is being taken
 * down where the history does not know that it is: going on with that does no harm.
 */
export function isLeftToHistory(open: Post | undefined, filed: Post): boolean {
  return open?.state !== 'withdrawing' || filed.state === 'withdrawn';
}

/**
 * The state after a start. What was being sent may be out there, so it becomes `uncertain`; where the state is older
 * than what happened, what was only waiting may be out there, too. After one was put back, nobody knows of any draft
 * whether it went out: they end, their photos rest, what the history has is left to it, no slot is made up for, and
 * nothing goes out unasked. All in one change, because after the next write nobody can tell any more.
 */
export function afterRestart(state: State, restart: Restart): State {
  if (restart.generation === 'put-back') return afterPuttingBack(state, restart);
  const posts = Object.entries(state.posts).map(([id, post]) => [id, withUncertain(post, restart)] as const);
  return posts.every(([id, post]) => post === state.posts[id])
    ? state
    : { ...state, posts: Object.fromEntries(posts) };
}

/** What may be out there after all. What had failed can have been tried again since an older state. */
const mayHaveGoneOut: Readonly<Record<Generation, ReadonlySet<Delivery['state']>>> = {
  newest: new Set(['sending']),
  previous: new Set(['sending', 'waiting']),
  'put-back': new Set(['sending', 'waiting', 'failed']),
};

function withUncertain(post: Post, { at, generation, canLook }: Restart): Post {
  if (!isApproved(post)) return post;
  return Object.entries(post.deliveries)
    .filter(([, { state }]) => mayHaveGoneOut[generation].has(state))
    .reduce<Post>((before, [platform]) => {
      const problem = { kind: 'unexpected' as const, detail: 'Darkroom was stopped while it was sending' };
      const next = advance(before, { type: 'lost-sight', platform, at, problem, canLook: canLook(platform) });
      return isRefusal(next) ? before : next;
    }, post);
}

function afterPuttingBack(state: State, restart: Restart): State {
  const { at, filed, lastSlot } = restart;
  const open = Object.values(state.posts).filter(({ id }) => !filed.has(id));
  const until = new Date(Date.parse(at) + longRestMs);
  const undecided = new Set<Post['state']>(['drafting', 'awaiting-approval', 'scheduled']);
  const drafts = open.filter((post) => undecided.has(post.state));
  const hashes = drafts.map(({ photo }) => photo.contentHash);
  return {
    ...state,
    posts: Object.fromEntries(open.map((post) => [post.id, ended(withUncertain(post, restart), at)])),
    queue: atRest(state.queue, hashes, until, new Date(at)),
    wishes: [],
    servedSlots: lastSlot === undefined ? state.servedSlots : rememberSlot(state.servedSlots, lastSlot),
    settings: {
      ...state.settings,
      chosen: { ...state.settings.chosen, mode: 'review', unanswered: 'keep' },
    },
    conversations: {},
  };
}

/** A draft at its end. Its old card may have become the record of what went out, so it is left alone. */
function ended(post: Post, at: string): Post {
  const next = advance({ ...post, cards: [] }, { type: 'expired', at, reason: 'put-back' });
  return isRefusal(next) ? post : next;
}
