import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { z } from 'zod';
import { readSealed } from '#adapters/checked-file.ts';
import { type ApprovedPost, isApproved, Post } from '#post/post.ts';
import type { World } from '../world.ts';

/** What the public sees on each platform: a mark for each picture, for mails one for each recipient. */
export async function publicMarks({
  simulator,
}: World): Promise<Readonly<Record<string, readonly string[]>>> {
  const { telegram, instagram, smtp } = simulator;
  const mails = await Promise.all(
    smtp.mails().map(async ({ raw, envelope }) => {
      const [attachment] = (await PostalMime.parse(raw)).attachments;
      const mark = hash(Buffer.from((attachment?.content ?? new ArrayBuffer()) as ArrayBuffer));
      return envelope.to.map((to) => `${mark} ${to}`);
    }),
  );
  return {
    telegram: telegram.channelPosts().map(({ photo }) => hash(telegram.photo(photo?.fileId ?? ''))),
    instagram: instagram.posts().map(({ picture }) => hash(picture)),
    email: mails.flat(),
  };
}

/** How a post's picture is to be known on a platform; undefined: nobody can tell. */
export function markOf(
  { simulator, phone }: World,
  post: ApprovedPost,
  platform: string,
): string | undefined {
  if (platform !== 'telegram') return post.deliveries[platform]?.content.picture.sha256;
  // Telegram makes pictures of its own of what it gets; the card shows which.
  const card = phone.messages().find(({ id }) => id === post.cards[0]?.messageId);
  return card?.photo && hash(simulator.telegram.photo(card.photo.fileId));
}

/** Whether anybody has got the post there. */
export async function isOut(world: World, post: ApprovedPost, platform: string): Promise<boolean> {
  const mark = markOf(world, post, platform);
  const marks = (await publicMarks(world))[platform] ?? [];
  return mark !== undefined && marks.some((each) => each.startsWith(mark));
}

/** Every post there ever was. */
export async function allPosts({ darkroom, folder }: World): Promise<readonly Post[]> {
  const history = join(folder, 'history');
  const names = (await readdir(history).catch(() => [])).filter((name) => /^\d{4}-\d{2}\.json$/.test(name));
  const months = await Promise.all(
    names.map((name) => readSealed(join(history, name), z.record(z.string(), Post))),
  );
  const { open } = await darkroom().app.status();
  const finished = months.flatMap((month) => (typeof month === 'object' ? Object.values(month.data) : []));
  return [...finished.filter(({ id }) => !open.some((post) => post.id === id)), ...open];
}

export async function approvedPosts(world: World): Promise<readonly ApprovedPost[]> {
  return (await allPosts(world)).filter(isApproved);
}

function hash(bytes: Buffer = Buffer.alloc(0)): string {
  return createHash('sha256').update(bytes).digest('hex');
}
