/** When a service is left alone, so that nobody waits for one that is down. */
export interface BreakerPolicy {
  /** So many calls in a row without an answer of use: not reached, too late, or a fault of the service's own. */
  readonly opensAfter: number;
  /** Milliseconds until one call may try whether it is back. */
  readonly restMs: number;
}

/** One kind of call to a service. */
export interface CallPolicy {
  /** The whole exchange is over within so many milliseconds, however slowly the answer trickles in. */
  readonly limitMs: number;
  /** So many run at once; the others wait in line, and not in that of another kind. */
  readonly atOnce: number;
  /**
   * What is tried again. `passing`: whatever can pass, for calls that change nothing or may be carried out twice.
   * `turned-away`: only a refusal for coming too often, after which surely nothing was begun.
   */
  readonly repeats: 'passing' | 'turned-away';
  /** Milliseconds before each further try, at least. */
  readonly pausesMs: readonly number[];
}

/** How a service is called. What it asks for itself ("Retry-After") holds for all callers on top of it. */
export interface ServicePolicy<Kind extends string> {
  readonly calls: Readonly<Record<Kind, CallPolicy>>;
  /** A longer wait in milliseconds is not sat out but handed on. */
  readonly longestWaitMs: number;
  /** Of all calls together. */
  readonly perMinute: number;
  readonly breaker: BreakerPolicy;
}

/** No answer is read further than this, but for files; the longest, a folder of two thousand photos, has one megabyte. */
export const largestAnswerBytes = 10 * 1024 * 1024;

/** For calls with an answer that somebody waits for. */
const soon = { repeats: 'passing', pausesMs: [500, 2_000] } as const;
/** A rest that is over before the flow comes back by itself (its first pause is a minute). */
const breaker: BreakerPolicy = { opensAfter: 3, restMs: 45_000 };

/** Publishes photos, so it is listed and read often, and moved rarely. No rate is published: its 429 says it. */
const dropbox = {
  calls: {
    /** Listing, metadata, thumbnails, moving; a contact sheet asks for up to a dozen thumbnails. */
    ask: { limitMs: 60_000, atOnce: 8, ...soon },
    /** Originals are up to 100 MB, which are held in memory. */
    download: { limitMs: 120_000, atOnce: 2, ...soon },
    /** What a bot may download, which is 20 MB; the same bytes may come twice. */
    upload: { limitMs: 120_000, atOnce: 2, ...soon },
  },
  longestWaitMs: 60_000,
  /** Far more than a day of photos; a mistake of ours is to stay below it. */
  perMinute: 600,
  breaker: { ...breaker, opensAfter: 6 },
} as const satisfies ServicePolicy<string>;

/** list_folder/longpoll takes 30 to 480 seconds; the shorter, the sooner a connection that died silently is noticed. */
const longpollSeconds = 60;
/** Dropbox adds up to 90 seconds of its own. It sits there for minutes, so it stands in nobody's line. */
const dropboxLongpoll = { seconds: longpollSeconds, limitMs: (longpollSeconds + 90 + 10) * 1000 } as const;

/** Each question costs money, and is asked again only where it surely was not begun. */
const replicate = {
  calls: {
    /** `Prefer: wait` answers after ten seconds at the latest. */
    begin: { limitMs: 45_000, atOnce: 4, repeats: 'turned-away', pausesMs: [1_000] },
    look: { limitMs: 45_000, atOnce: 8, ...soon },
  },
  /** A small account may begin six a minute, so its waits are short (topics/predictions/rate-limits). */
  longestWaitMs: 30_000,
  /** What may be begun with an ordinary account (the same page); a small one is told by its 429. */
  perMinute: 600,
  breaker: { ...breaker, restMs: 120_000 },
} as const satisfies ServicePolicy<string>;

/** A second answer costs a cent at most, and changes nothing. */
const openai = {
  calls: { write: { limitMs: 60_000, atOnce: 4, ...soon } },
  longestWaitMs: 60_000,
  /** Tiers differ and are told by the 429; more captions than this nobody reads. */
  perMinute: 60,
  breaker: { ...breaker, restMs: 120_000 },
} as const satisfies ServicePolicy<string>;

/**
 * Nothing that is sent is repeated, but after a 429, which `auto-retry` obeys. No throttle: grammY's lets one message
 * a second into a chat, edits too, and a card that is late is worse than a 429 that is obeyed. No breaker: the chat is
 * the only way to tell the owner anything, and polling has to be back within ten seconds.
 */
const telegramBot = {
  /** Shorter than grammY's 500, so that a dead connection is noticed. */
  limitSeconds: 60,
  /** A redirect is an error, because it could carry the token or a post to another place. */
  fetch: { redirect: 'error', size: largestAnswerBytes },
  /** After a 429 only. */
  mostRetries: 3,
  longestWaitSeconds: 60,
  /** What the owner sends: bots download files of up to 20 MB (Bot API, getFile). */
  files: { mostBytes: 20 * 1024 * 1024, limitMs: 60_000 },
  /** For edits and notices, which may be repeated. */
  pausesMs: [1_000, 5_000],
  /** A poll that an outage has swallowed is given up after eight seconds, and the next one begins two later. */
  polling: { askSeconds: 5, limitSeconds: 8, pauseMs: 2_000 },
} as const;

/** One attempt to publish is one request, never repeated: none of these services knows a key against doing it twice. */
const publishing = {
  /** A photo of ten megabytes on a slow line; a file of fifty; and taking a post down. */
  telegram: { limitSeconds: 60, fileLimitSeconds: 120, withdrawLimitSeconds: 20 },
  /** Each of the two requests of a post, and the one that takes it down. */
  instagram: { limitMs: 60_000 },
  /** `prepareMs`: all before the post appears; with the two calls after it less than two minutes. */
  instagramOfficial: {
    limitMs: 20_000,
    prepareMs: 80_000,
    permalinkMs: 10_000,
    checkMs: 20_000,
    hostMs: 20_000,
  },
  /** The whole of a mail, and its first two steps. */
  email: { limitMs: 60_000, connectMs: 20_000 },
  /** Opened by the tries of one post after 35 seconds, and over before its next one, so only other posts meet it. */
  breaker: { opensAfter: 3, restMs: 60_000 },
} as const;

/** The policy for each service that Darkroom speaks to: the one place for time limits, tries, lines, rates and rests. */
export const policies = { dropbox, dropboxLongpoll, replicate, openai, telegramBot, publishing } as const;
