import type { ZodType, z } from 'zod';
import type { CaptionLimits } from '#post/caption.ts';
import type { Followed, Problem } from '#post/delivery.ts';
import type { Entity } from '#post/formatted-text.ts';
import type { PictureLimits, Size } from '#post/photo.ts';
import type { Shape } from '#post/shape.ts';
import type { Checkable } from './check.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Notice } from './owner-chat.ts';

/** What is published, exactly as approved. */
export interface Publication extends Size {
  readonly postId: string;
  readonly caption: string;
  /** The formatting of the caption, where the platform shows it. */
  readonly entities?: readonly Entity[];
  /** What the picture shows, for those who cannot see it. */
  readonly altText?: string;
  /** JPEG. */
  readonly picture: Buffer;
  /** Telegram's id of this very picture, where an owner's card shows it. */
  readonly fileId?: string;
  /** Recipients that have it from an earlier attempt; they must not get it again. */
  readonly reached?: readonly string[];
  /** Above 1 when the owner asked for another try. */
  readonly round: number;
}

/** How an attempt to publish ended. Attempts never throw. */
export type Outcome =
  /** Surely out there. */
  | {
      readonly outcome: 'published';
      readonly ref: string;
      readonly url?: string;
      /** Recipients that did not get it, where only some did. */
      readonly missed?: readonly string[];
    }
  /** Out there for some recipients, and the others are worth another attempt, which leaves the reached ones alone. */
  | {
      readonly outcome: 'partly';
      readonly ref: string;
      readonly problem: Problem;
      /** All that have it now, of earlier attempts too. */
      readonly reached: readonly string[];
      readonly missed: readonly string[];
    }
  /** Surely not out there, and another attempt makes no sense before somebody changed something. */
  | { readonly outcome: 'failed'; readonly problem: Problem }
  /** Surely not out there, and worth another attempt after this wait. */
  | {
      readonly outcome: 'not-sent';
      readonly problem: Problem;
      readonly waitMs?: number;
      /** The platform was not even asked, so that this is no attempt. */
      readonly isUntried?: boolean;
    }
  /** Perhaps out there. */
  | { readonly outcome: 'uncertain'; readonly problem: Problem };

/** The picture of a post that is surely out there, in full size. */
export interface FullSize {
  readonly postId: string;
  /** The post's place, as `Outcome` told it. */
  readonly ref: string;
  /** JPEG. */
  readonly picture: Buffer;
}

/** A post that is surely out there. */
export interface OutThere {
  readonly postId: string;
  /** The post's place, as `Outcome` or `Finding` told it. */
  readonly ref: string;
  /** When it was published. */
  readonly at: Date;
}

/** What became of a post that was to be taken down. */
export type Withdrawal =
  /** It is gone, perhaps since long before. */
  | { readonly withdrawal: 'withdrawn' }
  /** Surely still there, and why. */
  | { readonly withdrawal: 'refused'; readonly problem: Problem }
  /** Perhaps gone, perhaps still there. */
  | { readonly withdrawal: 'unknown'; readonly problem: Problem };

/** What looking for a publication has brought. */
export type Finding =
  /** `at`: when the platform says that it appeared, where it was known by its words alone. */
  | { readonly found: 'there'; readonly ref: string; readonly url?: string; readonly at?: Date }
  /** The platform shows everything up to now, and this is not among it. */
  | { readonly found: 'absent' }
  /** Nobody can tell from here. */
  | { readonly found: 'unclear' };

/** What became of a code that the owner has handed over. */
export type CodeOutcome =
  /** The platform lets us in; what has failed for want of the code can be tried again. */
  | { readonly code: 'taken' }
  /** Not the right one; another may follow. */
  | { readonly code: 'wrong' }
  /** No code is waited for any more: the next attempt that the owner asks for begins anew. */
  | { readonly code: 'over' }
  /** The platform did not say; the same code may follow. */
  | { readonly code: 'unanswered'; readonly problem: Problem }
  /** The platform wants something else now, and no code any more. */
  | { readonly code: 'refused'; readonly problem: Problem };

export interface Publisher extends Checkable {
  /** The line above the text, where it has one, such as the subject of a mail. */
  subject?(caption: string): string;
  /** What is said for those who cannot see the picture where nothing else was said about it; absent: nothing. */
  altText?(caption: string): string;
  /**
   * One attempt, never repeated inside. Answers within the platform's own time limit, at most two minutes.
   * Anything between "the request left" and "the answer came" is `uncertain`.
   */
  publish(publication: Publication): Promise<Outcome>;
  /**
   * Sends a picture ahead while the owner looks at it, so that `publish` has less to do. Nothing appears anywhere; may be
   * called again for the same picture. Never throws. Absent: the platform has no use for it, or the owner does not want it.
   */
  uploadAhead?(picture: Buffer): Promise<void>;
  /** Loads what it publishes with, which otherwise happens at the first attempt; speaks to nobody. */
  load?(): Promise<unknown>;
  /**
   * Sends the picture in full size as a file beneath its post, once and never repeated inside, within two minutes. Never
   * throws. Undefined: nobody knows what became of it. Absent: the platform has no such files.
   */
  sendFullSize?(file: FullSize): Promise<Followed | undefined>;
  /**
   * Looks whether an attempt with unknown outcome, begun at `since`, is out there: by its content, never "the newest
   * one". Changes nothing that anybody sees, may be repeated and never throws. Absent: the platform cannot be looked
   * at.
   */
  look?(publication: Publication, since: Date): Promise<Finding>;
  /**
   * Takes a post down, with its file in full size; never repeated inside, within a minute. Never throws. May be called
   * again for the same post: what is gone stays gone. Absent: the platform has no way to.
   */
  withdraw?(post: OutThere): Promise<Withdrawal>;
  /**
   * What has to be done now and then although nothing is published, such as renewing an access that wears off. Called
   * at the start and about every minute; over at once when nothing is due. Never throws.
   */
  upkeep?(): Promise<void>;
  /** Whether it waits for a code from the owner; not across a restart. Absent: it never does. */
  awaitsCode?(): boolean;
  /** Hands over such a code, of digits alone. Publishes nothing and never throws. */
  enterCode?(code: string): Promise<CodeOutcome>;
}

/** A place where anybody with its address can fetch a picture. What fails throws. */
export interface PictureHost {
  /** Puts a JPEG there, until `remove`, which may be repeated. */
  put(picture: Buffer): Promise<{ readonly url: string; remove(): Promise<void> }>;
  /** Takes away what earlier runs have left there, and nothing that is in use. */
  clear(): Promise<void>;
}

/** What a platform gets besides its settings. */
export interface PlatformContext {
  /** For the platform's own files, such as a session; exists, readable by us alone. */
  readonly folder: string;
  readonly log: Log;
  /** Only to be checked, perhaps beside a running Darkroom: nothing is written, renewed or put aside. */
  readonly isReadOnly?: boolean;
  /** Tells the owners something that cannot wait for the log to be read. */
  readonly tell?: (notice: Notice) => void;
  /** The chat of the first owner with the bot; undefined as long as there is no owner. */
  readonly ownerChat?: () => number | undefined;
  /** Absent: the machine's own. */
  readonly clock?: Clock;
  /** Absent: there is no such place. */
  readonly host?: PictureHost;
  /** Another place where the service is spoken to; absent: the real one. */
  readonly endpoint?: string;
  /** A certificate in PEM that is trusted besides the usual ones. */
  readonly certificate?: string;
}

/** Settings by the names of their environment variables. */
export type SettingsShape = Readonly<Record<string, ZodType>>;
type SettingsOf<S extends SettingsShape> = { readonly [K in keyof S]: z.infer<S[K]> };

/** A place to publish to: one file in `platforms`, one line in its index. */
export interface PlatformDefinition<S extends SettingsShape = SettingsShape> {
  readonly id: string;
  /** As the owner reads it. */
  readonly name: string;
  /**
   * The environment variables it reads. `meta` of each: `where` its value comes from, and `secret` for what must
   * never be shown.
   */
  readonly settings: S;
  /**
   * Those that have to be set for the platform to be on, a list standing for any one of its settings; it is off when
   * none of its settings is set.
   */
  readonly needs: readonly ((keyof S & string) | readonly (keyof S & string)[])[];
  readonly pictureLimits: PictureLimits;
  readonly captionLimits: CaptionLimits;
  /** The picture in full size can follow as a file of so many bytes at the most; absent: there are no such files. */
  readonly fullSizeBytes?: number;
  /** What the owner's settings say of how posts look there; absent: nothing. */
  choose?(settings: SettingsOf<S>): Choices;
  create(settings: SettingsOf<S>, context: PlatformContext): Publisher;
}

/** What the owner may choose of how posts look on a platform. */
export interface Choices {
  /** In place of the platform's own. */
  readonly captionLimits?: CaptionLimits;
  /** For pictures whose shape it does not take, until the owner chooses another; absent: white, without a choice. */
  readonly shape?: Shape;
  /** The picture in full size follows each post as a file, unless the owner decides otherwise for one. */
  readonly withFullSize?: boolean;
}

/** A platform that is switched on. */
export interface Platform extends Publisher, Choices {
  readonly id: string;
  readonly name: string;
  readonly pictureLimits: PictureLimits;
  readonly captionLimits: CaptionLimits;
  /** As its definition says. */
  readonly fullSizeBytes?: number;
}

/** Ties a platform's settings to its `create`, so that each platform is checked on its own. */
export function definePlatform<S extends SettingsShape>(
  definition: PlatformDefinition<S>,
): PlatformDefinition {
  return {
    ...definition,
    choose: (settings) => definition.choose?.(settings as SettingsOf<S>) ?? {},
    create: (settings, context) => definition.create(settings as SettingsOf<S>, context),
  };
}
