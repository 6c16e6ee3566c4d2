import { NotSaved, ServiceError } from '#errors.ts';
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
  await ownerChat.show({
    postId,
    asNew,
    latest: () => store.post(postId),
    picture: (sha256) => pictures.read(sha256),
    async remember(card) {
      await store.update(postId, { type: 'card-shown', card });
    },
  });
}

/** The same on the way: work that goes on does not wait for a card, which is shown again at its end. */
export async function showProgress(
  ports: CardPorts & Pick<Ports, 'log'>,
  postId: string,
  asNew = false,
): Promise<void> {
  await showCard(ports, postId, asNew).catch((error: unknown) => {
    if (!(error instanceof ServiceError) && !(error instanceof NotSaved)) throw error;
    ports.log.warn({ post: postId, error: error.message }, 'A card is behind');
  });
}
