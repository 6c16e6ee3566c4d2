import type { Ports } from '#ports/ports.ts';
import { contentsFor } from '#post/content.ts';
import type { Refusal } from '#post/lifecycle.ts';
import type { By, Post, PostIn, Wait } from '#post/post.ts';
import { endIfChanged, type LookPorts } from './look-again.ts';

/**
 * Freezes what goes out to each platform and saves the decision, to go out at once or after a wait. Nothing is sent here. A revision that is no
 * longer the current one is refused, and so is a photo that is not what and where it was: then the post has expired.
 */
export async function approvePost(
  ports: LookPorts & Pick<Ports, 'platforms'>,
  post: PostIn<'awaiting-approval'>,
  { revision, by, wait }: Approval,
): Promise<Post | Refusal | undefined> {
  const { store, clock, platforms } = ports;
  const contents = contentsFor(post, platforms);
  // What no place takes cannot go out by itself; the owner is to see why.
  if (by === 'automatic' && Object.keys(contents).length === 0)
    return await store.update(post.id, { type: 'held', at: clock.now().toISOString() });
  const ended = revision === post.revision ? await endIfChanged(ports, post) : undefined;
  if (ended !== undefined) return { refused: 'not-now', post: ended };
  const approval = { revision, by, at: clock.now().toISOString(), contents };
  return await store.update(
    post.id,
    wait === undefined ? { type: 'approved', ...approval } : { type: 'scheduled', ...approval, ...wait },
  );
}

export interface Approval {
  readonly revision: number;
  readonly by: By;
  /** Absent: it goes out at once. */
  readonly wait?: Waiting | undefined;
}

/** Until when an approved post waits, and why. */
export interface Waiting {
  readonly wait: Wait;
  /** ISO time. */
  readonly publishAt: string;
}

export function waitOf(wait: Wait, now: Date, ms: number): Waiting {
  return { wait, publishAt: new Date(now.getTime() + ms).toISOString() };
}
