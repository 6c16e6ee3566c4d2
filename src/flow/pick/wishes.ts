import { loadAhead } from '#flow/load-ahead.ts';
import { showCard } from '#flow/show-card.ts';
import { tellSetAside } from '#flow/tell-set-aside.ts';
import { describeError, pauseAfter, tellTrouble } from '#flow/tell-trouble.ts';
import type { Worker } from '#flow/worker.ts';
import type { Notice } from '#ports/owner-chat.ts';
import type { Ports } from '#ports/ports.ts';
import { graceMs } from '#post/agenda.ts';
import type { Wish } from '#post/state.ts';
import { type Granted, grantWish, without } from './grant-wish.ts';
import { tellRunningLow } from './tell-running-low.ts';

/**
 * Grants the wishes in the state, one after the other, so that two never take the same photo. One that finds no
 * photo left is told so once and waits for new ones, up to twelve hours.
 */
export interface Wishes {
  /** To be called when a wish was added, and when there may be new photos. */
  grantAll(): void;
  whenIdle(): Promise<void>;
  stop(): Promise<void>;
}

type Answered = Exclude<Granted, { readonly none: 'no-photos' | 'unfinished' }>;
type WishPorts = Parameters<typeof grantWish>[0] & Pick<Ports, 'ownerChat' | 'pictures'>;

export function createWishes(ports: WishPorts, worker: Pick<Worker, 'goOn' | 'askAgain'>): Wishes {
  const { store, clock, log, ownerChat } = ports;
  const stopping = new AbortController();
  const told = new Set<string>();
  let granting: Promise<void> = Promise.resolve();
  let pause: AbortController | undefined;
  let failures = 0;

  async function grantInTurn(): Promise<void> {
    const inVain = new Set<string>();
    for (;;) {
      const wish = store.state().wishes.find(({ id }) => !inVain.has(id));
      if (wish === undefined || stopping.signal.aborted) return;
      try {
        if (wish.isWaiting && isOld(wish)) {
          await store.change((state) => without(state, wish));
          continue;
        }
        // While the library is asked.
        loadAhead([ports.renderer], log);
        const granted = await grantWish(ports, wish);
        if ('none' in granted && granted.none === 'unfinished') continue;
        // With a draft on its way they are told when it is there.
        if (!('begun' in granted)) await tellSetAside(ports);
        if ('none' in granted && granted.none === 'no-photos') {
          await waitForPhotos(wish);
          inVain.add(wish.id);
        } else await answer(wish, granted);
        failures = 0;
        told.delete(wish.id);
      } catch (error) {
        log.warn({ wish, error: describeError(error) }, 'A draft could not be begun yet');
        tryAgainLater(error);
        await putOff(wish, error);
        return;
      }
    }
  }

  function isOld({ at }: Wish): boolean {
    return clock.now().getTime() - Date.parse(at) > graceMs;
  }

  /** One pause for all wishes: what fails for one fails for the others. */
  function tryAgainLater(error: unknown): void {
    pause?.abort();
    pause = new AbortController();
    const signal = AbortSignal.any([pause.signal, stopping.signal]);
    void clock.sleep(pauseAfter(failures, error), signal).then(grantAll, () => undefined);
    failures += 1;
  }

  async function putOff(wish: Wish, error: unknown): Promise<void> {
    if (!told.has(wish.id) && (await tellTrouble(ports, error, 'listing'))) told.add(wish.id);
    if (!isOld(wish)) return;
    await store.change((state) => without(state, wish));
    await ownerChat.tell({ kind: 'gave-up' }, wish.by);
  }

  async function waitForPhotos(wish: Wish): Promise<void> {
    if (wish.isWaiting) return;
    const isTold = await ownerChat.tell({ kind: 'no-photos' }, wish.by);
    if (!isTold && !isOld(wish)) return tryAgainLater(undefined);
    await store.change((state) => ({
      ...state,
      wishes: state.wishes.map((each) => (each.id === wish.id ? { ...each, isWaiting: true } : each)),
    }));
  }

  async function answer(wish: Wish, granted: Answered): Promise<void> {
    const { by } = wish;
    if ('begun' in granted) {
      worker.goOn(granted.begun.id);
      if (by !== undefined) await ownerChat.tell({ kind: 'preparing', name: granted.begun.photo.name }, by);
      const { photosLeft } = granted;
      if (wish.slot !== undefined && photosLeft !== undefined) {
        await tellRunningLow(ports, photosLeft);
      }
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

function whyNone({ name = '' }: Wish, granted: Extract<Answered, { readonly none: string }>): Notice {
  return granted.none === 'several' ? { kind: 'several', names: granted.names } : { kind: 'not-found', name };
}
