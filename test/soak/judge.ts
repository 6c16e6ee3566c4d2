import { expect } from 'vitest';
import type { World } from '../world.ts';
import { allPosts, approvedPosts, markOf, publicMarks } from './services.ts';

const names: Readonly<Record<string, string>> = {
  telegram: 'Telegram channel',
  instagram: 'Instagram',
  email: 'Email',
};

/** What must be true at any time: nothing is twice anywhere. */
export async function judgeDoubles(world: World): Promise<void> {
  for (const [platform, marks] of Object.entries(await publicMarks(world))) {
    const doubles = marks.filter((mark, index) => marks.indexOf(mark) !== index);
    expect(doubles, `twice on ${platform}`).toEqual([]);
  }
}

/** What must be true when all services work again and everything has had its time. */
export async function judgeEnd(world: World, approved: ReadonlySet<string>): Promise<void> {
  await judgeDoubles(world);
  await judgeDeliveries(world);
  await judgeArchive(world);
  const posts = await allPosts(world);
  for (const id of approved) {
    expect(posts.find((post) => post.id === id)?.state, `${id} was approved`).toMatch(
      /archived|failed|expired/,
    );
  }
  const slots = posts.flatMap(({ slot, state }) => (slot === undefined || state === 'expired' ? [] : [slot]));
  expect(slots, 'one draft for each slot').toEqual([...new Set(slots)]);
  const bugs = world.logged.filter((line) =>
    /threw|TypeError|ReferenceError|put off|could not be served/.test(line),
  );
  expect(bugs).toEqual([]);
}

/** Each approved post is where Darkroom says, and nowhere else; what failed was told on its card. */
async function judgeDeliveries(world: World): Promise<void> {
  const posts = await approvedPosts(world);
  const marks = await publicMarks(world);
  for (const [platform, out] of Object.entries(marks)) {
    const known = posts.map((post) => ({ post, delivery: post.deliveries[platform] }));
    for (const { post, delivery } of known) {
      if (delivery === undefined) continue;
      const where = `${post.id} on ${platform}`;
      expect(['published', 'failed', 'dropped'], where).toContain(delivery.state);
      const mark = markOf(world, post, platform);
      const isThere = mark !== undefined && out.some((each) => each.startsWith(mark));
      if (delivery.state === 'published') expect(isThere, where).toBe(true);
      if (delivery.state !== 'failed') continue;
      const card = world.phone.messages().find(({ id }) => id === post.cards[0]?.messageId);
      expect(card?.text, where).toContain(`❌ ${names[platform]}`);
      const isOthers = known.some(
        (other) => other.post !== post && markOf(world, other.post, platform) === mark,
      );
      if (!isOthers) expect(isThere, where).toBe(false);
    }
    const own = new Set(
      known
        .filter(({ delivery }) => delivery?.state === 'published' || delivery?.state === 'dropped')
        .map(({ post }) => markOf(world, post, platform)),
    );
    const strays = out.filter((mark) => !own.has(mark.split(' ')[0]));
    expect(strays, `unknown to Darkroom on ${platform}`).toEqual([]);
  }
}

/** A photo is in the archive if its post is out, with the bytes it had, and otherwise where the owner has put it. */
async function judgeArchive(world: World): Promise<void> {
  const files = world.simulator.dropbox.files();
  const posts = await approvedPosts(world);
  for (const post of posts) {
    const file = files.find(({ id }) => id === post.photo.id);
    const others = posts.filter(({ photo }) => photo.id === post.photo.id);
    if (file === undefined) continue;
    const isArchived = file.path.includes('/archive/');
    const isOut = others.some((each) => each.state === 'archived' && each.archivedPath !== undefined);
    expect(isArchived, `${post.id} ${post.state} ${file.path}`).toBe(isOut);
    if (isArchived) expect(file.contentHash).toBe(post.photo.contentHash);
  }
}
