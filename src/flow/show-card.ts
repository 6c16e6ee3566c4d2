import { ServiceError } from '#errors.ts';
import type { Ports } from '#ports/ports.ts';

type CardPorts = Pick<Ports, 'store' | 'ownerChat' | 'pictures'>;

/**
 * Brings the owner's cards up to date with the post, and remembers cards that are new. Throws `ServiceError`
 * when Telegram could not be reached, so that the card is shown later.
 */
export async function showCard(
  { store, ownerChat, pictures }: CardPorts,
  postId: string,
  asNew = false,
): Promise<void> {
  const post = store.post(postId);
  if (post === undefined) return;
  const cards = await ownerChat.show(post, (sha256) => pictures.read(sha256), asNew);
  for (const card of cards) await store.update(postId, { type: 'card-shown', card });
}

/** The same on the way: work that goes on does not wait for a card, which is shown again at its end. */
export async function showProgress(
  ports: CardPorts & Pick<Ports, 'log'>,
  postId: string,
  asNew = false,
): Promise<void> {
  await showCard(ports, postId, asNew).catch((error: unknown) => {
    if (!(error instanceof ServiceError)) throw error;
    ports.log.warn({ post: postId, problem: error.problem }, 'A card is behind');
  });
}
