import { describe, expect, it } from 'vitest';
import { dateIn, dayIn, timeIn } from '#bot/owner-chat.ts';
import type { StatsWords, StatusWords } from '#bot/words/views.ts';
import { type Words, wordsFor } from '#bot/words/words.ts';
import type { Notice } from '#ports/owner-chat.ts';
import type { Misfit } from '#post/content.ts';
import { Problem } from '#post/delivery.ts';
import { Mode } from '#post/settings.ts';
import { Shape } from '#post/shape.ts';
import { deliveryIn, deliveryStates, pictureRef, postIn, postStates } from '../fakes/posts.ts';

const languages = ['en', 'de'] as const;
const at = '2026-11-22T09:00:00.000Z';
const unreachable = { kind: 'unreachable' } as const;
const ids = ['telegram', 'instagram', 'email', 'owner-chat', 'replicate', 'openai', 'dropbox'];
const details = [
  'Forbidden: bot was kicked from the channel chat',
  'Forbidden: bot was blocked by the user',
  'Bad Request: group chat was upgraded to a supergroup chat: -1001234567890',
  'missing_scope',
  'too many login attempts',
  'two_factor_required',
  'needs_upgrade',
  'login_required',
  'bad_password',
  'no STARTTLS',
  'CERT_HAS_EXPIRED',
];
const notices: readonly Notice[] = [
  { kind: 'preparing', name: 'a.jpg' },
  { kind: 'still-preparing' },
  { kind: 'no-photos' },
  { kind: 'running-low', photosLeft: 1, last: new Date(at) },
  { kind: 'running-low', photosLeft: 5, last: new Date(at) },
  { kind: 'running-low', photosLeft: 0, last: undefined },
  { kind: 'not-found', name: 'a.jpg' },
  { kind: 'several', names: ['a.jpg', 'b.jpg'] },
  ...([undefined, 'too-large', 'seen-before', 'removed', 'never'] as const).flatMap((reason) =>
    [['a.jpg'], ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']].map(
      (names) => ({ kind: 'photos-set-aside', reason, names }) as const,
    ),
  ),
  { kind: 'photo-gone', name: 'a.jpg' },
  ...(['listing', 'drafting', 'archiving', 'working'] as const).map(
    (doing) => ({ kind: 'service-down', service: 'Dropbox', problem: unreachable, doing }) as const,
  ),
  { kind: 'not-saved', code: 'ENOSPC' },
  { kind: 'not-saved', code: 'EIO' },
  { kind: 'state-recovered' },
  { kind: 'state-put-back', writtenAt: at },
  { kind: 'state-put-back', writtenAt: undefined },
  { kind: 'history-damaged', months: ['2026-11'] },
  { kind: 'slot-missed', at: new Date(at) },
  { kind: 'token-not-renewed', service: 'Instagram', daysLeft: 1 },
  { kind: 'token-not-renewed', service: 'Instagram', daysLeft: 5 },
  { kind: 'gave-up' },
];
const setAside = ([undefined, 'too-large', 'seen-before', 'removed', 'never'] as const).map((reason) => ({
  ...{ name: 'a.jpg', at },
  ...(reason !== undefined && { reason }),
}));
const plan = { isPaused: true, until: '24.12.', next: '1.1.' };
const view: StatusWords = {
  ...{
    ...plan,
    mode: 'auto',
    photosLeft: 8,
    photosLastUntil: '1.12.',
    setAside,
    openDrafts: 1,
    scheduled: 1,
    unfinished: 2,
  },
  ...{ platforms: ['Telegram channel', 'Email'], hasDescriber: true, hasCaptionWriter: true },
  spending: { dollars: 0.5, budget: 2, isComplete: false },
};
const numbers: StatsWords = {
  thisMonth: 3,
  inAll: 214,
  places: [
    { name: 'Telegram channel', published: 99, settled: 99 },
    { name: 'Email', published: 399, settled: 400 },
  ],
  medianSeconds: 14,
  spending: { dollars: 0.31, budget: 2, isComplete: false },
  reactions: 57,
};
const fitted = { text: '', shortenedBy: 12, hashtags: 6, droppedHashtags: 1, droppedMentions: 2 };
const tall = { width: 1440, height: 1800, from: { width: 1707, height: 2560 } };
const shown = { name: 'Email', picture: Buffer.alloc(0), subject: '1', altText: '2' };
const code = [{ from: 'app' }, { from: 'message' }, { from: 'message', phone: '12' }] as const;
const services = [
  { id: 'dropbox', name: 'Dropbox', check: { state: 'works' } },
  { id: 'email', name: 'Email', check: { state: 'unknown' } },
  { id: 'openai', name: 'OpenAI', check: { state: 'broken', problem: { kind: 'no-credit' } } },
] as const;

/** What each function says of examples of everything that it can be asked for, by its name. */
const examples: Readonly<Record<string, (words: Words) => readonly string[]>> = {
  'buttons.shape': ({ buttons }) => Shape.options.map((shape) => buttons.shape(shape, true)),
  'buttons.tryAgain': ({ buttons }) => [buttons.tryAgain('X')],
  'buttons.leaveOut': ({ buttons }) => [buttons.leaveOut('X')],
  'buttons.itIsThere': ({ buttons }) => [buttons.itIsThere('X')],
  'buttons.notThere': ({ buttons }) => [buttons.notThere('X')],
  'buttons.leaveIt': ({ buttons }) => [buttons.leaveIt('X')],
  'buttons.look': ({ buttons }) => [buttons.look('X')],
  'card.photo': ({ card }) => [card.photo('a.jpg', 1, 2)],
  'card.lookAlike': ({ card }) =>
    [true, false].map((isSame) => card.lookAlike({ name: 'a.jpg', day: '2026-11-12', isSame })),
  'card.archived': ({ card }) => [card.archived('/a.jpg')],
  'card.waits.undo': ({ card }) => [card.waits.undo('12:34')],
  'card.waits.later': ({ card }) => [card.waits.later('12:34')],
  'card.waits.veto': ({ card }) => [card.waits.veto('12:34')],
  'card.notThere': ({ card }) => [card.notThere('X')],
  'card.mayStillBeThere': ({ card }) => [card.mayStillBeThere(['X', 'Y'])],
  'card.withdrawn': ({ card }) => [card.withdrawn('/a.jpg')],
  'card.altText': ({ card }) => [card.altText('X')],
  decidedBy: ({ decidedBy }) =>
    (['approved', 'published', 'skipped', 'withdrawn'] as const).map((did) => decidedBy(did, 'X')),
  expired: ({ expired }) =>
    (['unreadable', 'gone', 'edited', 'moved', 'deleted', 'put-back'] as const).flatMap((reason) => [
      expired(reason, true),
      expired(reason, false),
    ]),
  remark: ({ remark }) =>
    (
      [
        ...(['no-words', 'no-ai', 'not-described', 'ai-failed', 'over-budget', 'no-credit'] as const),
        ...(['no-credit-to-look', 'same-again', 'caption-kept'] as const),
      ] as const
    ).map(remark),
  changes: ({ changes }) => [
    ...Shape.options.map((shape) => changes('X', pictureRef({ ...tall, shape }), fitted, true)),
    ...[true, false].map((isWhole) =>
      changes(
        'X',
        pictureRef(),
        { ...fitted, shortenedBy: 0, droppedHashtags: 0, droppedMentions: 0 },
        isWhole,
      ),
    ),
    changes('X', pictureRef({ width: 320, height: 320, from: { width: 80, height: 80 } }), fitted, true),
  ],
  fullSizeFollows: ({ fullSizeFollows }) => [fullSizeFollows(pictureRef())],
  leftOut: ({ leftOut }) => misfits.map((misfit) => leftOut('X', misfit)),
  notMadeFor: ({ notMadeFor }) => [notMadeFor('X')],
  wasLeftOut: ({ wasLeftOut }) => [wasLeftOut('X')],
  'preview.fullSize': ({ preview }) => [
    preview.fullSize({ ...shown, content: { caption: '', picture: pictureRef(), fullSize: pictureRef() } }),
  ],
  'preview.head': ({ preview }) =>
    ['', 'X'].map((caption) => preview.head({ ...shown, content: { caption, picture: pictureRef() } })),
  delivery: ({ delivery }) =>
    deliveryStates.map((state) => delivery({ id: 'email', name: 'X' }, deliveryIn(state), (iso) => iso)),
  problem: ({ problem }) =>
    ids.flatMap((id) =>
      Problem.shape.kind.options.flatMap((kind) => [
        problem({ id, name: id === 'dropbox' ? 'Dropbox' : 'X' }, { kind }),
        ...code.map((each) =>
          problem({ id, name: 'X' }, { kind, detail: 'two_factor_required', code: each }),
        ),
        ...details.map((detail) => problem({ id, name: 'X' }, { kind, detail }).replaceAll(detail, '')),
      ]),
    ),
  'taken.mode': ({ taken }) => Mode.options.map((mode) => taken.mode(mode, 30)),
  notTaken: ({ notTaken }) => [
    notTaken(undefined),
    ...postStates.flatMap((state) =>
      (['outdated', 'not-now', 'too-soon'] as const).map((refused) => notTaken(postIn(state), refused)),
    ),
    notTaken(postIn('expired', { reason: 'edited' })),
  ],
  'asking.caption.ask': ({ asking }) => [asking.caption.ask('a.jpg')],
  'asking.direction.ask': ({ asking }) => [asking.direction.ask('a.jpg')],
  'asking.alt-text.ask': ({ asking }) => [asking['alt-text'].ask('a.jpg')],
  'asking.time.ask': ({ asking }) => [asking.time.ask('a.jpg')],
  'menu.at.hour': ({ menu }) => [menu.at.hour('12:34')],
  'menu.at.tonight': ({ menu }) => [menu.at.tonight('12:34')],
  'menu.at.tomorrow': ({ menu }) => [menu.at.tomorrow('12:34')],
  'menu.fullSize': ({ menu }) => [menu.fullSize('X')],
  'menu.yesAt': ({ menu }) => [menu.yesAt('12:34')],
  timeAsked: ({ timeAsked }) => [timeAsked('12:34')],
  directed: ({ directed }) => [directed('X'), directed('X'.repeat(200))],
  'stats.text': ({ stats }) => [
    stats.text(numbers),
    stats.text({ ...numbers, thisMonth: 0, places: [], medianSeconds: undefined, reactions: 0 }),
    ...[0.4, 1, 600].map((medianSeconds) => stats.text({ ...numbers, medianSeconds, spending: undefined })),
  ],
  'stats.reactions': ({ stats }) => [1, 2].map(stats.reactions),
  'history.head': ({ history }) => ['', 'X'].map(history.head),
  'history.place': ({ history }) =>
    deliveryStates.flatMap((state) => (state === 'published' ? [] : [history.place('Ort', state)])),
  'history.none': ({ history }) => ['', 'X'].map(history.none),
  retrying: ({ retrying }) => [retrying([]), retrying(['X', 'X', 'Y'])],
  'takeDown.ask': ({ takeDown }) => [takeDown.ask('a.jpg')],
  'codeEntry.ask': ({ codeEntry }) => code.map((each) => codeEntry.ask('X', each)),
  'codeEntry.wrong': ({ codeEntry }) => [codeEntry.wrong('X')],
  'codeEntry.unanswered': ({ codeEntry }) => [codeEntry.unanswered('X')],
  'codeEntry.over': ({ codeEntry }) => [codeEntry.over('X')],
  'codeEntry.refused': ({ codeEntry }) => [codeEntry.refused('X')],
  'codeEntry.taken': ({ codeEntry }) => [codeEntry.taken('X')],
  'codeEntry.takenButNotSaved': ({ codeEntry }) => [codeEntry.takenButNotSaved('X')],
  status: ({ status }) => [
    status(view),
    status({ ...view, mode: 'review', isPaused: false, next: undefined, photosLeft: undefined }),
    status({ ...view, hasDescriber: false, hasCaptionWriter: false, openDrafts: 2, unfinished: 1 }),
    status({ ...view, spending: { dollars: 0.001, budget: Number.POSITIVE_INFINITY, isComplete: true } }),
  ],
  checkup: ({ checkup }) => [checkup([]), checkup(services)],
  checked: ({ checked }) => services.map(checked),
  queue: ({ queue }) => {
    const view = { names: [], from: 0, total: 0, setAside, waiting: [], scheduled: [] };
    const scheduled = [{ name: 'a.jpg', at: '1.1.' }];
    return [
      queue(view),
      queue({ ...view, names: ['a.heic'], total: 2, waiting: ['a.jpg'], scheduled }),
      queue({ ...view, names: ['a.jpg'], from: 9, total: 19 }),
    ];
  },
  'queueButtons.removed': ({ queueButtons }) => [queueButtons.removed(2)],
  photosIn: ({ photosIn }) =>
    (['draft', 'next', 'published', 'no-picture', 'too-large', 'failed'] as const).flatMap((became) => {
      const photo = { name: 'a.jpg', became, ...(became === 'failed' && { trouble: '' }) };
      return [photosIn([photo], true), photosIn([photo, photo], false)];
    }),
  queuedPhoto: ({ queuedPhoto }) => [queuedPhoto(1, 'a.jpg')],
  removedPhotos: ({ removedPhotos }) => [0, 1, 2].map(removedPhotos),
  paused: ({ paused }) => [paused(plan), paused({ ...plan, until: undefined })],
  resumed: ({ resumed }) => [resumed(plan), resumed({ ...plan, next: undefined })],
  autoMode: ({ autoMode }) => Mode.options.map((mode) => autoMode(mode, 30)),
  'settings.seconds': ({ settings }) => [settings.seconds(10)],
  'settings.minutes': ({ settings }) => [settings.minutes(10)],
  'settings.hours': ({ settings }) => [settings.hours(10)],
  'settings.days': ({ settings }) => [settings.days(10)],
  'settings.isNow': ({ settings }) => [settings.isNow('X', 'Y')],
  'settings.choose': ({ settings }) => [settings.choose('X', 'Y')],
  'settings.changed': ({ settings }) => [settings.changed('X', 'Y')],
  'settings.undone': ({ settings }) => [settings.undone('X', 'Y')],
  'settings.historyLine': ({ settings }) => [settings.historyLine('1.1.', 'Ada', 'X', 'Y')],
  'settings.nextDrafts': ({ settings }) => [settings.nextDrafts(['1.1.', '2.1.'])],
  notSaved: ({ notSaved }) => [notSaved('ENOSPC'), notSaved('EIO')],
  notice: ({ notice }) =>
    notices.map((each) =>
      notice(
        each,
        () => '9:00',
        () => '1.12.',
      ),
    ),
  place: ({ place }) => [place('Telegram channel'), place('Email')],
};
const misfits = [
  'format',
  'bytes',
  'size',
  'ratio',
  'text-length',
  'hashtags',
  'mentions',
] as const satisfies readonly Misfit[];

/** Every text of a language by its name, such as `card.failed`; several texts of one function are counted. */
function textsOf(words: Words): ReadonlyMap<string, string> {
  const texts = (value: unknown, name: string): readonly (readonly [string, string])[] => {
    if (typeof value === 'string') return [[name, value]];
    if (typeof value === 'function') {
      const said = examples[name];
      if (said === undefined) throw new Error(`There is no example of ${name}`);
      return said(words).map((text, index) => [`${name} ${index}`, text]);
    }
    return Object.entries(value as object).flatMap(([key, part]) =>
      texts(part, name === '' ? key : `${name}.${key}`),
    );
  };
  return new Map(texts(words, ''));
}

const englishWords =
  /\b(the|and|is|are|not|you|your|it|to|of|with|photos?|drafts?|captions?|press|published|left|sent)\b/i;
const english = textsOf(wordsFor('en'));
const german = textsOf(wordsFor('de'));

describe('the two languages', () => {
  it('have the same texts', () => {
    expect([...german.keys()]).toEqual([...english.keys()]);
  });

  it('have no text in common but what is no word of a language', () => {
    const same = [...english].filter(([name, text]) => german.get(name) === text).map(([name]) => name);
    expect(same.filter((name) => !/^commands\.\d+\.command$/.test(name))).toEqual([]);
  });

  it('offer the same commands in the same order', () => {
    const names = languages.map((language) => wordsFor(language).commands.map(({ command }) => command));
    expect(names[1]).toEqual(names[0]);
  });

  it('do not get mixed up: there is no English in the German one', () => {
    // Names of settings, commands, files and pages are not translated.
    const proseOf = (text: string) => text.replace(/[\w.-]*[_/.][\w./-]+|npm run \S+/g, '');
    expect([...german.values()].map(proseOf).filter((prose) => englishWords.test(prose))).toEqual([]);
  });

  it('use quotation marks of their own', () => {
    expect([...german.values()].filter((text) => /["']|“[^“”]*”/.test(text))).toEqual([]);
    expect([...english.values()].filter((text) => /["']|„/.test(text))).toEqual([]);
  });

  it.each([
    ['de', 'Samstag, 12. Dezember um 09:05', '12. Dezember'],
    ['en', 'Saturday 12 December at 09:05', '12 December'],
  ] as const)('say a day in their own way: %s', (language, day, date) => {
    const { locale } = wordsFor(language);
    const at = new Date('2026-12-12T09:05:00Z');
    expect(dayIn('UTC', locale)(at)).toBe(day);
    expect(dateIn('UTC', locale)(at)).toBe(date);
    expect(timeIn('UTC', locale)(at.toISOString())).toBe('09:05');
  });
});

describe.each(languages)('every text in %s', (language) => {
  const texts = [...textsOf(wordsFor(language))];
  const lengthOver = (most: number, named: RegExp) =>
    texts.filter(([name, text]) => named.test(name) && text.length > most);

  it('says something in each line without its emoji', () => {
    const lines = texts.flatMap(([, text]) => text.split('\n').filter((line) => line !== ''));
    expect(lines.filter((line) => !/\p{L}/u.test(line))).toEqual([]);
  });

  // Bot API: sendMessage, answerCallbackQuery, BotCommand.
  it.each([
    ['a message', 4096, /./],
    [
      'the answer to a tap',
      200,
      /^(taken|notTaken|notSaved|settings\.(wrong|changedSince)|preview\.(coming|underway|nothing|failed))/,
    ],
    ['the description of a command', 256, /\.description$/],
    ['the text below the queue', 1024, /^queue/],
  ])('fits into %s', (_, most, named) => {
    expect(lengthOver(most, named)).toEqual([]);
  });

  it('has buttons short enough for a phone, for the longest name of a place', () => {
    const { buttons, place } = wordsFor(language);
    const name = place('Telegram channel');
    const { shape, tryAgain, leaveOut, itIsThere, notThere, leaveIt, look, ...plain } = buttons;
    const named = [tryAgain, leaveOut, itIsThere, notThere, leaveIt, look].map((button) => button(name));
    const shapes = Shape.options.map((each) => shape(each, true));
    for (const text of [...named, ...shapes, ...Object.values(plain)]) {
      expect(text.length).toBeLessThanOrEqual(64);
    }
  });

  it('has a help that fits a phone', () => {
    expect(wordsFor(language).help.length).toBeLessThanOrEqual(1500);
  });
});
