import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type ApprovedPost, Post } from '#post/post.ts';
import { State } from '#post/state.ts';
import { copiesAt, places } from './owner.ts';
import type { CrashWorld } from './world.ts';

const platformOf = { 'Telegram channel': 'telegram', Instagram: 'instagram', Email: 'email' } as const;

/** Doubled posts, which must never be, whenever one looks (I1). */
export function doubles(world: CrashWorld): readonly string[] {
  return places.flatMap((place) => {
    const copies = copiesAt(world, place);
    return copies > 1 ? [`${place} shows the post ${copies} times`] : [];
  });
}

/** What is wrong at the end of a story, by what the services hold and by what was written down (I1 to I4). */
export async function judge(world: CrashWorld, photos: readonly string[]): Promise<readonly string[]> {
  const { open, finished } = await postsIn(world.folder);
  const wrong = [...doubles(world)];
  if (open.length > 0) wrong.push(`${open.length} posts are still open: ${open.map(({ state }) => state)}`);
  const [post, ...others] = finished;
  if (others.length > 0) wrong.push(`There were ${finished.length} posts for one wish`);
  if (post?.state !== 'archived') return [...wrong, `The post has ended as ${post?.state ?? 'nothing'}`];
  for (const place of places) {
    const delivery = post.deliveries[platformOf[place]];
    const copies = copiesAt(world, place);
    const isOut = delivery?.state === 'published';
    if (isOut !== copies > 0) wrong.push(`${place} is ${delivery?.state}, and it is there ${copies} times`);
    if (delivery?.state === 'published' && delivery.ref !== undefined && !refs(world).has(delivery.ref)) {
      wrong.push(`${place} shows nothing under ${delivery.ref}`);
    }
  }
  return [...wrong, ...wrongTexts(world, post), ...wrongPhotos(world, photos, post.photo.name)];
}

/** What was approved went out, to the letter. */
function wrongTexts({ simulator }: CrashWorld, { deliveries }: ApprovedPost): readonly string[] {
  const shown = [
    ...simulator.telegram.channelPosts().map(({ text }) => ['telegram', text] as const),
    ...simulator.instagram.posts().map(({ caption }) => ['instagram', caption] as const),
  ];
  return shown.flatMap(([platform, text]) =>
    text === deliveries[platform]?.content.caption ? [] : [`${platform} shows another text: ${text}`],
  );
}

/** The published photo is in the archive and nowhere else, the others where they were. */
function wrongPhotos(
  { simulator }: CrashWorld,
  photos: readonly string[],
  published: string,
): readonly string[] {
  const expected = photos.map((name) => `/Photos/${name === published ? 'archive/' : ''}${name}`);
  const found = simulator.dropbox.files().map(({ path }) => path);
  const isRight = expected.toSorted().join() === found.toSorted().join();
  return isRight ? [] : [`The photos are ${found.join(', ')} and not ${expected.join(', ')}`];
}

/** All that the places know their posts by. */
function refs({ simulator }: CrashWorld): ReadonlySet<string> {
  return new Set([
    ...simulator.telegram.channelPosts().map(({ id }) => String(id)),
    ...simulator.instagram.posts().map(({ id }) => id),
    ...simulator.smtp.mails().map(({ raw }) => /^Message-ID: *(\S+)/im.exec(String(raw))?.[1] ?? ''),
  ]);
}

const StateFile = z.object({ data: State });
const MonthFile = z.object({ data: z.record(z.string(), Post) });

async function postsIn(folder: string): Promise<{ open: readonly Post[]; finished: readonly Post[] }> {
  const state = StateFile.parse(JSON.parse(await readFile(join(folder, 'darkroom.json'), 'utf8')));
  const history = join(folder, 'history');
  const months = (await readdir(history)).filter((name) => name.endsWith('.json'));
  const finished = await Promise.all(
    months.map(async (name) =>
      Object.values(MonthFile.parse(JSON.parse(await readFile(join(history, name), 'utf8'))).data),
    ),
  );
  return { open: Object.values(state.data.posts), finished: finished.flat() };
}
