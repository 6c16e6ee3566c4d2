import { describe, expect, it } from 'vitest';
import { advance, beginPost, isRefusal, type PostEvent } from '#post/lifecycle.ts';
import { nextAttempt, Post } from '#post/post.ts';
import { deliveriesAfter, events, following, later, publishing } from '../fakes/events.ts';
import {
  approvedStates,
  at,
  contentOf,
  deliveryIn,
  draftOf,
  frozen,
  owner,
  photoNamed,
  pictureRef,
  postIn,
  postStates,
} from '../fakes/posts.ts';

describe('a draft', () => {
  const photo = photoNamed('harbour.jpg');

  it('begins without a text, a card or a decision', () => {
    const begun = beginPost({ id: 'one', at, photo, slot: 'today', isAutomatic: true });
    expect(begun).toEqual({
      state: 'drafting',
      id: 'one',
      createdAt: at,
      photo,
      slot: 'today',
      isAutomatic: true,
      revision: 0,
      captions: [],
      cards: [],
    });
    expect(Post.parse(begun)).toEqual(begun);
    expect(beginPost({ id: 'two', at, photo, isAutomatic: false })).not.toHaveProperty('slot');
  });

  it('is put before the owner as revision 1 when it is drafted', () => {
    const { draft, caption } = events.drafted;
    const post = following(beginPost({ id: 'one', at, photo, isAutomatic: false }), events.drafted);
    expect(post).toMatchObject({ state: 'awaiting-approval', revision: 1, draft, captions: [caption] });
  });

  it('counts each change as a revision and keeps every text, the newest last', () => {
    const remark = draftOf({ remark: 'caption-kept' });
    const given = postIn('awaiting-approval', { draft: remark });
    const post = following(given, events.regenerated, events.drafted, { ...events.edited, revision: 3 });
    expect(post.revision).toBe(4);
    expect(post.captions.map(({ text }) => text)).toEqual(['Evening light', 'Another light', 'My own']);
  });

  describe('whose picture does not have a shape that is taken', () => {
    const white = pictureRef({ sha256: 'white', shape: 'white' });
    const black = pictureRef({ sha256: 'black', shape: 'black' });
    const pictures = { telegram: white, email: pictureRef() };
    const given = postIn('awaiting-approval', {
      draft: draftOf({ pictures, shapes: { telegram: { white, black } } }),
    });

    it('goes out in the shape that was chosen last, and is another revision', () => {
      const post = following(given, events.shaped);
      expect(post).toMatchObject({ revision: 2, captions: given.captions, state: 'awaiting-approval' });
      expect(post.draft?.pictures).toEqual({ ...pictures, telegram: black });
      const back = following(post, { ...events.shaped, revision: 2, shape: 'white' });
      expect(back).toEqual({ ...given, revision: 3, touchedAt: later });
    });

    it('keeps what was chosen when another text is written', () => {
      const post = following(given, events.shaped, { ...events.regenerated, revision: 2 });
      expect(post.draft?.pictures['telegram']).toEqual(black);
    });

    it('takes a choice from an old card no more', () => {
      const post = following(given, events.shaped);
      expect(advance(post, events.shaped)).toEqual({ refused: 'outdated', post });
    });

    it.each([
      ['a shape that was not made', { shape: 'crop' }],
      ['a place that has no choice', { platform: 'email' }],
      ['a place that there is not', { platform: 'fax' }],
    ] as const)('is not changed by %s', (_, over) => {
      expect(advance(given, { ...events.shaped, ...over })).toEqual({ refused: 'not-now', post: given });
    });
  });

  it('keeps its text and its draft while another one is written', () => {
    const given = postIn('awaiting-approval');
    expect(following(given, events.regenerated)).toEqual({
      ...given,
      state: 'drafting',
      revision: 2,
      touchedAt: later,
    });
  });

  it('keeps the old text when no new one could be written', () => {
    const draft = draftOf({ remark: 'caption-kept' });
    const given = postIn('drafting', { revision: 2 });
    expect(following(given, { type: 'drafted', at: later, draft })).toEqual({
      ...given,
      state: 'awaiting-approval',
      revision: 3,
      draft,
      touchedAt: later,
    });
  });

  it('is not put before the owner without any text', () => {
    const given = frozen(beginPost({ id: 'one', at, photo, isAutomatic: false }));
    expect(advance(given, { type: 'drafted', at: later, draft: draftOf() })).toEqual({
      refused: 'not-now',
      post: given,
    });
  });

  it('says nothing about the AI any more when the owner wrote the text', () => {
    const given = postIn('awaiting-approval', { draft: draftOf({ remark: 'ai-failed' }) });
    expect(following(given, events.edited).draft).toEqual(draftOf());
  });

  it('is skipped with the time and by whom', () => {
    const given = postIn('awaiting-approval');
    expect(following(given, events.skipped)).toEqual({
      ...given,
      state: 'skipped',
      at: later,
      by: owner,
      touchedAt: later,
    });
  });

  it.each(['drafting', 'awaiting-approval'] as const)('can be given up while it is %s', (state) => {
    const given = postIn(state);
    const expected = { ...given, state: 'expired', at: later, reason: 'unreadable' };
    expect(following(given, events.expired)).toEqual(expected);
  });

  it.each(['drafting', 'awaiting-approval'] as const)(
    'that would go out by itself can be held while it is %s',
    (state) => {
      const given = postIn(state, { isAutomatic: true });
      expect(following(given, events.held)).toEqual({ ...given, isAutomatic: false, touchedAt: later });
    },
  );

  it.each(approvedStates)('that went out by itself and is %s is held no more', (state) => {
    const given = frozen(postIn(state, { isAutomatic: true }));
    expect(advance(given, events.held)).toEqual({ refused: 'not-now', post: given });
  });

  it('has at most one card in each chat, the newest', () => {
    const other = { chatId: 99, messageId: 5, fileId: 'file', sha256: 'b'.repeat(64) };
    const post = following(postIn('drafting'), { type: 'card-shown', card: other }, events['card-shown']);
    expect(post.cards).toEqual([other, { chatId: owner, messageId: 2 }]);
  });

  it.each(postStates)('can be shown on a card while it is %s, and nothing else changes', (state) => {
    const given = postIn(state);
    expect(following(given, events['card-shown'])).toEqual({ ...given, cards: [events['card-shown'].card] });
  });
});

describe('an approval', () => {
  it.each([
    ['the owner is to be asked', { isAutomatic: false, revision: 1 }],
    ['the text was changed', { isAutomatic: true, revision: 2 }],
  ])('by nobody is refused when %s', (_, about) => {
    const given = postIn('awaiting-approval', about);
    const event = { ...events.approved, revision: given.revision, by: 'automatic' as const };
    expect(advance(given, event)).toEqual({ refused: 'not-now', post: given });
  });

  it('freezes what goes out, by whom, when and of which revision', () => {
    const given = postIn('awaiting-approval', { revision: 1, isAutomatic: true });
    const contents = { telegram: contentOf('long'), instagram: contentOf('short') };
    const post = following(given, { ...events.approved, revision: 1, by: 'automatic', contents });
    expect(post).toEqual({
      ...given,
      state: 'publishing',
      approval: { by: 'automatic', at: later, revision: 1 },
      touchedAt: later,
      deliveries: {
        telegram: { state: 'waiting', content: contents.telegram, round: 1, attempts: 0 },
        instagram: { state: 'waiting', content: contents.instagram, round: 1, attempts: 0 },
      },
    });
  });

  it('is refused when it would send nothing anywhere', () => {
    const given = frozen(postIn('awaiting-approval'));
    expect(advance(given, { ...events.approved, contents: {} })).toEqual({ refused: 'not-now', post: given });
  });

  it.each(
    (['regenerated', 'edited', 'skipped', 'approved'] as const).flatMap((type) =>
      [0, 2].map((revision) => ({ type, revision })),
    ),
  )('refuses $type for revision $revision when revision 1 is the current one', ({ type, revision }) => {
    const given = frozen(postIn('awaiting-approval'));
    const result = advance(given, { ...events[type], revision });
    expect(result).toEqual({ refused: 'outdated', post: given });
    expect(isRefusal(result) && result.post).toBe(given);
  });
});

describe('a post on its way', () => {
  it('is out when the last delivery is settled and one is published', () => {
    const given = publishing(deliveryIn('sending'), deliveryIn('failed'), deliveryIn('dropped'));
    expect(following(given, events.delivered).state).toBe('published');
  });

  it.each(['waiting', 'sending', 'uncertain'] as const)(
    'is not settled while one delivery is %s',
    (state) => {
      expect(following(publishing(deliveryIn('sending'), deliveryIn(state)), events.delivered).state).toBe(
        'publishing',
      );
    },
  );

  it('has failed when nothing is published anywhere', () => {
    const given = publishing(deliveryIn('sending'), deliveryIn('dropped'));
    expect(following(given, events['delivery-failed']).state).toBe('failed');
  });

  it('counts as out when it may be out somewhere', () => {
    const perhaps = deliveryIn('dropped', { mayBeOut: true });
    expect(following(publishing(deliveryIn('sending'), perhaps), events['delivery-failed']).state).toBe(
      'published',
    );
    expect(following(publishing(deliveryIn('uncertain')), events.dropped).state).toBe('published');
    expect(following(publishing(deliveryIn('failed')), events.dropped).state).toBe('failed');
  });

  it('is on its way again when a failed delivery is tried again', () => {
    expect(following(postIn('failed'), events.retried).state).toBe('publishing');
    const out = { telegram: deliveryIn('failed'), email: deliveryIn('published') };
    expect(following(postIn('published', { deliveries: out }), events.retried).state).toBe('publishing');
  });

  it('is archived with its new path, or without one where the photo was gone', () => {
    const given = postIn('published');
    const archived = { ...given, state: 'archived', archivedAt: later };
    expect(following(given, events.archived)).toEqual({
      ...archived,
      archivedPath: '/Photos/archive/harbour.jpg',
    });
    expect(following(given, { type: 'archived', at: later })).toEqual(archived);
  });

  it('stays archived while a delivery is tried again', () => {
    const deliveries = { telegram: deliveryIn('failed'), email: deliveryIn('published') };
    const given = postIn('archived', { deliveries });
    for (const last of [events.delivered, events['delivery-failed'], events['lost-sight']]) {
      expect(following(given, events.retried, events.sending, last).state).toBe('archived');
    }
  });
});

describe('a delivery that was lost sight of', () => {
  const sent = publishing(deliveryIn('sending'));
  const canLook = { ...events['lost-sight'], canLook: true };
  const inMs = (ms: number) => new Date(Date.parse(later) + ms).toISOString();
  const absent = (ms: number) => ({ ...events.looked, at: inMs(ms), found: 'absent' as const });
  const telegramOf = (post: Post) => ('deliveries' in post ? post.deliveries['telegram'] : undefined);

  it('is looked for when the quiet period is over, where the platform can be looked at', () => {
    expect(telegramOf(following(sent, canLook))).toMatchObject({
      state: 'uncertain',
      looking: { at: inMs(120_000), misses: 0 },
    });
    expect(telegramOf(following(sent, events['lost-sight']))).not.toHaveProperty('looking');
  });

  it('is published when it is there', () => {
    const there = { ...events.looked, found: 'there', ref: '9', url: 'https://t.me/light/9' } as const;
    expect(telegramOf(following(sent, canLook, there))).toMatchObject({
      state: 'published',
      ref: '9',
      url: 'https://t.me/light/9',
      via: 'look',
    });
  });

  it('is looked for once more when it is absent, and then the owner is asked: a look never sends anything', () => {
    const once = following(sent, canLook, absent(120_000));
    expect(telegramOf(once)).toMatchObject({
      state: 'uncertain',
      looking: { at: inMs(210_000), misses: 1 },
    });
    expect(nextAttempt(once, new Date(at))).toEqual(new Date(inMs(210_000)));
    const twice = following(once, absent(210_000));
    expect(telegramOf(twice)).toMatchObject({ state: 'uncertain', round: 1 });
    expect(telegramOf(twice)).not.toHaveProperty('looking');
  });

  it('is for the owner to say when nobody can tell, and is not looked for again', () => {
    const given = following(sent, canLook, { ...events.looked, found: 'unclear' });
    expect(telegramOf(given)).toMatchObject({ state: 'uncertain' });
    expect(telegramOf(given)).not.toHaveProperty('looking');
    expect(advance(given, absent(210_000))).toMatchObject({ refused: 'not-now' });
    expect(nextAttempt(given, new Date(at))).toBeUndefined();
  });
});

it('knows of a published post what became of its file in full size, and nothing else changes by it', () => {
  const published = following(postIn('publishing'), events.sending, events.delivered);
  const followed = { ...events.followed, fullSize: 'not-sent' } as const;
  const { telegram } = deliveriesAfter(published);
  expect(following(published, followed)).toEqual({
    ...published,
    deliveries: { telegram: { ...telegram, fullSize: 'not-sent' } },
  });
  expect(advance(following(postIn('publishing'), events.sending), followed)).toMatchObject({
    refused: 'not-now',
  });
});

describe('an event that does not fit the state', () => {
  const fits: { readonly [T in PostEvent['type']]: readonly Post['state'][] } = {
    drafted: ['drafting'],
    expired: ['drafting', 'awaiting-approval', 'scheduled'],
    reminded: ['awaiting-approval'],
    'card-shown': postStates,
    regenerated: ['awaiting-approval'],
    edited: ['awaiting-approval'],
    // A draft without a choice of shapes takes none.
    shaped: [],
    // There is only one text.
    'caption-chosen': [],
    'alt-text-edited': ['awaiting-approval'],
    'place-chosen': ['awaiting-approval'],
    'full-size-chosen': ['awaiting-approval'],
    skipped: ['awaiting-approval'],
    approved: ['awaiting-approval'],
    scheduled: ['awaiting-approval'],
    rescheduled: ['scheduled'],
    unscheduled: ['scheduled'],
    released: ['scheduled'],
    'put-off': ['scheduled'],
    archived: ['published'],
    'withdrawal-asked': ['archived'],
    // The one delivery is still there.
    withdrawn: [],
    'taken-down': ['withdrawing'],
    kept: ['withdrawing'],
    held: [],
    sending: approvedStates,
    delivered: approvedStates,
    postponed: approvedStates,
    'delivery-failed': approvedStates,
    'lost-sight': approvedStates,
    followed: approvedStates,
    looked: [],
    seen: approvedStates,
    retried: approvedStates,
    dropped: approvedStates,
  };
  const refused = Object.values(events).flatMap((event) =>
    postStates.filter((state) => !fits[event.type].includes(state)).map((state) => ({ event, state })),
  );

  it.each(refused)('such as $event.type on one that is $state changes nothing', ({ event, state }) => {
    const given = frozen(postIn(state));
    const result = advance(given, event);
    expect(result).toEqual({ refused: 'not-now', post: given });
    expect(isRefusal(result) && result.post).toBe(given);
  });
});
