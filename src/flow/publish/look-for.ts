import { inTime } from '#flow/in-time.ts';
import { showProgress } from '#flow/show-card.ts';
import type { Finding, Platform } from '#ports/platform.ts';
import type { Ports } from '#ports/ports.ts';
import type { Sight } from '#post/delivering.ts';
import { claimByPlace, claimByWords, claimOf, isTooEarly } from '#post/delivery.ts';
import { type ApprovedPost, deliveryOf } from '#post/post.ts';
import { preparePublication } from './prepare-publication.ts';

type LookPorts = Pick<Ports, 'store' | 'pictures' | 'platforms' | 'clock' | 'log' | 'ownerChat'>;

/** A platform has limits of its own; this is for one that does not keep them. */
const lookLimitMs = 150_000;

/**
 * Looks for one delivery with unknown outcome, when its time has come: found, it is published; else the owner is asked
 * in the end. Nothing is ever sent again because of a look.
 */
export async function lookFor(ports: LookPorts, post: ApprovedPost, platformId: string): Promise<void> {
  const { store, clock, log, platforms } = ports;
  const delivery = post.deliveries[platformId];
  if (delivery?.state !== 'uncertain' || delivery.looking === undefined) return;
  if (isTooEarly(delivery, clock.now())) return;
  const platform = platforms.find((each) => each.id === platformId);
  const publication = await preparePublication(ports, post, platformId, delivery);
  const seen: Finding =
    platform?.look === undefined || publication === undefined
      ? { found: 'unclear' }
      : // Nothing of it can be out there before it was approved, whichever attempt it was.
        await lookOnce(ports, platform, () => platform.look?.(publication, new Date(post.approval.at)));
  const isSure = !isEarlier(post, seen) && !isClaimed(ports, post, platformId, seen);
  const finding = isSure ? seen : { found: 'unclear' as const };
  log.info({ post: post.id, platform: platformId, finding }, 'Looked for a delivery');
  await store.update(post.id, {
    type: 'looked',
    platform: platformId,
    at: clock.now().toISOString(),
    ...sightOf(finding),
  });
  await showProgress(ports, post.id);
}

/** A platform that throws, or does not end, cannot tell. */
async function lookOnce(
  { clock, log }: LookPorts,
  { id }: Platform,
  look: () => Promise<Finding> | undefined,
): Promise<Finding> {
  try {
    return (await inTime(clock, Promise.resolve(look()), lookLimitMs)) ?? { found: 'unclear' };
  } catch (error) {
    log.error({ platform: id, error: String(error) }, 'A platform threw while it was looked at');
    return { found: 'unclear' };
  }
}

function sightOf(finding: Finding): Sight {
  if (finding.found !== 'there') return finding;
  const { found, ref, url } = finding;
  return { found, ref, ...(url !== undefined && { url }) };
}

/** The same words from before the approval are another post's, or our clock is wrong. Seconds are cut off. */
function isEarlier({ approval }: ApprovedPost, finding: Finding): boolean {
  if (finding.found !== 'there' || finding.at === undefined) return false;
  return finding.at.getTime() < Math.floor(Date.parse(approval.at) / 1000) * 1000;
}

/** What can belong to another post as well is not surely this one: by its place there, or by the same words. */
function isClaimed({ store }: LookPorts, post: ApprovedPost, platformId: string, finding: Finding): boolean {
  const mine = post.deliveries[platformId];
  if (finding.found !== 'there' || mine === undefined) return false;
  const words = claimByWords(platformId, mine);
  const claims = [words, claimByPlace(platformId, finding.ref)];
  if (claims.some((claim) => store.claims().has(claim))) return true;
  return Object.values(store.state().posts).some((other) => {
    const theirs = other.id === post.id ? undefined : deliveryOf(other, platformId);
    if (theirs === undefined) return false;
    return claimByWords(platformId, theirs) === words || claims.includes(claimOf(platformId, theirs));
  });
}
