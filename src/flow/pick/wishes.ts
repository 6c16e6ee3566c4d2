import { showCard } from '#flow/show-card.ts';
import { describeError, pauseAfter, tellTrouble } from '#flow/tell-trouble.ts';
import type { Worker } from '#flow/worker.ts';
import type { Ports } from '#ports/ports.ts';
import { graceMs } from '#post/agenda.ts';
import type { Wish } from '#post/state.ts';
import { type Granted, grantWish } from './grant-wish.ts';

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
  let failures = 0;

  async function grantInTurn(): Promise<void> {
    for (;;) {
      const [wish] = store.state().wishes;
      if (wish === undefined || stopping.signal.aborted) return;
      if (!(await grant(wish))) return;
    }
  }

  /** False: it could not be granted now, and all are tried again later. */
  async function grant(wish: Wish): Promise<boolean> {
    try {
      const granted = await grantWish(ports, wish);
      failures = 0;
      await answer(wish, granted);
      return true;
    } catch (error) {
      log.warn({ wish, error: describeError(error) }, 'A draft could not be begun yet');
      return await putOff(wish, error);
    }
  }

  async function putOff(wish: Wish, error: unknown): Promise<boolean> {
    if (!told.has(wish.id)) await tellTrouble(ports, error, 'listing');
    told.add(wish.id);
    if (clock.now().getTime() - Date.parse(wish.at) > graceMs) {
      await store.change((state) => ({ ...state, wishes: state.wishes.filter(({ id }) => id !== wish.id) }));
      await ownerChat.tell({ kind: 'slot-missed', at: new Date(wish.at) }, wish.by);
      return true;
    }
    void clock.sleep(pauseAfter(failures), stopping.signal).then(grantAll, () => undefined);
    failures += 1;
    return false;
  }

  async function answer({ by, name }: Wish, granted: Granted): Promise<void> {
    if ('begun' in granted) {
      worker.goOn(granted.begun.id);
      if (by !== undefined) await ownerChat.tell({ kind: 'preparing', name: granted.begun.photo.name }, by);
    } else if ('waiting' in granted) {
      const { id, state } = granted.waiting;
      if (state === 'awaiting-approval') await showCard(ports, id, true);
      else worker.askAgain(id);
      if (by !== undefined && state === 'drafting') await ownerChat.tell({ kind: 'still-preparing' }, by);
    } else if (granted.none === 'several') {
      await ownerChat.tell({ kind: 'several', names: granted.names }, by);
    } else if (granted.none === 'not-found') {
      await ownerChat.tell({ kind: 'not-found', name: name ?? '' }, by);
    } else {
      await ownerChat.tell({ kind: 'no-photos' }, by);
    }
  }

  function grantAll(): void {
    granting = granting.then(grantInTurn).catch((error: unknown) => {
      log.error({ error: describeError(error) }, 'A wish could not be answered');
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
