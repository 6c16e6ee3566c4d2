import type { IgApiClient } from 'instagram-private-api';
import { z } from 'zod';
import type { Finding, Publication } from '#ports/platform.ts';

/** How far the clocks of Instagram and of this machine may be apart. */
const slackMs = 120_000;
/** Instagram lets three posts be pinned; those stand first, whatever their age. */
const mostPinned = 3;

/** The first page of `feed/user/<pk>/`: the newest twelve posts. `taken_at` is in seconds. */
const Feed = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      code: z.string(),
      taken_at: z.number(),
      caption: z.object({ text: z.string() }).nullish(),
    }),
  ),
  more_available: z.boolean(),
});
type Feed = z.infer<typeof Feed>;

/** Looks for a post in the account's own feed. Throws the package's errors. */
export async function lookInFeed(ig: IgApiClient, publication: Publication, since: Date): Promise<Finding> {
  const answer: unknown = await ig.feed.user(ig.state.cookieUserId).request();
  const feed = Feed.safeParse(answer);
  return feed.success ? find(feed.data, publication.caption, since.getTime() - slackMs) : unclear;
}

const unclear: Finding = { found: 'unclear' };

function find({ items, more_available: isMore }: Feed, caption: string, fromMs: number): Finding {
  const wanted = plain(caption);
  const isInTime = (item: Feed['items'][number]) => item.taken_at * 1000 >= fromMs;
  const alike = items.filter((item) => plain(item.caption?.text ?? '') === wanted);
  const match = alike.find(isInTime);
  // Without words a post cannot be told from another one.
  if (match !== undefined && wanted === '') return unclear;
  if (match !== undefined) {
    const at = new Date(match.taken_at * 1000);
    return { found: 'there', ref: match.id, url: linkTo(match.code), at };
  }
  // The same words a little earlier: perhaps another post, perhaps this one by a clock that is wrong.
  if (wanted !== '' && alike.length > 0) return unclear;
  const showsAll = !isMore || items.slice(mostPinned).some((item) => !isInTime(item));
  return showsAll ? { found: 'absent' } : unclear;
}

/** Instagram may write letters and gaps in another way than they were sent. */
function plain(caption: string): string {
  return caption.normalize('NFC').replace(/\s+/g, ' ').trim();
}

export function linkTo(code: string): string {
  return `https://www.instagram.com/p/${code}/`;
}
