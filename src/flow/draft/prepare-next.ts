import { isAboutPhoto } from '#errors.ts';
import { choosePhoto, withHashes } from '#flow/pick/choose-photo.ts';
import { readQueue } from '#flow/pick/read-queue.ts';
import { removeUnused } from '#flow/remove-unused.ts';
import { describeError } from '#flow/tell-trouble.ts';
import type { Ports } from '#ports/ports.ts';
import type { Photo } from '#post/photo.ts';
import { picturesOf } from '#post/post.ts';
import { ingredientsOf, isPreparedFor, type Prepared } from '#post/prepared.ts';
import { withoutPrepared } from '#post/state.ts';
import { develop } from './develop.ts';

const checkedMs = 5_000;
/** So long what could not be prepared well is left alone, as an AI that is down stays so for a while. */
const restMs = 15 * 60_000;

/** Makes the draft of the next photo ahead, so that it is there at once when it is asked for. */
export interface Preparing {
  /**
   * Prepares the next photo where that is not done yet and nothing else is under way. What goes wrong is only logged:
   * the draft is then made when it is asked for.
   */
  prepareNext(): void;
  /** A draft is asked for: what was prepared is checked while the library is asked which photo is next. */
  expect(): void;
  /**
   * What was prepared for this photo, or is being prepared, checked against what is there now; undefined: the draft
   * has to be made. It stays in the state until there is another next photo, so that a stop in between loses nothing.
   */
  take(photo: Photo): Promise<Prepared | undefined>;
  whenIdle(): Promise<void>;
  /** Begins nothing new; what is under way changes nothing any more. */
  stop(): void;
}

/** `environment`: what of the environment a draft depends on, as text to compare; undefined: nothing is prepared. */
export function createPreparing(ports: Ports, environment: string | undefined): Preparing {
  const { store, library, pictures, clock, log } = ports;
  let isStopped = false;
  let current: { readonly contentHash: string; readonly done: Promise<void> } | undefined;
  let looking: Promise<void> = Promise.resolve();
  let isAsked = false;
  /** The content that could not be prepared well, and until when it rests. */
  let resting: { readonly contentHash: string; readonly until: number } | undefined;
  let checked:
    | { readonly prepared: Prepared; readonly at: number; readonly holds: Promise<boolean> }
    | undefined;

  const ingredients = () => `${environment} ${ingredientsOf(ports.settings(), ports.platforms)}`;

  /** Somebody waits for that; afterwards it is asked again. */
  function isBusy(): boolean {
    const { posts, wishes } = store.state();
    const isUnderWay = wishes.some(({ isWaiting }) => !isWaiting);
    return (
      isStopped ||
      isUnderWay ||
      Object.values(posts).some(({ state }) => state === 'drafting' || state === 'publishing')
    );
  }

  async function lookAhead(): Promise<void> {
    isAsked = false;
    if (isBusy()) return;
    const { chosen, judged } = await choosePhoto(ports, (await readQueue(ports)).next);
    if (isBusy()) return;
    if (chosen === undefined) return await putAway();
    await store.change((state) => withHashes(state, judged));
    const { photo } = chosen;
    if (isBusy() || isResting(photo) || isPreparedFor(store.state().prepared, photo, ingredients())) return;
    resting = { contentHash: photo.contentHash, until: clock.now().getTime() + restMs };
    const done = prepare(photo, ingredients());
    current = { contentHash: photo.contentHash, done };
    await done.finally(() => {
      current = undefined;
    });
  }

  function isResting({ contentHash }: Photo): boolean {
    return resting?.contentHash === contentHash && clock.now().getTime() < resting.until;
  }

  /** Nothing comes next. */
  async function putAway(): Promise<void> {
    const { prepared } = store.state();
    if (prepared === undefined) return;
    await store.change(withoutPrepared);
    await removeUnused(ports, picturesOf(prepared));
  }

  async function prepare(photo: Photo, from: string): Promise<void> {
    const { draft, written, note } = await develop(ports, photo);
    const { caption, remark } = written;
    const before = store.state().prepared;
    // Words that are not the AI's are better made when they are needed: it may be there again by then.
    const isGood = caption !== undefined && (remark === undefined || remark === 'no-ai');
    const remarked = remark === undefined ? draft : { ...draft, remark };
    if (isGood && !isStopped) {
      const prepared: Prepared = {
        ...{ photo, draft: remarked, caption, ingredients: from },
        ...(note !== undefined && { note }),
      };
      await store.change((state) => ({ ...state, prepared }));
      resting = undefined;
    }
    // A draft that has begun meanwhile may need them; then they go with the next start.
    if (!isBusy())
      await removeUnused(ports, [...picturesOf({ draft }), ...picturesOf({ draft: before?.draft })]);
  }

  /** A check is good for the draft that it was made for, and not for later ones. */
  function check(prepared: Prepared): Promise<boolean> {
    const at = clock.now().getTime();
    if (checked?.prepared !== prepared || at - checked.at > checkedMs)
      checked = { prepared, at, holds: holds(prepared).catch(() => false) };
    return checked.holds;
  }

  /** What was kept is all there, and so is what the photographer wrote. */
  async function holds({ photo, note, draft }: Prepared): Promise<boolean> {
    const [now] = await Promise.all([
      library.note(photo),
      ...picturesOf({ draft }).map((sha256) => pictures.read(sha256)),
    ]);
    return now === note;
  }

  return {
    prepareNext() {
      if (environment === undefined || isStopped || isAsked) return;
      isAsked = true;
      looking = looking.then(lookAhead).catch((error: unknown) => {
        isAsked = false;
        log[isAboutPhoto(error) ? 'info' : 'error'](
          { error: describeError(error) },
          'The next draft is not prepared',
        );
      });
    },
    expect() {
      const { prepared } = store.state();
      if (environment !== undefined && prepared !== undefined) void check(prepared);
    },
    async take(photo) {
      if (environment === undefined) return undefined;
      if (current?.contentHash === photo.contentHash) await current.done.catch(() => undefined);
      const { prepared } = store.state();
      if (!isPreparedFor(prepared, photo, ingredients())) return undefined;
      return (await check(prepared)) ? prepared : undefined;
    },
    whenIdle: () => looking,
    stop() {
      isStopped = true;
    },
  };
}
