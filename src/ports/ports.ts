import type { Settings } from '#post/settings.ts';
import type { CaptionWriter } from './caption-writer.ts';
import type { Clock } from './clock.ts';
import type { Describer } from './describer.ts';
import type { Library } from './library.ts';
import type { Log } from './log.ts';
import type { OwnerChat } from './owner-chat.ts';
import type { Pictures } from './pictures.ts';
import type { Platform } from './platform.ts';
import type { Renderer } from './renderer.ts';
import type { Store } from './store.ts';

/** Everything that Darkroom needs from outside; a use case names the ones it touches. */
export interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  readonly library: Library;
  readonly pictures: Pictures;
  readonly renderer: Renderer;
  /** Absent: no AI is set up to look at pictures. */
  readonly describer?: Describer | undefined;
  /** Absent: no AI is set up to write. */
  readonly captionWriter?: CaptionWriter | undefined;
  readonly platforms: readonly Platform[];
  readonly ownerChat: OwnerChat;
  /**
   * Whether what owners have pressed while Darkroom did not run was heard, or is not waited for any more. Until then
   * nothing is decided in their place.
   */
  hasHeard(): boolean;
  /** What holds at this moment; the owner can change it at any time. */
  settings(): Settings;
  /** How many hashtags by the AI may follow the owner's. */
  readonly hashtagsFromAi: number;
}
