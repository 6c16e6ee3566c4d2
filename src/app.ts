import { NotSaved, PhotoGone, ServiceError } from '#errors.ts';
import { approvePost } from '#flow/approve/approve-post.ts';
import { workOnPost } from '#flow/daily-post.ts';
import { type Begun, beginNextPost, rememberSlot, type Wish } from '#flow/pick/begin-post.ts';
import { nextPhotos } from '#flow/pick/next-photos.ts';
import { resumePosts } from '#flow/resume.ts';
import { showCard } from '#flow/show-card.ts';
import type { Doing } from '#ports/owner-chat.ts';
import type { Ports } from '#ports/ports.ts';
import { type Agenda, lastSlot, nextSlot, type Slot } from '#post/agenda.ts';
import type { Problem } from '#post/delivery.ts';
import { isRefusal, type PostEvent, type Refusal } from '#post/lifecycle.ts';
import type { Photo } from '#post/photo.ts';
import type { Post } from '#post/post.ts';
import { type Mode, ownersOf } from '#post/state.ts';

/** What became of a decision: the post after it, a refusal, or nothing where there never was such a post. */
export type Decided = Post | Refusal | undefined;

/** What became of asking for a draft. */
export type Requested = Begun | { readonly waiting: Post };

export interface QueueView {
  /** Posts that are not finished, oldest first. */
  readonly open: readonly Post[];
  readonly next: readonly Photo[];
  readonly total: number;
}

export interface StatusView {
  readonly mode: Mode;
  readonly nextSlot: Slot | undefined;
  readonly timeZone: string;
  /** Undefined: the library did not answer. */
  readonly photosLeft: number | undefined;
  readonly open: readonly Post[];
  readonly platforms: readonly string[];
  readonly describer: boolean;
  readonly captionWriter: boolean;
}

/**
 * Everything that the owner or the clock can ask for. A promise resolves when the decision is on disk; the work
 * that follows from it goes on by itself, and after a restart from where it stood.
 */
export interface App {
  /** To be called once, before anything else is asked: finishes what was half done. */
  resume(isRecovered: boolean): Promise<void>;
  /** Throws `ServiceError` when the library cannot be reached. */
  requestDraft(name?: string): Promise<Requested>;
  serveSlot(slot: Slot): Promise<void>;
  /** A slot that is too long ago is told to the owner, once, and counts as served. */
  missSlot(slot: Slot): Promise<void>;
  servedSlots(): readonly string[];
  approve(id: string, revision: number, by: number): Promise<Decided>;
  regenerate(id: string, revision: number): Promise<Decided>;
  skip(id: string, revision: number, by: number): Promise<Decided>;
  /** Replaces the caption by the owner's text, as it is. */
  edit(id: string, revision: number, text: string): Promise<Decided>;
  /** Tries a failed delivery again, or one that the owner did not find. */
  retry(id: string, platform: string): Promise<Decided>;
  /** The owner found an uncertain delivery. */
  seen(id: string, platform: string): Promise<Decided>;
  drop(id: string, platform: string): Promise<Decided>;
  post(id: string): Post | undefined;
  queue(count: number): Promise<QueueView>;
  /** The photos side by side in rows of three, as JPEG. */
  contactSheet(photos: readonly Photo[]): Promise<Buffer>;
  status(): Promise<StatusView>;
  mode(): Mode;
  setMode(mode: Mode, by: number): Promise<void>;
  owners(): readonly number[];
  /** Makes somebody an owner, and shows them what is waiting. */
  pair(owner: number): Promise<void>;
  /** Resolves when no work is under way. */
  whenIdle(): Promise<void>;
  /** Begins nothing new and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

export interface AppSettings {
  readonly mode: Mode;
  readonly agenda: Agenda;
  /** From the environment; those paired by code come on top. */
  readonly owners: readonly number[];
}

/** The pauses before a post that a service failed is taken up again; the last one repeats. */
const pausesMs = [60_000, 300_000, 900_000, 3_600_000];

export function createApp(ports: Ports, settings: AppSettings): App {
  const { store, clock, log, ownerChat, library } = ports;
  const stopping = new AbortController();
  const work = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const failures = new Map<string, number>();
  const toldSlots = new Set<string>();
  let picking: Promise<unknown> = Promise.resolve();

  const now = () => clock.now().toISOString();
  const open = () => Object.values(store.state().posts).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  const mode = () => store.state().settings.mode ?? settings.mode;

  /** Works on a post, one at a time for each; asked again meanwhile, once more afterwards. */
  function goOn(id: string): void {
    if (stopping.signal.aborted) return;
    if (work.has(id)) {
      again.add(id);
      return;
    }
    const done = workOnce(id).finally(() => {
      work.delete(id);
      if (again.delete(id)) goOn(id);
    });
    work.set(id, done);
  }

  async function workOnce(id: string): Promise<void> {
    try {
      const post = await workOnPost(ports, id, stopping.signal);
      failures.delete(id);
      if (post?.state === 'expired') await takeNextInstead(post);
    } catch (error) {
      if (!stopping.signal.aborted) await troubleWith(id, error);
    }
  }

  /** A photo that cannot be used makes room for the next one. */
  async function takeNextInstead({ slot, isAutomatic }: Post): Promise<void> {
    const begun = await inTurn(() => begin({ slot, isAutomatic }));
    if ('none' in begun) await ownerChat.tell({ kind: 'no-photos' });
  }

  /** Says once what is wrong, and takes the post up again after a while. */
  async function troubleWith(id: string, error: unknown): Promise<void> {
    const count = failures.get(id) ?? 0;
    failures.set(id, count + 1);
    const post = store.post(id);
    log.error({ post: id, error: describe(error) }, 'A post could not go on');
    const doing: Doing = post?.state === 'published' ? 'archiving' : 'drafting';
    if (count === 0) await tellTrouble(error, doing);
    const pause = pausesMs[Math.min(count, pausesMs.length - 1)] ?? 0;
    void clock.sleep(pause, stopping.signal).then(
      () => goOn(id),
      () => undefined,
    );
  }

  async function tellTrouble(error: unknown, doing: Doing): Promise<void> {
    if (error instanceof NotSaved) await ownerChat.tell({ kind: 'not-saved', code: error.code });
    else {
      const isService = error instanceof ServiceError;
      const problem: Problem = isService ? error.problem : { kind: 'unexpected' };
      await ownerChat.tell({
        kind: 'service-down',
        service: isService ? error.service : 'Darkroom',
        problem,
        doing,
      });
    }
  }

  /** One request for a draft after the other, so that two never take the same photo or serve the same slot. */
  function inTurn<T>(request: () => Promise<T>): Promise<T> {
    const result = picking.then(request);
    picking = result.catch(() => undefined);
    return result;
  }

  async function begin(wish: Wish): Promise<Begun> {
    const result = await beginNextPost(ports, wish);
    if ('begun' in result) goOn(result.begun.id);
    return result;
  }

  async function decide(id: string, event: PostEvent): Promise<Decided> {
    return await decided(id, await store.update(id, event));
  }

  /** A post that is finished takes no decision any more, and the refusal says how it ended. */
  async function decided(id: string, result: Decided): Promise<Decided> {
    if (result === undefined) {
      const post = await store.finished(id);
      return post && { refused: 'not-now', post };
    }
    if (!isRefusal(result)) goOn(id);
    return result;
  }

  async function requestDraft(name: string | undefined): Promise<Requested> {
    const waiting = name === undefined ? waitingDraft() : undefined;
    if (waiting === undefined) return await begin({ name, isAutomatic: mode() === 'auto' });
    if (waiting.state === 'awaiting-approval') await showCard(ports, waiting.id, true);
    else goOn(waiting.id);
    return { waiting };
  }

  async function serveSlot(slot: Slot): Promise<void> {
    if (store.state().servedSlots.includes(slot.key)) return;
    const isAutomatic = mode() === 'auto';
    const waiting = isAutomatic ? undefined : waitingDraft();
    if (waiting !== undefined) {
      await markServed(slot.key);
      await showCard(ports, waiting.id, true);
      return;
    }
    try {
      const begun = await begin({ slot: slot.key, isAutomatic });
      if (!('none' in begun)) return;
      await markServed(slot.key);
      await ownerChat.tell({ kind: 'no-photos' });
    } catch (error) {
      // The slot stays due; the owner hears of it once, and the next minute tries again.
      log.warn({ slot: slot.key, error: describe(error) }, 'The slot could not be served yet');
      if (!toldSlots.has(slot.key)) await tellTrouble(error, 'listing');
      toldSlots.add(slot.key);
    }
  }

  async function markServed(slot: string): Promise<void> {
    await store.change((state) => ({ ...state, servedSlots: rememberSlot(state.servedSlots, slot) }));
  }

  function waitingDraft(): Post | undefined {
    return open().find((post) => post.state === 'awaiting-approval' || post.state === 'drafting');
  }

  return {
    async resume(isRecovered) {
      await resumePosts(ports, isRecovered);
      if (isRecovered) await ownerChat.tell({ kind: 'state-recovered' });
      // A first start has missed nothing.
      const last = lastSlot(settings.agenda, clock.now());
      if (last !== undefined && store.state().servedSlots.length === 0) await markServed(last.key);
      for (const post of open()) goOn(post.id);
    },
    requestDraft: (name) => inTurn(() => requestDraft(name)),
    serveSlot: (slot) => inTurn(() => serveSlot(slot)),
    async missSlot(slot) {
      await markServed(slot.key);
      await ownerChat.tell({ kind: 'slot-missed', at: slot.at });
    },
    servedSlots: () => store.state().servedSlots,
    async approve(id, revision, by) {
      const post = store.post(id);
      if (post === undefined) return await decided(id, undefined);
      if (post.state !== 'awaiting-approval') return { refused: 'not-now', post };
      return await decided(id, await approvePost(ports, post, { revision, by }));
    },
    regenerate: (id, revision) => decide(id, { type: 'regenerated', revision }),
    skip: (id, revision, by) => decide(id, { type: 'skipped', revision, by, at: now() }),
    async edit(id, revision, text) {
      const caption = { text: text.toWellFormed().trim(), source: 'owner' as const };
      const edited = await decide(id, { type: 'edited', revision, caption });
      await showCard(ports, id, true);
      return edited;
    },
    retry: (id, platform) => decide(id, { type: 'retried', platform }),
    seen: (id, platform) => decide(id, { type: 'seen', platform, at: now() }),
    drop: (id, platform) => decide(id, { type: 'dropped', platform, at: now() }),
    post: (id) => store.post(id),
    async queue(count) {
      const photos = await nextPhotos(ports);
      return { open: open(), next: photos.slice(0, count), total: photos.length };
    },
    async contactSheet(photos) {
      const pictures = photos.map((photo) =>
        library.thumbnail(photo).catch((error: unknown) => {
          if (!(error instanceof ServiceError) && !(error instanceof PhotoGone)) throw error;
          return undefined;
        }),
      );
      return await ports.renderer.contactSheet(await Promise.all(pictures));
    },
    async status() {
      const photos = await nextPhotos(ports).catch((error: unknown) => {
        log.warn({ error: describe(error) }, 'The library did not answer');
        return undefined;
      });
      return {
        mode: mode(),
        nextSlot: nextSlot(settings.agenda, clock.now()),
        timeZone: settings.agenda.timeZone,
        photosLeft: photos?.length,
        open: open(),
        platforms: ports.platforms.map(({ name }) => name),
        describer: ports.describer !== undefined,
        captionWriter: ports.captionWriter !== undefined,
      };
    },
    mode,
    async setMode(to, by) {
      await store.change((state) => ({
        ...state,
        settings: { ...state.settings, mode: to },
        changes: [...state.changes, { at: now(), by, setting: 'mode', to }].slice(-200),
      }));
    },
    owners: () => ownersOf(store.state(), settings.owners),
    async pair(owner) {
      await store.change((state) => {
        const paired = [...new Set([...state.settings.pairedOwners, owner])];
        return { ...state, settings: { ...state.settings, pairedOwners: paired } };
      });
      for (const post of open()) goOn(post.id);
    },
    async whenIdle() {
      while (work.size > 0) await Promise.all(work.values());
    },
    async stop() {
      stopping.abort(new Error('Darkroom is stopping'));
      await Promise.all(work.values());
    },
  };
}

/**
 * What a log may hold of an error: never the whole of it, which could carry a request with a token. Only of a
 * bug of our own the place is wanted.
 */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return error instanceof ServiceError || error instanceof NotSaved
    ? error.message
    : (error.stack ?? error.message);
}
