import { describe, expect, it } from 'vitest';
import { advance } from '#post/lifecycle.ts';
import { type By, currentAltText, nextAttempt, type PostIn } from '#post/post.ts';
import { evening, events, following, later } from '../fakes/events.ts';
import { at, captionOf, contentOf, deliveryIn, draftOf, owner, postIn } from '../fakes/posts.ts';

describe('a scheduled post', () => {
  const scheduled = following(postIn('awaiting-approval'), events.scheduled);

  it('is approved with what goes out, and waits for its time', () => {
    expect(scheduled).toMatchObject({
      state: 'scheduled',
      revision: 1,
      approval: { by: owner, at: later, revision: 1 },
      contents: { telegram: contentOf() },
    });
    expect(nextAttempt(scheduled, new Date(at))).toEqual(new Date(evening));
  });

  it.each([
    ['later', { publishAt: evening }],
    ['veto', { publishAt: evening }],
    // These few seconds are no time that it was put off to.
    ['undo', {}],
  ] as const)('goes out when its time has come, as it was approved: %s', (wait, kept) => {
    const waiting = following(postIn('awaiting-approval'), { ...events.scheduled, wait });
    const approved = following(postIn('awaiting-approval'), events.approved);
    expect(following(waiting, events.released)).toEqual({ ...approved, touchedAt: later, ...kept });
  });

  it('goes out at another time, once it was put off by whoever did', () => {
    const veto = following(postIn('awaiting-approval'), { ...events.scheduled, wait: 'veto' });
    const post = following(veto, { ...events.rescheduled, by: 5 });
    expect(post).toMatchObject({
      publishAt: events.rescheduled.publishAt,
      wait: 'later',
      approval: { by: 5 },
    });
  });

  it('is a draft again as it was, and its buttons are from earlier then', () => {
    const post = following(scheduled, events.unscheduled);
    expect(post).toEqual({ ...postIn('awaiting-approval'), revision: 2, touchedAt: later });
    const again = following(post, { ...events.scheduled, revision: 2 });
    expect(advance(again, events.unscheduled)).toMatchObject({ refused: 'outdated' });
    expect(advance(again, events.rescheduled)).toMatchObject({ refused: 'outdated' });
  });

  it('does not go out by itself any more when it was taken back', () => {
    const veto = following(postIn('awaiting-approval', { isAutomatic: true }), {
      ...events.scheduled,
      by: 'automatic',
      wait: 'veto',
    });
    expect(following(veto, events.unscheduled)).toMatchObject({ isAutomatic: false });
    expect(following(veto, events.held)).toMatchObject({ state: 'awaiting-approval', isAutomatic: false });
  });

  it('that the owner has put off is not held', () => {
    expect(advance(scheduled, events.held)).toMatchObject({ refused: 'not-now' });
  });

  it('is not scheduled for nowhere', () => {
    const given = postIn('awaiting-approval');
    expect(advance(given, { ...events.scheduled, contents: {} })).toEqual({
      refused: 'not-now',
      post: given,
    });
  });

  it('ends like a draft when its photo is gone', () => {
    const post = following(scheduled, events.expired);
    expect(post).toMatchObject({ state: 'expired', revision: 2 });
    expect(post).not.toHaveProperty('contents');
  });
});

describe('what nobody has looked at', () => {
  const automatic = { isAutomatic: true };
  const suspicious = { captions: [captionOf('Evening light', { isSuspicious: true })] };
  const table: readonly ['approved' | 'scheduled', By, Partial<PostIn<'awaiting-approval'>>, boolean][] = [
    ['approved', 'automatic', automatic, true],
    ['approved', 'automatic', {}, false],
    ['approved', 'automatic', { ...automatic, revision: 2 }, false],
    ['scheduled', 'automatic', automatic, true],
    ['scheduled', 'automatic', { ...automatic, ...suspicious }, false],
    ['approved', 'unanswered', {}, true],
    ['approved', 'unanswered', { revision: 2 }, true],
    ['approved', 'unanswered', suspicious, false],
  ];

  it.each(table)('is %s by %s with %o: %s', (type, by, over, isTaken) => {
    const given = postIn('awaiting-approval', over);
    const result = advance(given, { ...events[type], revision: given.revision, by });
    expect('refused' in result).toBe(!isTaken);
  });
});

describe('a post that is taken down', () => {
  const archived = postIn('archived', { archivedPath: '/Photos/archive/harbour.jpg' });

  it('is withdrawn when its places have lost it, and the photo is back', () => {
    const post = following(archived, events['withdrawal-asked'], events['taken-down'], events.withdrawn);
    expect(post).toMatchObject({
      state: 'withdrawn',
      withdrawal: { by: owner, at: later },
      deliveries: { telegram: { state: 'withdrawn', ref: '7' } },
      restoredPath: '/Photos/harbour.jpg',
    });
  });

  it('is what it was, with a word on why, when nothing could be taken down', () => {
    const post = following(archived, events['withdrawal-asked'], events.kept, events.withdrawn);
    expect(post).toMatchObject({
      state: 'archived',
      deliveries: {
        telegram: { state: 'published', kept: { at: later, problem: { kind: 'no-permission' } } },
      },
    });
    expect(post).not.toHaveProperty('withdrawal');
    expect(following(post, events['withdrawal-asked'])).toMatchObject({ state: 'withdrawing' });
  });

  it.each(['failed', 'dropped', 'uncertain', 'waiting'] as const)(
    'is not asked to be where it is %s and nowhere published',
    (state) => {
      const given = postIn('archived', { deliveries: { telegram: deliveryIn(state) } });
      expect(advance(given, events['withdrawal-asked'])).toMatchObject({ refused: 'not-now' });
    },
  );

  it('is not withdrawn before every place was asked', () => {
    const asked = following(archived, events['withdrawal-asked']);
    expect(advance(asked, events.withdrawn)).toMatchObject({ refused: 'not-now' });
  });

  it('is not sent again meanwhile', () => {
    const asked = following(archived, events['withdrawal-asked']);
    for (const event of [events.retried, events.sending, events.delivered]) {
      expect(advance(asked, event)).toMatchObject({ refused: 'not-now' });
    }
  });
});

describe('an older text', () => {
  const given = following(
    postIn('awaiting-approval'),
    events.regenerated,
    events.drafted,
    { ...events.regenerated, revision: 3, direction: 'shorter' },
    { ...events.drafted, caption: captionOf('Third') },
  );

  it('counts again when it is chosen, and no text is lost', () => {
    const post = following(given, { ...events['caption-chosen'], revision: 5, index: 0 });
    expect(post).toMatchObject({ chosenCaption: 0, revision: 6 });
    expect(post.captions).toEqual(given.captions);
  });

  it('says no more what was to be said of the one before', () => {
    const remarked = { ...given, draft: draftOf({ remark: 'same-again' }) };
    const post = following(remarked, { ...events['caption-chosen'], revision: 5, index: 0 });
    expect(post.draft).not.toHaveProperty('remark');
  });

  it.each([-1, 2, 3])('is not chosen by a place that there is not, or that it has (%s)', (index) => {
    expect(advance(given, { ...events['caption-chosen'], revision: 5, index })).toMatchObject({
      refused: 'not-now',
    });
  });

  it.each([
    ['A harbour', 'A harbour'],
    ['', undefined],
  ])('leaves its alt text (“%s”) to the owner’s own words, and not one of a later text', (altText, kept) => {
    const later = following(given, {
      ...events.edited,
      revision: 5,
      caption: captionOf('x', { altText: 'No' }),
    });
    const chosen = following(
      later,
      { ...events['caption-chosen'], revision: 6, index: 0 },
      { ...events['alt-text-edited'], revision: 7, altText },
      { ...events.edited, revision: 8 },
    );
    expect(currentAltText(chosen)).toBe(kept);
  });

  it('gives way to a new one', () => {
    const chosen = following(given, { ...events['caption-chosen'], revision: 5, index: 0 });
    const edited = following(chosen, { ...events.edited, revision: 6 });
    expect(edited).not.toHaveProperty('chosenCaption');
    const regenerated = following(chosen, { ...events.regenerated, revision: 6, direction: 'longer' });
    expect(regenerated).toMatchObject({ state: 'drafting', direction: 'longer', chosenCaption: 0 });
    const drafted = following(regenerated, events.drafted);
    expect(drafted).not.toHaveProperty('chosenCaption');
    expect(drafted).not.toHaveProperty('direction');
  });
});

describe('the owner’s choices for one post', () => {
  it('leave places out and take them in again', () => {
    const without = following(postIn('awaiting-approval'), events['place-chosen']);
    expect(without.leftOut).toEqual(['email']);
    const withIt = following(without, { ...events['place-chosen'], revision: 2, isOn: true });
    expect(withIt.leftOut).toEqual([]);
  });

  it('let a reminder come again', () => {
    const reminded = following(postIn('awaiting-approval'), events.reminded);
    expect(reminded.remindedAt).toBe(later);
    expect(following(reminded, events.edited)).not.toHaveProperty('remindedAt');
  });

  it('say when they were made', () => {
    expect(following(postIn('awaiting-approval', { touchedAt: at }), events.edited).touchedAt).toBe(later);
  });
});
