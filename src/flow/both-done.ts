/**
 * Resolves when both pieces of work have ended, or rejects then with what went wrong. Unlike `Promise.all` it
 * leaves nothing running behind: work that saves something has to end before a stop does.
 */
export async function bothDone<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return await Promise.all([one, other]);
}
