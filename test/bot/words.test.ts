import { describe, expect, it } from 'vitest';
import * as words from '#bot/words/english/index.ts';
import type { SpendingWords } from '#bot/words/views.ts';
import type { Notice } from '#ports/owner-chat.ts';
import { Problem } from '#post/delivery.ts';
import type { SetAside } from '#post/state.ts';
import { deliveryIn, deliveryStates, photoNamed, pictureRef, postIn, postStates } from '../fakes/posts.ts';

const kinds = Problem.shape.kind.options;
const platforms = [
  { id: 'telegram', name: 'Telegram channel' },
  { id: 'instagram', name: 'Instagram' },
  { id: 'email', name: 'Email' },
];
const time = (iso: string) => `<${iso}>`;
const date = (at: Date) => `<${at.toISOString()}>`;

/** A sentence for a person: begins well, ends well, and nothing of the program in it. */
function expectPlain(text: string): void {
  expect(text).toMatch(/[.?!…]$/);
  expect(text).not.toMatch(/undefined|null|\[object|NaN|\{|\}| {2}|\.\./);
  expect(text).not.toMatch(/signed-out|check-point|held-back|out-of-order|rate-limited|not-set-up/);
}

describe('a problem', () => {
  it.each(kinds.flatMap((kind) => platforms.map((platform) => ({ kind, platform }))))(
    '$kind of $platform.name is told in plain words',
    ({ kind, platform }) => {
      const bare = words.problem(platform, { kind });
      const detailed = words.problem(platform, { kind, detail: 'Bad Request: no luck' });
      expectPlain(bare);
      expectPlain(detailed);
    },
  );

  it('is told in other words for each kind', () => {
    const told = kinds.map((kind) => words.problem({ id: 'instagram', name: 'Instagram' }, { kind }));
    expect(new Set(told).size).toBe(kinds.length);
  });

  it.each(['rejected', 'unexpected', 'no-permission'] as const)('%s quotes what the service said', (kind) => {
    const told = words.problem({ id: 'instagram', name: 'Instagram' }, { kind, detail: 'no luck' });
    expect(told).toContain('(“no luck”)');
  });

  it.each([
    ['telegram', 'not-found', 'TELEGRAM_CHANNEL_ID'],
    ['telegram', 'no-permission', 'Make me an administrator'],
    ['email', 'not-found', 'EMAIL_TO'],
    ['email', 'signed-out', 'SMTP_PASSWORD'],
    ['email', 'rate-limited', 'no more mails from you today'],
    ['telegram', 'signed-out', 'TELEGRAM_BOT_TOKEN'],
    ['replicate', 'signed-out', 'REPLICATE_API_TOKEN'],
    ['replicate', 'not-found', 'REPLICATE_MODEL'],
    ['openai', 'signed-out', 'OPENAI_API_KEY'],
    ['openai', 'not-found', 'OPENAI_MODEL'],
    ['owner-chat', 'no-permission', 'press Start'],
    ['owner-chat', 'not-set-up', '/start'],
    ['instagram', 'signed-out', 'Correct it in your settings'],
    ['instagram-official', 'signed-out', 'Correct INSTAGRAM_ACCESS_TOKEN'],
  ] as const)('of %s says what to do about %s', (id, kind, hint) => {
    expect(words.problem({ id, name: 'It' }, { kind })).toContain(hint);
  });

  it.each([
    [{ from: 'message', phone: '12' }, 'it is in a message to ••12'],
    [{ from: 'message' }, 'it is in a message on your phone'],
    [{ from: 'app' }, 'your authenticator app shows it'],
  ] as const)('tells where the code is: %j', (code, hint) => {
    const problem = { kind: 'check-point', detail: 'two_factor_required', code } as const;
    const told = words.problem({ id: 'instagram', name: 'Instagram' }, problem);
    for (const text of [told, words.codeEntry.ask('Instagram', code)]) {
      expectPlain(text);
      expect(text).toContain(hint);
    }
    expect(told).toContain('Press 🔢');
  });

  it.each([
    ['check-point', 'two_factor_required', 'a code from your phone'],
    ['check-point', 'unsupported_version', 'INSTAGRAM_APP_VERSION'],
    ['check-point', 'needs_upgrade', 'INSTAGRAM_APP_VERSION'],
    ['check-point', 'challenge_required', 'Open its app'],
    ['signed-out', 'bad_password', 'Correct it in your settings'],
    ['signed-out', 'login_required', 'Press 🔁'],
    ['signed-out', 'user_has_logged_out', 'Press 🔁'],
  ] as const)('%s of Instagram for %s says what helps', (kind, detail, hint) => {
    const told = words.problem({ id: 'instagram', name: 'Instagram' }, { kind, detail });
    expectPlain(told);
    expect(told).toContain(hint);
    expect(told).not.toContain(detail);
    if (detail !== 'challenge_required') expect(told).toContain('INSTAGRAM_SESSION');
  });
});

describe('a mail server that is not safe', () => {
  it.each([
    ['no STARTTLS', 'offers no encryption', 'SMTP_PORT'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'offers no encryption', 'SMTP_PORT'],
    ['CERT_HAS_EXPIRED', 'has run out', 'renew it'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'I cannot be sure', 'SMTP_HOST'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'I cannot be sure', 'SMTP_HOST'],
  ])('%s is told with what to do', (detail, what, help) => {
    const told = words.problem({ id: 'email', name: 'Email' }, { kind: 'unsafe', detail });
    expectPlain(told);
    expect(told).toContain(what);
    expect(told).toContain('neither your password nor the mail');
    expect(told).toContain(help);
  });
});

describe('a problem that Telegram tells apart in its words', () => {
  it.each([
    ['no-permission', 'Forbidden: bot was kicked from the channel chat', 'no longer in the channel'],
    ['no-permission', 'Forbidden: bot is not a member of the channel chat', 'no longer in the channel'],
    ['no-permission', 'Bad Request: need administrator rights in the channel chat', 'I may not post there'],
    ['not-found', 'Bad Request: chat not found', 'The channel is not there'],
    [
      'not-found',
      'Bad Request: group chat was upgraded to a supergroup chat: -1001234567890',
      'Write TELEGRAM_CHANNEL_ID=-1001234567890 into your settings',
    ],
  ] as const)('%s, %s', (kind, detail, sentence) => {
    const told = words.problem({ id: 'telegram', name: 'It' }, { kind, detail });
    expectPlain(told);
    expect(told).toContain(sentence);
  });

  it('tells an owner who has blocked the bot how to undo it', () => {
    const detail = 'Forbidden: bot was blocked by the user';
    const told = words.problem({ id: 'owner-chat', name: 'Telegram' }, { kind: 'no-permission', detail });
    expect(told).toContain('press Restart');
  });
});

describe('what the owner is told', () => {
  const problem = { kind: 'unreachable' } as const;
  const notices: readonly Notice[] = [
    { kind: 'preparing', name: 'harbour.jpg' },
    { kind: 'still-preparing' },
    { kind: 'no-photos' },
    { kind: 'not-found', name: 'harbour.jpg' },
    { kind: 'running-low', photosLeft: 5, last: new Date('2026-11-27T08:00:00Z') },
    { kind: 'running-low', photosLeft: 1, last: new Date('2026-11-23T08:00:00Z') },
    { kind: 'running-low', photosLeft: 0, last: undefined },
    { kind: 'history-damaged', months: ['2026-10', '2026-11'] },
    { kind: 'photos-set-aside', reason: undefined, names: ['harbour.jpg'] },
    { kind: 'photos-set-aside', reason: undefined, names: ['harbour.jpg', 'dusk.jpg'] },
    { kind: 'photos-set-aside', reason: 'too-large', names: ['harbour.jpg'] },
    { kind: 'photos-set-aside', reason: 'too-large', names: ['harbour.jpg', 'dusk.jpg'] },
    { kind: 'photos-set-aside', reason: 'seen-before', names: ['harbour.jpg'] },
    { kind: 'photos-set-aside', reason: 'seen-before', names: ['harbour.jpg', 'dusk.jpg'] },
    { kind: 'photo-gone', name: 'harbour.jpg' },
    { kind: 'service-down', service: 'Dropbox', problem, doing: 'listing' },
    { kind: 'service-down', service: 'Dropbox', problem, doing: 'drafting' },
    { kind: 'service-down', service: 'Dropbox', problem, doing: 'archiving' },
    { kind: 'not-saved', code: 'ENOSPC' },
    { kind: 'not-saved', code: 'EIO' },
    { kind: 'state-recovered' },
    { kind: 'state-put-back', writtenAt: '2026-11-21T09:00:00.000Z' },
    { kind: 'state-put-back', writtenAt: undefined },
    { kind: 'slot-missed', at: new Date('2026-11-22T08:00:00Z') },
  ];

  it.each(notices)('about $kind is plain and different: %#', (notice) => {
    const told = words.notice(notice, time, date);
    expectPlain(told);
    expect(notices.filter((each) => words.notice(each, time, date) === told)).toEqual([notice]);
    if ('name' in notice) expect(told).toContain(notice.name);
    if ('service' in notice) expect(told).toContain(notice.service);
  });

  it('names the time that was missed, and the disk that is full', () => {
    const missed = words.notice({ kind: 'slot-missed', at: new Date('2026-11-22T08:00:00Z') }, time, date);
    expect(missed).toContain('<2026-11-22T08:00:00.000Z>');
    expect(words.notice({ kind: 'not-saved', code: 'ENOSPC' }, time, date)).toContain('the disk is full');
    expect(words.notSaved('EIO')).toContain('EIO');
  });

  // An automatic caption may end in letters only, so the fixed sentences are all there is to check.
  it.each(Object.entries({ ...words.card, ...words.editing }).filter(([, text]) => typeof text === 'string'))(
    'on a card or while editing is plain: %s',
    (_, text) => {
      expect(String(text)).not.toMatch(/undefined|\{/);
      expect(String(text).length).toBeGreaterThan(5);
    },
  );
});

describe('the answer to a tap', () => {
  const refusals = ['outdated', 'not-now', 'too-soon'] as const;

  it.each(postStates)(
    'that cannot be taken on a post that is %s is one plain sentence that fits',
    (state) => {
      for (const answer of [
        ...refusals.map((refused) => words.notTaken(postIn(state), refused)),
        words.notTaken(postIn(state)),
      ]) {
        expectPlain(answer);
        // Bot API answerCallbackQuery: 0-200 characters.
        expect(answer.length).toBeLessThanOrEqual(200);
      }
    },
  );

  it.each(['edited', 'moved', 'deleted'] as const)(
    'on a draft whose photo was %s says that it is not out',
    (reason) => {
      const answer = words.notTaken(postIn('expired', { reason }));
      expectPlain(answer);
      expect(answer).toMatch(/^Not published/);
      expect(answer.length).toBeLessThanOrEqual(200);
    },
  );

  it('tells an old draft from one that is decided', () => {
    const answers = [
      words.notTaken(undefined),
      words.notTaken(postIn('awaiting-approval'), 'outdated'),
      words.notTaken(postIn('publishing'), 'outdated'),
      words.notTaken(postIn('publishing'), 'too-soon'),
      words.notTaken(postIn('publishing'), 'not-now'),
      words.notTaken(postIn('skipped'), 'not-now'),
    ];
    expect(new Set(answers).size).toBe(6);
    expect(words.notSaved('ENOSPC').length).toBeLessThanOrEqual(200);
  });
});

const unchanged = { text: '', shortenedBy: 0, hashtags: 0, droppedHashtags: 0, droppedMentions: 0 };
const tall = { width: 1440, height: 1800, from: { width: 1707, height: 2560 } };

describe('what comes with a preview', () => {
  const picture = pictureRef();
  const shown = { name: 'Email', picture: Buffer.alloc(0) };

  it('names the place and all that has a line of its own there', () => {
    const content = { caption: 'Low light', picture };
    expect(
      words.preview.head({ ...shown, content, subject: 'Low', altText: 'A harbour' }).split('\n'),
    ).toEqual(['👁 Email gets this (1440 × 960)', 'Subject: Low', 'Alt text: A harbour']);
  });

  it('says that there is no text', () => {
    expect(words.preview.head({ ...shown, content: { caption: '', picture } })).toBe(
      '👁 Email gets this picture without a text (1440 × 960)',
    );
  });
});

describe('a line on the card', () => {
  it.each(deliveryStates)('of a delivery that is %s names the platform', (state) => {
    expect(words.delivery({ id: 'email', name: 'Email' }, deliveryIn(state), time)).toContain('Email');
  });

  it.each([
    [{}, {}, 'Email: as shown'],
    [{}, { hashtags: 6, droppedHashtags: 1 }, 'Email: 6 → 5 hashtags'],
    [{}, { hashtags: 2, droppedHashtags: 1 }, 'Email: 2 → 1 hashtag'],
    [{}, { droppedMentions: 2 }, 'Email: 2 names without @'],
    [{}, { shortenedBy: 120 }, 'Email: text shortened by 120 characters'],
    [
      { ...tall, shape: 'white' },
      { hashtags: 8, droppedHashtags: 3, shortenedBy: 1 },
      'Email: 2:3 → 4:5 with white borders, 8 → 5 hashtags, text shortened by 1 character',
    ],
    [{ ...tall, shape: 'black' }, {}, 'Email: 2:3 → 4:5 with black borders'],
    [{ ...tall, shape: 'blurred' }, {}, 'Email: 2:3 → 4:5 with blurred borders'],
    [{ ...tall, shape: 'crop' }, {}, 'Email: 2:3 → 4:5, 17% cut off'],
    [
      { width: 320, height: 320, from: { width: 80, height: 80 } },
      {},
      'Email: enlarged, because it is small',
    ],
    // Too wide by so little that both have the same name.
    [
      { width: 1440, height: 754, from: { width: 1920, height: 1000 }, shape: 'crop' },
      {},
      'Email: 1% cut off',
    ],
    // From before the picture's own size was noted.
    [{ width: 1152, height: 1440, shape: 'white' }, {}, 'Email: white borders'],
  ] as const)('about %o and %o is “%s”', (picture, caption, line) => {
    expect(words.changes('Email', pictureRef(picture), { ...unchanged, ...caption }, true)).toBe(line);
  });

  it.each(['format', 'bytes', 'size', 'ratio', 'text-length', 'hashtags', 'mentions'] as const)(
    'about a platform that is left out for its %s says why',
    (misfit) => {
      expect(words.leftOut('Email', misfit)).toMatch(
        /^🚫 Email: left out, because .+\. This is a mistake of mine/,
      );
    },
  );
});

it('says of a platform that changes nothing what that means on a card that shows a part', () => {
  expect(words.changes('Email', pictureRef(), unchanged, false)).toBe('Email: unchanged');
});

describe('a list', () => {
  const queue = (names: readonly string[], total: number, setAside: readonly SetAside[]) =>
    words.queue({ names, from: 0, total, setAside, waiting: [], scheduled: [] });

  it('of the queue counts what is not shown', () => {
    expect(queue(['a.jpg', 'b.jpg'], 2, [])).toBe('Next, by their numbers:\n1. a.jpg\n2. b.jpg');
    expect(queue(['a.jpg'], 2, [])).toContain('… and 1 more photo');
    expect(queue(['a.jpg'], 9, [])).toContain('… and 8 more photos');
    expect(queue([], 0, [])).toContain('no photos left');
  });

  it.each([
    ['a.heic', true],
    ['b.HEIF', true],
    ['c.avif', true],
    ['d.jpg', false],
    ['heic', false],
  ])('of the queue says why a frame is empty: %s', (name, isTold) => {
    expect(queue(['x.jpg', name], 2, []).includes('frames stay empty')).toBe(isTold);
  });

  it('of the queue says what was left aside, and the first names', () => {
    const at = '2026-11-22T09:00:00.000Z';
    const named = (name: string) => ({ name, at });
    const broken = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg'].map(named);
    const setAside = [...broken, { ...named('f.jpg'), reason: 'seen-before' as const }];
    expect(queue(['z.jpg'], 1, setAside)).toBe(
      'Next, by their numbers:\n1. z.jpg\n\n5 files I cannot read: a.jpg, b.jpg, c.jpg and 2 more\n\n1 photo published before: f.jpg',
    );
    expect(queue([], 0, setAside)).toContain('5 files I cannot read');
    const large = [{ ...named('g.tif'), reason: 'too-large' as const }];
    expect(queue([], 0, large)).toContain('1 file larger than 100 MB: g.tif');
  });

  it('of the queue fits below a picture, however long the names are', () => {
    const names = Array.from({ length: 9 }, (_, index) => `${index}${'👨‍👩‍👧‍👦'.repeat(40)}.jpg`);
    const setAside = names.map((name) => ({ name, at: '2026-11-22T09:00:00.000Z' }));
    expect(queue(names, 900, setAside).length).toBeLessThanOrEqual(1024);
  });

  it('of photos of one name shows some', () => {
    const names = Array.from({ length: 20 }, (_, index) => photoNamed(`photo-${index}.jpg`).name);
    const several = words.notice({ kind: 'several', names }, time, date);
    expect(several).toContain('photo-7.jpg');
    expect(several).not.toContain('photo-8.jpg');
  });

  it('of how things stand has only the lines that matter', () => {
    const view = {
      mode: 'review',
      isPaused: false,
      until: undefined,
      next: 'Monday, 09:00',
      photosLeft: 8,
      setAside: [],
      openDrafts: 0,
      scheduled: 0,
      unfinished: 0,
      platforms: ['Telegram channel', 'Email'],
      hasDescriber: true,
      hasCaptionWriter: true,
    } as const;
    expect(words.status(view)).toContain('Photos left: 8\n');
    expect(words.status({ ...view, photosLastUntil: '1 December' }).split('\n')).toEqual([
      'Mode: I ask you first.',
      'Next draft: Monday, 09:00',
      'Photos left: 8, until about 1 December',
      'Publishing to: Telegram channel, Email',
      'Captions: written by the AI',
    ]);
    const complete = { budget: Number.POSITIVE_INFINITY, isComplete: true };
    const lineFor = (spending: SpendingWords) =>
      words
        .status({ ...view, spending })
        .split('\n')
        .at(-1);
    expect(lineFor({ ...complete, dollars: 0.123 })).toBe('AI this month: $0.12');
    expect(lineFor({ ...complete, dollars: 0.001, budget: 1 })).toBe(
      'AI this month: less than $0.01 of $1.00',
    );
    expect(lineFor({ ...complete, dollars: 0, isComplete: false })).toBe(
      'AI this month: $0.00, not counting OpenAI: I do not know what this model costs',
    );
    const troubled = { ...view, mode: 'auto', next: undefined, photosLeft: undefined } as const;
    const lines = words.status({
      ...troubled,
      openDrafts: 1,
      scheduled: 1,
      unfinished: 2,
      hasDescriber: false,
      hasCaptionWriter: false,
    });
    const paused = words.status({ ...view, isPaused: true, until: 'Monday, 09:00' });
    expect(paused).toContain('Paused until Monday, 09:00. /resume ends it now.');
    expect(lines).toContain('Mode: I publish by myself.');
    expect(lines).toContain('none planned');
    expect(lines).toContain('Dropbox does not answer');
    expect(lines).toContain('the photo’s own words, without looking at the picture');
    expect(lines).toContain('Waiting for you: 1 draft. /post shows it again.');
    expect(lines).toContain('Going out later: 1 post. /queue shows when.');
    expect(lines).toContain('Not finished: 2 posts;');
  });
});

describe('the command menu', () => {
  it.each(words.commands)(
    'has a description that Telegram takes for $command',
    ({ command, description }) => {
      // Bot API BotCommand: 1-32 lower-case letters, digits and underscores; description 1-256 characters.
      expect(command).toMatch(/^[a-z0-9_]{1,32}$/);
      expect(description.length).toBeGreaterThan(0);
      expect(description.length).toBeLessThanOrEqual(256);
    },
  );
});
