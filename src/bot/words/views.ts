import type { Mode } from '#post/settings.ts';
import type { SetAside } from '#post/state.ts';

/** What the schedule has in mind, times as the owner reads them. */
export interface PlanWords {
  readonly isPaused: boolean;
  readonly until: string | undefined;
  readonly next: string | undefined;
}

export interface StatusWords extends PlanWords {
  readonly mode: Mode;
  readonly photosLeft: number | undefined;
  /** The date of the last one; absent: nobody can tell. */
  readonly photosLastUntil?: string | undefined;
  readonly setAside: readonly SetAside[];
  readonly openDrafts: number;
  /** Posts that wait for their time. */
  readonly scheduled: number;
  readonly unfinished: number;
  readonly platforms: readonly string[];
  readonly hasDescriber: boolean;
  readonly hasCaptionWriter: boolean;
  /** What the AI cost; absent: none is set up. */
  readonly spending?: SpendingWords | undefined;
}

export interface QueueWords {
  /** Of the photos that are shown, and how many come before them. */
  readonly names: readonly string[];
  readonly from: number;
  readonly total: number;
  readonly setAside: readonly SetAside[];
  /** Drafts. */
  readonly waiting: readonly string[];
  /** Posts that go out by themselves, times as the owner reads them. */
  readonly scheduled: readonly { readonly name: string; readonly at: string }[];
}

/** A photo that was sent to the bot, and what became of it. */
export interface PhotoInWords {
  readonly name: string;
  readonly became: 'draft' | 'next' | 'published' | 'no-picture' | 'too-large' | 'failed';
  /** Why it failed, as a sentence. */
  readonly trouble?: string;
}

export interface SpendingWords {
  readonly dollars: number;
  /** Infinite: no budget is set. */
  readonly budget: number;
  /** Whether everything that the AI costs can be counted. */
  readonly isComplete: boolean;
}

/** The posts in numbers. */
export interface StatsWords {
  readonly thisMonth: number;
  readonly inAll: number;
  /** Of the last twelve months, as the rest. */
  readonly places: readonly PlaceStatsWords[];
  /** From the decision or the planned time until it was out, for half of all posts; undefined: nobody knows. */
  readonly medianSeconds: number | undefined;
  /** What the AI cost this month; undefined: none is set up. */
  readonly spending: SpendingWords | undefined;
  readonly reactions: number;
}

/** How many posts arrived at a place, of those that were to. */
export interface PlaceStatsWords {
  readonly name: string;
  readonly published: number;
  readonly settled: number;
}
