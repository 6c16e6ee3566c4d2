import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Delivery } from '#post/delivery.ts';
import { type ApprovedPost, decidedBy, isApproved, Post } from '#post/post.ts';
import { State } from '#post/state.ts';
import { copiesAt, type Hands, instagramPosts, type Place, places } from './owner.ts';
import type { Sightings } from './sightings.ts';
import type { Cast, Story } from './stories.ts';
import type { CrashWorld } from './world.ts';

const platformsOf = {
  'Telegram channel': ['telegram'],
  Instagram: ['instagram', 'instagram-official'],
  Email: ['email'],
} as const;

function deliveryTo(place: Place, { deliveries }: ApprovedPost): Delivery | undefined {
  return platformsOf[place].map((id) => deliveries[id]).find((each) => each !== undefined);
}

/** All that a judge looks at. */
export interface Case {
  readonly world: CrashWorld;
  readonly story: Story;
  readonly cast: Cast;
  readonly sightings: Sightings;
  /** The photos that were there from the beginning, by name. */
  readonly photos: readonly string[];
  /** How many answers that the program waits for may be lost besides those that it was killed at. */
  readonly disturbances: number;
}

/** Doubled posts, which must never be, whenever one looks (I1). */
export function doubles({ sightings }: Pick<Case, 'sightings'>): readonly string[] {
  return places.flatMap((place) => {
    const copies = sightings.copies(place);
    return copies > 1 ? [`${place} shows the post ${copies} times`] : [];
  });
}

/** What is wrong at the end of a story, by what the services hold and by what was written down (I1 to I4). */
export async function judge(given: Case): Promise<readonly string[]> {
  const { world, story, cast } = given;
  const posts = await postsIn(world.folder);
  const [post, ...others] = posts;
  const wrong = [...doubles(given), ...cast.owners.flatMap(({ complaints }) => complaints)];
  if (others.length > 0) {
    wrong.push(`There were ${posts.length} posts for one wish: ${posts.map(({ state }) => state)}`);
  }
  if (post === undefined || !story.ends.includes(post.state)) {
    return [...wrong, `The post has ended as ${post?.state ?? 'nothing'}`];
  }
  return [
    ...wrong,
    ...wrongPlaces(world, post),
    ...wrongTimes(given),
    ...(isApproved(post) ? wrongTexts(world, post) : []),
    ...wrongFile(world, post),
    ...wrongPhotos(given, post),
    ...cast.owners.flatMap((owner) => wrongCards(given, owner, post)),
  ];
}

const mayBeSeen: ReadonlySet<Post['state']> = new Set(['archived', 'withdrawn']);

/** What is written down is there, and nothing else. */
function wrongPlaces(world: CrashWorld, post: Post): readonly string[] {
  return places.flatMap((place) => {
    const delivery = isApproved(post) ? deliveryTo(place, post) : undefined;
    const copies = copiesAt(world, place);
    const isOut = delivery?.state === 'published';
    if (copies > 0 && !mayBeSeen.has(post.state)) return [`${place} shows a ${post.state} post`];
    if (isOut !== copies > 0) return [`${place} is ${delivery?.state}, and it is there ${copies} times`];
    // What the owner has found alone has no number by which it could be taken down.
    const isReachable = isOut && place !== 'Email' && delivery.ref !== undefined;
    if (post.state === 'withdrawn' && isReachable) return [`${place} still has it`];
    const isShown = !isOut || delivery.ref === undefined || refs(world).has(delivery.ref);
    return isShown ? [] : [`${place} shows nothing under ${delivery.ref}`];
  });
}

/** A post that nothing hurries and nothing holds up goes out so soon. */
const mostLateMs = 30 * 60_000;

/** It went out when it was promised, within the time that looking and asking take. */
function wrongTimes({ cast, sightings }: Case): readonly string[] {
  const promised = cast.promisedAt?.();
  if (promised === undefined) return [];
  return places.flatMap((place) => {
    const lateMs = (sightings.firstAt(place) ?? promised) - promised;
    return lateMs < 0 || lateMs > mostLateMs ? [`${place} had it ${lateMs} ms after its time`] : [];
  });
}

/** What was approved went out, to the letter. */
function wrongTexts({ simulator }: CrashWorld, post: ApprovedPost): readonly string[] {
  const shown: readonly (readonly [Place, string])[] = [
    ...simulator.telegram
      .channelPosts()
      .filter(({ photo }) => photo !== undefined)
      .map(({ text }) => ['Telegram channel', text] as const),
    ...instagramPosts(simulator).map(({ caption }) => ['Instagram', caption] as const),
  ];
  return shown.flatMap(([place, text]) =>
    text === deliveryTo(place, post)?.content.caption ? [] : [`${place} shows another text: ${text}`],
  );
}

/** The file in full size is there at most once, and where that is known, as it is known. */
function wrongFile(world: CrashWorld, post: Post): readonly string[] {
  const files = filesIn(world);
  const delivery = isApproved(post) ? post.deliveries['telegram'] : undefined;
  const { fullSize } = delivery !== undefined && 'fullSize' in delivery ? delivery : {};
  const isRight =
    fullSize === undefined
      ? files <= 1
      : files === (fullSize === 'sent' && post.state !== 'withdrawn' ? 1 : 0);
  return isRight ? [] : [`The file is ${fullSize} while the post is ${post.state}, and there ${files} times`];
}

function filesIn({ simulator }: CrashWorld): number {
  return simulator.telegram.channelPosts().filter(({ document }) => document !== undefined).length;
}

/** The published photo is in the archive and nowhere else, the others where they were, and nothing is there twice. */
function wrongPhotos(
  { world, photos, story, disturbances }: Case,
  { state, photo }: Post,
): readonly string[] {
  const archived = state === 'archived' ? photo.name : undefined;
  const expected = [...photos, ...(story.added ?? [])]
    .map((name) => `/Photos/${name === archived ? 'archive/' : ''}${name}`)
    .toSorted();
  const all = world.simulator.dropbox.files().map(({ path }) => path);
  // What another service was to fetch is taken away with the next one.
  const found = all.filter((path) => !path.includes('outbox'));
  const hasFew = all.length - found.length <= world.killedAt.length + disturbances;
  const isRight = hasFew && expected.join() === found.toSorted().join();
  return isRight ? [] : [`The photos are ${all.join(', ')} and not ${expected.join(', ')}`];
}

const lastWords: Readonly<Partial<Record<Post['state'], string>>> = {
  archived: '🗂 Archived',
  withdrawn: '🗑 Taken down',
  skipped: '⏭ Skipped',
};

/**
 * The card that counts says how it ended and who has decided, where that was another owner. A card whose answer was lost
 * stands there besides, and so does a copy of the channel.
 */
function wrongCards(
  { world, story, cast, disturbances }: Case,
  { cards, phone }: Hands,
  post: Post,
): readonly string[] {
  const wrong: string[] = [];
  const id = post.cards.find(({ chatId }) => chatId === phone.userId)?.messageId;
  const text = cards().find((card) => card.id === id)?.text;
  if (!text?.includes(lastWords[post.state] ?? ''))
    wrong.push(`The card of a ${post.state} post says ${text}`);
  const mayHaveFile = text?.includes('full-size file may still be there');
  if (post.state === 'withdrawn' && filesIn(world) > 0 && !mayHaveFile) {
    wrong.push('The file in full size is there and not spoken of');
  }
  for (const place of places) {
    const isKept = post.state === 'withdrawn' && copiesAt(world, place) > 0;
    if (isKept && !text?.includes(`${place}: still there`)) wrong.push(`${place} is kept and not spoken of`);
  }
  const decision = decidedBy(post);
  const isByOther = cast.owners.length > 1 && decision !== undefined && decision.by !== phone.userId;
  if (isByOther !== text?.includes('👤')) wrong.push(`Who has decided is not on the card: ${text}`);
  const lost = world.killedAt.length + disturbances;
  const mostCards = (story.cards ?? 1) + lost;
  if (cards().length > mostCards) wrong.push(`There are ${cards().length} cards and not ${mostCards}`);
  const copies = phone.messages().filter(({ forwardedFrom }) => forwardedFrom !== undefined).length;
  // Only of one whose answer was lost, or not yet noted, nobody knows.
  const unknown = world.killedAt.filter(({ label }) => /forwardMessage|telegram-channel/.test(label)).length;
  if (copies > unknown + (disturbances > 1 ? 1 : 0)) {
    wrong.push(`${copies} copies of the channel were left in the chat`);
  }
  return wrong;
}

/** All that the places know their posts by. */
function refs({ simulator }: CrashWorld): ReadonlySet<string> {
  return new Set([
    ...simulator.telegram.channelPosts().map(({ id }) => String(id)),
    ...instagramPosts(simulator).map(({ id }) => id),
    ...simulator.smtp.mails().map(({ raw }) => /^Message-ID: *(\S+)/im.exec(String(raw))?.[1] ?? ''),
  ]);
}

const StateFile = z.object({ data: State });
const MonthFile = z.object({ data: z.record(z.string(), Post) });

/** Open and finished ones. */
async function postsIn(folder: string): Promise<readonly Post[]> {
  const state = StateFile.parse(JSON.parse(await readFile(join(folder, 'darkroom.json'), 'utf8')));
  const history = join(folder, 'history');
  const months = (await readdir(history)).filter((name) => name.endsWith('.json'));
  const finished = await Promise.all(
    months.map(async (name) =>
      Object.values(MonthFile.parse(JSON.parse(await readFile(join(history, name), 'utf8'))).data),
    ),
  );
  return [...Object.values(state.data.posts), ...finished.flat()];
}
