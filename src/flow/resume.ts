import type { Ports } from '#ports/ports.ts';
import { isApproved, type Post, picturesOf } from '#post/post.ts';

/**
 * To be called after a start, before anything else happens. What was being sent when Darkroom stopped may be out
 * there, so it becomes `uncertain`. After a recovery the state may be older than what happened, so what is only
 * waiting may be out there too.
 */
export async function resumePosts(
  { store, pictures, clock, platforms }: Pick<Ports, 'store' | 'pictures' | 'clock' | 'platforms'>,
  isRecovered: boolean,
): Promise<void> {
  for (const post of Object.values(store.state().posts)) {
    for (const platform of interrupted(post, isRecovered)) {
      await store.update(post.id, {
        type: 'lost-sight',
        platform,
        at: clock.now().toISOString(),
        problem: { kind: 'unexpected', detail: 'Darkroom was stopped while it was sending' },
        canLook: platforms.find(({ id }) => id === platform)?.look !== undefined,
      });
    }
  }
  await pictures.keepOnly(new Set(Object.values(store.state().posts).flatMap(picturesOf)));
}

function interrupted(post: Post, isRecovered: boolean): readonly string[] {
  if (!isApproved(post)) return [];
  return Object.entries(post.deliveries)
    .filter(([, { state }]) => state === 'sending' || (isRecovered && state === 'waiting'))
    .map(([platform]) => platform);
}
