import { expect, it } from 'vitest';
import type { Delivery } from '#post/delivery.ts';
import { advance, beginPost, isRefusal, type PostEvent } from '#post/lifecycle.ts';
import { deliveryOf, isApproved, isFinished, isSuspicious, Post } from '#post/post.ts';
import { type Chance, createChance } from '../fakes/chance.ts';
import { events } from '../fakes/events.ts';
import { at, captionOf, contentOf, draftOf, frozen, photoNamed, pictureRef } from '../fakes/posts.ts';

const seed = 20_261_123;
const lives = 1_000;
const eventsInALife = 60;
/** An event that does not fit gives way to another one, so often. */
const tries = 6;
const platforms = ['telegram', 'instagram', 'email'];

/** A post that lives through whatever happens, and remembers what the rules are held to. */
interface Life {
  post: Post;
  now: number;
  readonly story: PostEvent[];
  /** Platforms that may have it: only the owner may have it sent there again. */
  readonly mayHaveIt: Set<string>;
}

it(`never sends twice and never loses anything, whatever happens, by the seed ${seed}`, () => {
  const chance = createChance(seed);
  const reached = new Set<string>();
  for (let count = 0; count < lives; count += 1) {
    const life = begun(chance, count);
    for (let turn = 0; turn < eventsInALife; turn += 1) {
      live(life, nextEvent(chance, life));
      reached.add(life.post.state);
    }
    expect(Post.parse(life.post)).toEqual(life.post);
  }
  // A chance that never comes anywhere shows nothing.
  expect([...reached].toSorted()).toEqual(Post.options.map(({ shape }) => shape.state.value).toSorted());
});

function begun(chance: Chance, count: number): Life {
  const isAutomatic = chance.oneOf([true, false]);
  const post = beginPost({ id: `post-${count}`, at, photo: photoNamed('harbour.jpg'), isAutomatic });
  return { post: frozen(post), now: Date.parse(at), story: [], mayHaveIt: new Set() };
}

/** Most fit, and some do not. What ends a draft comes more seldom, because little can happen after it. */
function nextEvent(chance: Chance, life: Life): PostEvent {
  let event = anything(chance, life);
  for (let count = 1; count < tries; count += 1) {
    const isEnd = (event.type === 'skipped' || event.type === 'expired') && chance.number(0, 9) > 0;
    if (!isEnd && !isRefusal(advance(life.post, event))) break;
    event = anything(chance, life);
  }
  return event;
}

/** Any event there is, most with what fits the post, and some with what does not. */
function anything(chance: Chance, life: Life): PostEvent {
  life.now += chance.oneOf([0, 1_000, 60_000, 130_000]);
  const now = new Date(life.now).toISOString();
  const { post } = life;
  const event = chance.oneOf(Object.values(events));
  const platform = chance.oneOf(platforms);
  const near = (number: number) => number + chance.oneOf([0, 0, 0, 0, -1, 1]);
  const by = chance.oneOf([1, 2, 'automatic', 'unanswered'] as const);
  const contents = Object.fromEntries(
    platforms.slice(0, chance.number(0, 3)).map((id) => [id, contentOf(`Words for ${id} ${life.now}`)]),
  );
  const caption = captionOf(`Text ${life.now}`, chance.oneOf([{}, {}, { isSuspicious: true }]));
  const known = {
    ...event,
    ...('at' in event && { at: now }),
    ...('revision' in event && { revision: near(post.revision) }),
    ...('platform' in event && { platform }),
    ...('round' in event && { round: near(deliveryOf(post, platform)?.round ?? 1) }),
    ...('contents' in event && { contents, by }),
    ...('caption' in event && { caption }),
  };
  switch (known.type) {
    case 'drafted': {
      const { caption: _, ...without } = known;
      const shapes = { telegram: { black: pictureRef({ sha256: 'black' }) } };
      return { ...(chance.number(0, 3) === 0 ? without : known), draft: draftOf({ shapes }) };
    }
    case 'caption-chosen':
      return { ...known, index: chance.number(-1, post.captions.length) };
    case 'postponed':
      return {
        ...known,
        isUntried: chance.oneOf([true, false]),
        ...chance.oneOf([{}, { partly: { reached: ['a@b.c'], missed: ['d@e.f'] } }]),
      };
    case 'lost-sight':
      return { ...known, canLook: chance.oneOf([true, false]) };
    case 'looked':
      return chance.oneOf<PostEvent>([
        { ...known, found: 'there', ref: '9' },
        { ...known, found: 'absent' },
        { ...known, found: 'unclear' },
      ]);
    default:
      return known as PostEvent;
  }
}

function live(life: Life, event: PostEvent): void {
  const before = life.post;
  const after = advance(before, event);
  life.story.push(event);
  if (isRefusal(after)) {
    if (after.post !== before) expect(after.post, told(life)).toBe(before);
    return;
  }
  const wrong = [...wrongWithPost(before, after), ...wrongWithDeliveries(life, before, after, event)];
  if (wrong.length > 0) expect(wrong, told(life)).toEqual([]);
  life.post = frozen(after);
}

/** How it came to this. */
function told({ story }: Life): string {
  return story.map((event) => JSON.stringify(event)).join('\n');
}

const ends: ReadonlySet<Post['state']> = new Set(['skipped', 'expired', 'withdrawn']);

function wrongWithPost(before: Post, after: Post): readonly string[] {
  const wrong: string[] = [];
  const isLost = before.captions.some(({ text }, index) => after.captions[index]?.text !== text);
  if (isLost) wrong.push('a text was lost');
  if (after.revision < before.revision) wrong.push('the revision went back');
  if (ends.has(before.state) && after.state !== before.state) wrong.push(`${before.state} was not the end`);
  if (isApproved(before) && !isApproved(after)) wrong.push('an approval was lost');
  if ('archivedAt' in before && !('archivedAt' in after)) wrong.push('the place in the archive was lost');
  if (after.isAutomatic && !before.isAutomatic) wrong.push('it goes out by itself again');
  const isAsked = after.state === 'awaiting-approval' && after.revision === before.revision;
  if (isAsked && before.state === 'scheduled') wrong.push('a button of the scheduled card decides the draft');
  const isTakenBack = before.state === 'scheduled' && after.state === 'awaiting-approval';
  if (isTakenBack && after.isAutomatic) wrong.push('it goes out by itself after it was taken back');
  const isUnasked = 'approval' in after && !('approval' in before) && typeof after.approval.by !== 'number';
  if (isUnasked && isSuspicious(before)) wrong.push('a suspicious text goes out unasked');
  const isDone = after.state === 'published' || after.state === 'failed' || after.state === 'withdrawn';
  const unsettled = isApproved(after) && Object.values(after.deliveries).some(({ state }) => open.has(state));
  if (unsettled && isDone) wrong.push(`it is ${after.state} with something open`);
  if (unsettled && isFinished(after, new Date('2099-01-01'))) wrong.push('it is filed with something open');
  return wrong;
}

const open: ReadonlySet<Delivery['state']> = new Set(['waiting', 'sending', 'uncertain']);

function wrongWithDeliveries(life: Life, before: Post, after: Post, event: PostEvent): readonly string[] {
  if (!isApproved(after)) return [];
  const wrong: string[] = [];
  for (const [platform, delivery] of Object.entries(after.deliveries)) {
    const was = deliveryOf(before, platform);
    const frozenContent =
      was?.content ?? (before.state === 'scheduled' ? before.contents[platform] : undefined);
    if (frozenContent !== undefined && frozenContent !== delivery.content)
      wrong.push(`what goes to ${platform} has changed`);
    if (was === undefined && delivery.state !== 'waiting') wrong.push(`${platform} begins ${delivery.state}`);
    if (was === undefined || was === delivery) continue;
    // A second try to take it down begins anew everywhere.
    const isMeant = event.type === 'withdrawal-asked' || ('platform' in event && event.platform === platform);
    if (!isMeant) wrong.push(`${platform} was not meant`);
    if ('round' in event && event.round !== was.round) wrong.push(`an old button decides over ${platform}`);
    const isStillOut = delivery.state === 'published' || delivery.state === 'withdrawn';
    if (was.state === 'published' && !isStillOut) wrong.push(`${platform} is no longer known to have it`);
    if (was.partly && delivery.state === 'failed') wrong.push(`${platform} is said to have failed for all`);
    const isMayBeOut = life.mayHaveIt.has(platform);
    if (delivery.state === 'sending') {
      if (isMayBeOut) wrong.push(`${platform} gets it twice`);
      if ('withdrawal' in before) wrong.push(`${platform} gets what is taken down`);
      life.mayHaveIt.add(platform);
    }
    // Surely not sent, or the owner knows better.
    if (event.type === 'postponed' || event.type === 'delivery-failed' || event.type === 'retried')
      life.mayHaveIt.delete(platform);
    const calledNothing = delivery.state === 'failed' || (delivery.state === 'dropped' && !delivery.mayBeOut);
    if (calledNothing && isMayBeOut && event.type !== 'delivery-failed')
      wrong.push(`${platform} may have it and is called ${delivery.state}`);
    const isSecond = event.type === 'retried' && was.state === 'uncertain';
    if (isSecond && life.now - Date.parse(was.since) < 120_000) wrong.push(`${platform} is asked too soon`);
    if (isSecond && was.looking !== undefined) wrong.push(`${platform} is still looked for`);
    if (was.partly && !delivery.partly && delivery.state !== 'published' && delivery.state !== 'withdrawn')
      wrong.push(`who at ${platform} has it already was lost`);
  }
  const isMissing =
    isApproved(before) && Object.keys(before.deliveries).some((id) => !(id in after.deliveries));
  return isMissing ? [...wrong, 'a delivery was lost'] : wrong;
}
