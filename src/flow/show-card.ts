import type { Ports } from '#ports/ports.ts';

/** Brings the owner's cards up to date with the post, and remembers cards that are new. */
export async function showCard(
  { store, ownerChat, pictures }: Pick<Ports, 'store' | 'ownerChat' | 'pictures'>,
  postId: string,
  asNew = false,
): Promise<void> {
  const post = store.post(postId);
  if (post === undefined) return;
  const cards = await ownerChat.show(post, (sha256) => pictures.read(sha256), asNew);
  for (const card of cards) await store.update(postId, { type: 'card-shown', card });
}
