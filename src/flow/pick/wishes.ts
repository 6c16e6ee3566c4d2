import { showCard } from '#flow/show-card.ts';
import { describeError, pauseAfter, tellTrouble } from '#flow/tell-trouble.ts';
import type { Worker } from '#flow/worker.ts';
import type { Notice } from '#ports/owner-chat.ts';
import type { Ports } from '#ports/ports.ts';
import { graceMs } from '#post/agenda.ts';
import type { Wish } from '#post/state.ts';
import { type Granted, grantWish, without } from './grant-wish.ts';

/** Grants the wishes in the state, one after the other, so that two never take the same photo. */
export interface Wishes {
  /** To be called when a wish was added. */
  grantAll(): void;
  whenIdle(): Promise<void>;
  stop(): Promise<void>;
}

type WishPorts = Pick<Ports, 'store' | 'library' | 'clock' | 'log' | 'ownerChat' | 'pictures'>;

export function createWishes(ports: WishPorts, worker: Pick<Worker, 'goOn' | 'askAgain'>): Wishes {
  const { store, clock, log, ownerChat } = ports;
  const stopping = new AbortController();
  const told = new Set<string>();
  let granting: Promise<void> = Promise.resolve();
  let pause: AbortController | undefined;
  let failures = 0;

  async function grantInTurn(): Promise<void> {
    for (;;) {
      const [wish] = store.state().wishes;
      if (wish === undefined || stopping.signal.aborted) return;
      try {
        await answer(wish, await grantWish(ports, wish));
        failures = 0;
        told.delete(wish.id);
      } catch (error) {
        log.warn({ wish, error: describeError(error) }, 'A draft could not be begun yet');
        tryAgainLater();
        await putOff(wish, error);
        return;
      }
    }
  }

  /** One pause for all wishes: what fails for one fails for the others. */
  function tryAgainLater(): void {
    pause?.abort();
    pause = new AbortController();
    const signal = AbortSignal.any([pause.signal, stopping.signal]);
    void clock.sleep(pauseAfter(failures), signal).then(grantAll, () => undefined);
    failures += 1;
  }

  async function putOff(wish: Wish, error: unknown): Promise<void> {
    const isOld = clock.now().getTime() - Date.parse(wish.at) > graceMs;
    if (!told.has(wish.id)) await tellTrouble(ports, error, 'listing');
    told.add(wish.id);
    if (!isOld) return;
    await store.change((state) => without(state, wish));
    await ownerChat.tell({ kind: 'gave-up' }, wish.by);
  }

  async function answer(wish: Wish, granted: Granted): Promise<void> {
    const { by } = wish;
    if ('begun' in granted) {
      worker.goOn(granted.begun.id);
      if (by !== undefined) await ownerChat.tell({ kind: 'preparing', name: granted.begun.photo.name }, by);
      return;
    }
    if ('waiting' in granted) {
      const { id, state } = granted.waiting;
      if (state === 'awaiting-approval') await showCard(ports, id, true);
      else worker.askAgain(id);
      if (by !== undefined && state === 'drafting') await ownerChat.tell({ kind: 'still-preparing' }, by);
    } else {
      await ownerChat.tell(whyNone(wish, granted), by);
    }
    await store.change((state) => without(state, wish));
  }

  function grantAll(): void {
    granting = granting.then(grantInTurn).catch((error: unknown) => {
      log.error({ error: describeError(error) }, 'A wish could not be put off');
    });
  }

  return {
    grantAll,
    whenIdle: () => granting,
    async stop() {
      stopping.abort(new Error('Darkroom is stopping'));
      await granting;
    },
  };
}

function whyNone({ name = '' }: Wish, granted: Extract<Granted, { readonly none: string }>): Notice {
  if (granted.none === 'several') return { kind: 'several', names: granted.names };
  return granted.none === 'not-found' ? { kind: 'not-found', name } : { kind: 'no-photos' };
}
