import { inTime } from '#flow/in-time.ts';
import { describeError } from '#flow/tell-trouble.ts';
import type { FullSize, Platform } from '#ports/platform.ts';
import type { Ports } from '#ports/ports.ts';
import type { DeliveryEvent } from '#post/delivering.ts';
import type { Followed } from '#post/delivery.ts';
import { deliveryOf } from '#post/post.ts';

/** A platform has limits of its own; this is for one that does not keep them. */
const sendLimitMs = 150_000;

/**
 * Sends the file in full size after a post whose publication is on disk; undefined: there is none, or nobody knows what
 * became of it. To be called once for each publication and never after a restart, so that no file is there twice.
 */
export async function sendFullSize(
  ports: Pick<Ports, 'store' | 'pictures' | 'platforms' | 'clock' | 'log'>,
  postId: string,
  platformId: string,
  signal: AbortSignal,
): Promise<DeliveryEvent | undefined> {
  const { store, pictures, platforms, log } = ports;
  const delivery = deliveryOf(store.post(postId), platformId);
  if (delivery?.state !== 'published' || delivery.ref === undefined) return undefined;
  const { ref, content } = delivery;
  if (content.fullSize === undefined) return undefined;
  const picture = await pictures.read(content.fullSize.sha256).catch((error: unknown) => {
    log.error({ post: postId, error: String(error) }, 'A kept picture in full size is missing');
    return undefined;
  });
  const platform = platforms.find(({ id }) => id === platformId);
  const isPossible = picture !== undefined && platform?.sendFullSize !== undefined && !signal.aborted;
  const fullSize = isPossible ? await sendOnce(ports, platform, { postId, ref, picture }) : 'not-sent';
  log.info({ post: postId, platform: platformId, fullSize }, 'File in full size tried');
  return fullSize && { type: 'followed', platform: platformId, fullSize };
}

/** Undefined: it takes too long, or the platform threw all the same, and nobody knows what it did before. */
async function sendOnce(
  { clock, log }: Pick<Ports, 'clock' | 'log'>,
  platform: Platform,
  file: FullSize,
): Promise<Followed | undefined> {
  const sending = platform.sendFullSize?.(file).catch((error: unknown) => {
    log.error({ platform: platform.id, error: describeError(error) }, 'A platform threw over a file');
    return undefined;
  });
  return sending && (await inTime(clock, sending, sendLimitMs));
}
