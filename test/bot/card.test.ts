import { describe, expect, it } from 'vitest';
import { cardOf } from '#bot/card.ts';
import type { CardView } from '#bot/card-view.ts';
import { wordsFor } from '#bot/words/words.ts';
import { platformDefinitions } from '#platforms/index.ts';
import type { Delivery, Problem } from '#post/delivery.ts';
import { shownName } from '#post/file-name.ts';
import type { Post } from '#post/post.ts';
import {
  at,
  captionOf,
  deliveryIn,
  deliveryStates,
  draftOf,
  frozen,
  photoNamed,
  pictureRef,
  postIn,
  postStates,
} from '../fakes/posts.ts';

const [telegram, instagram] = platformDefinitions;

function card(post: Post, now = new Date(at)): CardView {
  const at = (iso: string) => `<${iso}>`;
  return cardOf(
    frozen(post),
    platformDefinitions,
    { words: wordsFor('en'), time: at, day: at, nameOf: () => undefined },
    now,
  );
}

/** The buttons in rows: their text, and what a tap on them says or opens. */
function buttons(post: Post, now?: Date): readonly (readonly string[])[] {
  return card(post, now).keyboard.map((row) =>
    row.map((button) => {
      const target = 'callback_data' in button ? button.callback_data : 'url' in button ? button.url : '';
      return `${button.text} → ${target}`;
    }),
  );
}

function published(
  deliveries: Readonly<Record<string, Delivery>>,
  state: 'publishing' | 'archived' = 'publishing',
) {
  return postIn(state, { deliveries });
}

const decisions = (id: string, revision: number) => [
  [
    `✅ Publish → publish:${id}:${revision}`,
    `🔄 Regenerate → regenerate:${id}:${revision}`,
    `⏭ Skip → skip:${id}:${revision}`,
  ],
  [
    `✏️ Edit → edit:${id}:${revision}`,
    `🕒 Later → menu:${id}:${revision}:later`,
    `📣 Where → menu:${id}:${revision}:where`,
    `⋯ More → menu:${id}:${revision}:more`,
  ],
  [`🎨 Style → menu:${id}:${revision}:style`],
];

it('has a button for a code only where a platform waits for one', () => {
  const problem = { kind: 'check-point', detail: 'two_factor_required' } as const;
  const failed = (given: Problem) => published({ instagram: deliveryIn('failed', { problem: given }) });
  const id = postIn('published').id;
  expect(buttons(failed(problem))[0]).toEqual([`🔁 Try Instagram again → retry:${id}:instagram:1`]);
  expect(buttons(failed({ ...problem, code: { from: 'app' } }))).toEqual([
    [`🔢 Enter the code → code:${id}:instagram:1`],
    [`🔁 Try Instagram again → retry:${id}:instagram:1`],
    [`Leave Instagram out → drop:${id}:instagram:1`],
  ]);
});

const tall = pictureRef({
  width: 1440,
  height: 1800,
  shape: 'white',
  from: { width: 2000, height: 3000 },
});

describe('the card of a draft', () => {
  it('has the caption, the photo’s name and what each platform changes', () => {
    const pictures = { telegram: pictureRef(), instagram: tall };
    const captions = [captionOf('Low light.\n\n#a #b #c #d #e #f #g')];
    expect(card(postIn('awaiting-approval', { draft: draftOf({ pictures }), captions })).text).toBe(
      [
        'Low light.',
        '',
        '#a #b #c #d #e #f #g',
        '',
        '———',
        '📷 harbour.jpg',
        'Telegram channel: as shown',
        'Instagram: 2:3 → 4:5 with white borders, 7 → 5 hashtags',
        '🚫 Instagram: left out, because this draft was made before Instagram was set up.',
        '🚫 Email: left out, because this draft was made before Email was set up.',
      ].join('\n'),
    );
  });

  it('says that a text is too long for a platform', () => {
    const captions = [captionOf(`${'word '.repeat(300)}#one`)];
    expect(card(postIn('awaiting-approval', { captions })).text).toContain(
      'Telegram channel: text shortened by 485 characters',
    );
  });

  it('shows the newest text and counts the drafts', () => {
    const captions = [captionOf('First'), captionOf('Second')];
    const { text } = card(postIn('awaiting-approval', { captions, revision: 2 }));
    expect(text).toMatch(/^Second\n/);
    expect(text).toContain('📷 harbour.jpg · caption 2/2');
  });

  it('asks for a text where there is none', () => {
    expect(card(postIn('awaiting-approval', { captions: [captionOf('')] })).text).toContain('No caption yet');
  });

  it.each([
    ['no-ai', 'No AI is set up'],
    ['ai-failed', 'The AI did not answer, so this text is a stopgap'],
    ['caption-kept', 'the caption stays'],
    ['no-words', 'The AI cannot see the picture'],
    ['not-described', 'Replicate could not look at the picture'],
    ['no-credit', 'Your credit at OpenAI is used up'],
    ['no-credit-to-look', 'Your credit at Replicate is used up'],
    ['over-budget', 'more than is left of this month’s budget'],
    ['same-again', 'the same words again'],
  ] as const)('says how it came to be: %s', (remark, words) => {
    expect(card(postIn('awaiting-approval', { draft: draftOf({ remark }) })).text).toContain(words);
  });

  it('warns of a text that the AI was perhaps tricked into, the newest one', () => {
    const tricked = captionOf('Low light', { isSuspicious: true });
    const warned = postIn('awaiting-approval', { captions: [tricked] });
    expect(card(warned).text).toContain('⚠️');
    const rewritten = postIn('awaiting-approval', { captions: [tricked, captionOf('Mine')] });
    expect(card(rewritten).text).not.toContain('⚠️');
  });

  it('shows the alt text in a line of its own, the one that goes out', () => {
    const first = captionOf('First', { altText: 'A rock' });
    const { text } = card(postIn('awaiting-approval', { captions: [first, captionOf('Mine')] }));
    expect(text.split('\n').at(-1)).toBe('Alt text: A rock');
    expect(card(postIn('awaiting-approval')).text).not.toContain('Alt text');
    expect(card(postIn('archived', { captions: [first] })).text).not.toContain('Alt text');
  });

  it('shows the alt text only where there is room, and the whole caption all the same', () => {
    const bare = card(postIn('awaiting-approval', { captions: [captionOf('a')] })).text.length;
    const line = '\nAlt text: A rock'.length;
    const captions = (length: number) => [captionOf('a'.repeat(length), { altText: 'A rock' })];
    const fits = card(postIn('awaiting-approval', { captions: captions(1025 - bare - line) })).text;
    expect(fits).toContain('Alt text');
    expect(fits).toHaveLength(1024);
    const full = card(postIn('awaiting-approval', { captions: captions(1026 - bare - line) }));
    expect(full.text).not.toContain('Alt text');
    expect(full.text).not.toContain('Only the beginning');
  });

  it('has buttons that carry the revision they decide about', () => {
    const post = postIn('awaiting-approval', { revision: 3 });
    expect(buttons(post)).toEqual(decisions(post.id, 3));
  });

  describe('whose picture has a shape that is not taken', () => {
    const black = { ...tall, shape: 'black' as const };
    const shapes = {
      'instagram-official': { white: tall, black, blurred: { ...tall, shape: 'blurred' as const } },
    };
    const pictures = { telegram: pictureRef(), 'instagram-official': tall };
    const id = '2026-11-22-zzzzzzzz';
    const post = postIn('awaiting-approval', { id, revision: 999_999, draft: draftOf({ pictures, shapes }) });

    it('has a button for each shape, with a mark on the one that goes out', () => {
      const row = (...marks: readonly string[]) =>
        marks.map((text) => {
          const shape = text.replace('✓ ', '').toLowerCase();
          return `${text} → shape:${id}:999999:instagram-official:${shape}`;
        });
      expect(buttons(post)[3]).toEqual(row('✓ White', 'Black', 'Blurred'));
      const chosen = draftOf({ pictures: { ...pictures, 'instagram-official': black }, shapes });
      expect(buttons({ ...post, draft: chosen })[3]).toEqual(row('White', '✓ Black', 'Blurred'));
    });

    it('has no data that Telegram does not take', () => {
      for (const button of card(post).keyboard.flat()) {
        expect(Buffer.byteLength('callback_data' in button ? button.callback_data : '')).toBeLessThanOrEqual(
          64,
        );
      }
    });
  });

  describe('that a platform would refuse', () => {
    const broad = pictureRef({ width: 4000, height: 3000 });

    it('says which one is left out and why', () => {
      const pictures = { telegram: pictureRef(), instagram: broad };
      const post = postIn('awaiting-approval', { draft: draftOf({ pictures }) });
      expect(card(post).text).toContain('🚫 Instagram: left out, because it takes no picture of this size.');
      expect(buttons(post)).toEqual(decisions(post.id, 1));
    });

    it('says so once it has gone out elsewhere', () => {
      const draft = draftOf({ pictures: { telegram: pictureRef(), instagram: broad } });
      const { text } = card(postIn('archived', { draft }));
      expect(text).toContain('🚫 Instagram: left out, because it would have refused this.');
      expect(text).not.toContain('Email');
    });

    it('cannot be published when none would take it', () => {
      const post = postIn('awaiting-approval', { draft: draftOf({ pictures: { instagram: broad } }) });
      const without = (label: string) => (button: string) => !button.includes(label);
      const [first = [], second = [], ...others] = decisions(post.id, 1);
      expect(buttons(post)).toEqual([
        first.filter(without('Publish')),
        second.filter(without('Later')),
        ...others,
      ]);
      expect(card(post).text).toContain('It goes nowhere now');
    });
  });

  it('says which platform is left out because it was set up later', () => {
    expect(card(postIn('awaiting-approval')).text).toContain(
      '🚫 Instagram: left out, because this draft was made before Instagram was set up.',
    );
  });

  it('has no buttons when it goes out by itself, and says so', () => {
    const post = postIn('awaiting-approval', { isAutomatic: true });
    expect(buttons(post)).toEqual([]);
    expect(card(post).text).toContain('goes out by itself');
  });

  it.each([
    ['changed', { revision: 2 }],
    ['suspicious', { captions: [captionOf('Low', { isSuspicious: true })] }],
  ])('asks when an automatic one is %s', (_, over) => {
    const post = postIn('awaiting-approval', { isAutomatic: true, ...over });
    expect(buttons(post)).toEqual(decisions(post.id, post.revision));
    expect(card(post).text).not.toContain('goes out by itself');
  });

  it.each([
    ['drafting', 'Writing another caption'],
    ['skipped', 'Skipped'],
    ['expired', 'I cannot use this photo'],
  ] as const)('that is %s says so and has no buttons', (state, words) => {
    expect(card(postIn(state)).text).toContain(words);
    expect(buttons(postIn(state))).toEqual([]);
  });

  it.each([
    ['edited', 'Not published: the photo was changed after this draft.'],
    ['moved', 'Not published: the photo was moved out of your photo folder after this draft.'],
    ['deleted', 'Not published: the photo is no longer in your Dropbox.'],
  ] as const)('whose photo was %s says so, and what comes next', (reason, words) => {
    expect(card(postIn('expired', { reason })).text).toContain(`${words} /post brings the next draft.`);
    const slot = '2026-11-22T09:00[UTC]';
    expect(card(postIn('expired', { reason, slot })).text).toContain(`${words} I take another one.`);
  });
});

// A finished post leaves the state, so that its text can no longer be asked for: the button is a dead one.
it.each(['skipped', 'expired', 'archived'] as const)(
  'has no button for the text of a post that is %s',
  (state) => {
    const captions = [captionOf('word '.repeat(300))];
    expect(
      buttons(postIn(state, { captions }))
        .flat()
        .filter((button) => button.includes('text:')),
    ).toEqual([]);
  },
);

describe('the card of a post on its way', () => {
  const { id } = postIn('publishing');

  it.each([
    [deliveryIn('waiting'), '⏳ Instagram: waiting', []],
    [deliveryIn('sending'), '📤 Instagram: sending …', []],
    [deliveryIn('dropped'), '➖ Instagram: left out', []],
    [deliveryIn('dropped', { mayBeOut: true }), '➖ Instagram: left as it is', []],
    [
      deliveryIn('published', { missed: ['a@example.com', 'b@example.com'], url: 'https://x.example/1' }),
      '✅ Instagram: published, but not to a@example.com, b@example.com',
      [['Open in Instagram → https://x.example/1']],
    ],
    [
      deliveryIn('published', { url: 'https://instagram.com/p/1' }),
      '✅ Instagram: published',
      [['Open in Instagram → https://instagram.com/p/1']],
    ],
    [
      deliveryIn('failed', { round: 2 }),
      '❌ Instagram: not published. It did not take it.',
      [
        [`🔁 Try Instagram again → retry:${id}:instagram:2`],
        [`Leave Instagram out → drop:${id}:instagram:2`],
      ],
    ],
    [
      deliveryIn('uncertain'),
      '❓ Instagram: the connection was lost',
      [
        [`Instagram: it is there → seen:${id}:instagram:1`],
        [`Instagram: not there, send again → retry:${id}:instagram:1`],
        [`Instagram: I don’t know, leave it → drop:${id}:instagram:1`],
      ],
    ],
  ])('shows how each delivery stands: %#', (delivery, line, expected) => {
    for (const state of ['publishing', 'archived'] as const) {
      expect(card(published({ instagram: delivery }, state)).text).toContain(line);
      const takeDown =
        state === 'archived' && delivery.state === 'published' ? [[`🗑 Take down → takedown:${id}`]] : [];
      expect(buttons(published({ instagram: delivery }, state))).toEqual([...expected, ...takeDown]);
    }
  });

  it('has no link where the platform tells none, and says who saw it', () => {
    const { url: _, ...seen } = deliveryIn('published', { via: 'owner' });
    expect(buttons(published({ email: seen }))).toEqual([]);
    expect(card(published({ email: seen })).text).toContain('✅ Email: published, as you saw');
  });

  it('says when it is tried again and why, in the owner’s time', () => {
    const waiting = deliveryIn('waiting', {
      notBefore: '2026-11-22T09:05:00.000Z',
      problem: { kind: 'timeout' },
    });
    expect(card(published({ instagram: waiting })).text).toContain(
      '⏳ Instagram: It did not answer in time. Trying again at <2026-11-22T09:05:00.000Z>.',
    );
  });

  it('keeps a line and the buttons for a platform that is no longer set up', () => {
    const failed = deliveryIn('failed', { problem: { kind: 'not-set-up' } });
    expect(card(published({ fax: failed })).text).toContain('❌ fax: not published. It is no longer set up.');
    expect(buttons(published({ fax: failed }))).toEqual([
      [`🔁 Try fax again → retry:${id}:fax:1`],
      [`Leave fax out → drop:${id}:fax:1`],
    ]);
  });

  it('has a row for each button, platform after platform', () => {
    const deliveries = {
      telegram: deliveryIn('published'),
      instagram: deliveryIn('sending'),
      email: deliveryIn('uncertain'),
    };
    expect(buttons(published(deliveries)).map((row) => row.length)).toEqual([1, 1, 1, 1]);
  });

  it('has no buttons for what failed once it is put away, and says so', () => {
    const weeksLater = new Date(Date.parse(at) + 14 * 24 * 60 * 60 * 1000);
    const deliveries = { telegram: deliveryIn('published'), email: deliveryIn('failed') };
    const post = published(deliveries, 'archived');
    expect(buttons(post)).toHaveLength(4);
    expect(card(post).text).not.toContain('A week has passed');
    expect(buttons(post, weeksLater)).toEqual([
      ['Open in Telegram channel → https://t.me/light/7'],
      [`🗑 Take down → takedown:${id}`],
    ]);
    expect(card(post, weeksLater).text).toContain('A week has passed');
  });

  it.each([
    [postIn('published'), '🗂 Moving the photo to the archive …'],
    [postIn('archived', { archivedPath: '/archive/harbour.jpg' }), '🗂 Archived: /archive/harbour.jpg'],
    [postIn('archived'), '🗂 The photo was changed or moved'],
    [postIn('failed'), 'It was not published anywhere.'],
  ])('says how it ended: %#', (post, words) => {
    expect(card(post).text).toContain(words);
  });
});

describe('the card of a post that is taken down', () => {
  it('offers nothing to try again meanwhile', () => {
    const deliveries = { telegram: deliveryIn('withdrawn'), email: deliveryIn('failed') };
    expect(buttons(postIn('withdrawing', { deliveries }))).toEqual([]);
  });

  it('says what may still be there', () => {
    const fullSize = pictureRef({ width: 6000, height: 4000 });
    const { ref: _, ...unplaced } = deliveryIn('published', { kept: { at }, via: 'owner' });
    const telegram = deliveryIn('withdrawn', { content: { ...deliveryIn('withdrawn').content, fullSize } });
    const deliveries = { telegram, instagram: deliveryIn('dropped', { mayBeOut: true }), email: unplaced };
    const { text } = card(postIn('withdrawn', { deliveries }));
    expect(text).toContain('taken down. Its full-size file may still be there; please look');
    expect(text).toContain('It may still be there: Instagram. Please look');
    expect(text).toContain('📌 Email: still there. I do not know its place there');
    const known = { telegram: { ...telegram, fullSize: 'sent' as const }, email: deliveryIn('dropped') };
    expect(card(postIn('withdrawn', { deliveries: known })).text).not.toContain('may still be there');
  });

  it('can be asked for again only where something failed that can be mended', () => {
    const kept = (problem?: Problem) =>
      postIn('archived', {
        deliveries: { email: deliveryIn('published', { kept: { at, ...(problem && { problem }) } }) },
      });
    const offers = (post: Post) =>
      buttons(post)
        .flat()
        .some((button) => button.includes('takedown:'));
    expect([offers(kept()), offers(kept({ kind: 'no-permission' }))]).toEqual([false, true]);
  });
});

describe('what Telegram allows', () => {
  const long: Problem = { kind: 'rejected', detail: 'because of '.repeat(100) };
  const captions = [captionOf('👨‍👩‍👧‍👦 light '.repeat(200))];
  const photo = photoNamed(`${'lang '.repeat(49)}.jpg`);
  const draft = draftOf({ pictures: { telegram: pictureRef(), instagram: tall } });
  const id = '2026-11-22-zzzzzzzz';
  const deliveries = (state: Delivery['state']) =>
    Object.fromEntries(platformDefinitions.map((platform) => [platform.id, deliveryIn(state)]));

  const posts: readonly Post[] = [
    ...postStates.flatMap((state) => [
      postIn(state),
      { ...postIn(state), id, photo, captions, revision: 999_999 },
    ]),
    ...deliveryStates.map((state) =>
      postIn('publishing', { id, photo, captions, deliveries: deliveries(state) }),
    ),
    postIn('awaiting-approval', { photo, captions, draft: { ...draft, remark: 'caption-kept' } }),
    postIn('archived', { photo, captions, archivedPath: `/Photos/archive/${photo.name}` }),
    ...[1, 3].map((count) =>
      postIn('failed', {
        photo,
        captions,
        deliveries: Object.fromEntries(
          platformDefinitions.slice(0, count).map(({ id }) => [id, deliveryIn('failed', { problem: long })]),
        ),
      }),
    ),
  ];

  it.each(posts)('is kept to by a post that is $state: %#', (post) => {
    const { text, keyboard } = card(post);
    expect(text.length).toBeLessThanOrEqual(1024);
    expect(text.isWellFormed()).toBe(true);
    expect(text).toContain(shownName(post.photo.name));
    for (const button of keyboard.flat()) {
      expect(button.text).not.toBe('');
      if ('callback_data' in button) {
        expect(Buffer.byteLength(button.callback_data)).toBeLessThanOrEqual(64);
      }
    }
  });

  it('leaves room for an unfinished emoji rather than showing a half of it', () => {
    const pictures = Object.fromEntries(platformDefinitions.map(({ id }) => [id, pictureRef()]));
    const { text } = card(postIn('awaiting-approval', { draft: draftOf({ pictures }), captions }));
    const [caption = ''] = text.split('\n\n———\n');
    expect(caption.length).toBeGreaterThan(700);
    expect(caption.replaceAll('👨‍👩‍👧‍👦', '').replaceAll('light', '')).toMatch(/^ *…$/);
  });

  it('knows the platforms that it shows by the names that are set up', () => {
    expect([telegram?.name, instagram?.name]).toEqual(['Telegram channel', 'Instagram']);
  });
});

describe('a file in full size', () => {
  const fullSize = pictureRef({ width: 6000, height: 4000 });
  const content = { ...deliveryIn('published').content, fullSize };

  it.each([
    ['sent', '. Full-size file: sent'],
    ['not-sent', '. Full-size file: not sent. I do not try it again'],
    [undefined, '. Full-size file: it may be there or not. I do not send it twice'],
  ] as const)('that is %s is told of with its post', (outcome, said) => {
    const telegram = deliveryIn('published', { content, ...(outcome && { fullSize: outcome }) });
    expect(card(published({ telegram })).text.split('\n')).toContain(`✅ Telegram channel: published${said}`);
  });

  it('is announced where one follows, and only there', () => {
    const draft = draftOf({ fullSizes: { telegram: fullSize } });
    const post = postIn('awaiting-approval', { draft });
    expect(card(post).text.split('\n')).toContain(
      'Telegram channel: as shown, then a full-size file (6000 × 4000)',
    );
    expect(card(postIn('awaiting-approval')).text).not.toContain('full-size');
  });
});
