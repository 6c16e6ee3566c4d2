import { NotSaved, PhotoGone, ServiceError } from '#errors.ts';
import { type Approval, approvePost, waitOf } from '#flow/approve/approve-post.ts';
import { type CheckedService, checkServices } from '#flow/check-services.ts';
import { chooseFullSize, type FullSizeChoice, type NoFile } from '#flow/draft/choose-full-size.ts';
import { createPreparing } from '#flow/draft/prepare-next.ts';
import { type HistoryPage, readHistory } from '#flow/history/read-history.ts';
import { type HistoryStats, readStats } from '#flow/history/read-stats.ts';
import { inTime } from '#flow/in-time.ts';
import { type Added, addPhoto, type SentPhoto } from '#flow/pick/add-photo.ts';
import {
  moveInQueue,
  putBackInQueue,
  type QueueView,
  removeFromQueue,
  shuffleQueue,
  viewQueue,
} from '#flow/pick/arrange-queue.ts';
import { readQueue } from '#flow/pick/read-queue.ts';
import { createWishes } from '#flow/pick/wishes.ts';
import { type Preview, previewPost } from '#flow/preview-post.ts';
import { type AwaitedCode, awaitedCode, enterCode } from '#flow/publish/enter-code.ts';
import { resumePosts } from '#flow/resume.ts';
import { changePause } from '#flow/settings/change-pause.ts';
import { type Changed, changeSetting, undoChange, withAgenda } from '#flow/settings/change-setting.ts';
import { showProgress } from '#flow/show-card.ts';
import { describeError, tellSurely } from '#flow/tell-trouble.ts';
import { askToWithdraw } from '#flow/withdraw/withdraw-post.ts';
import { createWorker } from '#flow/worker.ts';
import type { Notice } from '#ports/owner-chat.ts';
import type { CodeOutcome } from '#ports/platform.ts';
import type { Ports } from '#ports/ports.ts';
import { lastSlot, nextSlot, rememberSlot, type Slot, slotsAfter } from '#post/agenda.ts';
import type { DeliveryChoice } from '#post/delivery.ts';
import { type FormattedText, trim } from '#post/formatted-text.ts';
import { type Choice, isRefusal, type PostEvent, type Refusal } from '#post/lifecycle.ts';
import { endOfPause, isPausedAt, type Pause } from '#post/pause.ts';
import type { Photo } from '#post/photo.ts';
import { lastPhotoAt } from '#post/photos-left.ts';
import { type Post, type PostIn, triableIn } from '#post/post.ts';
import type { Move } from '#post/queue.ts';
import { agendaOf, type Change, type Mode, type SettingName, type Settings } from '#post/settings.ts';
import { monthIn, spentIn } from '#post/spending.ts';
import {
  type Generation,
  ownersOf,
  type Person,
  type ServedSlot,
  type SetAside,
  type Wish,
  withReactions,
} from '#post/state.ts';

export type { QueueView } from '#flow/pick/arrange-queue.ts';

/** What became of a decision: the post after it, a refusal, or nothing where there never was such a post. */
export type Decided = Post | Refusal | undefined;

/** What an owner can choose besides letting a post go out. */
export type OwnerChoice = Exclude<
  Choice,
  { readonly type: 'approved' | 'scheduled' | 'edited' | 'full-size-chosen' }
>;

export interface Plan {
  /** The pause that holds now. */
  readonly pause: Pause | undefined;
  /** The next slot that has a draft; undefined: none is planned. */
  readonly nextSlot: Slot | undefined;
  readonly timeZone: string;
}

export interface StatusView extends Plan {
  readonly mode: Mode;
  /** Undefined: the library did not answer. */
  readonly photosLeft: number | undefined;
  /** When a slot takes the last of them; undefined: none is planned, or that is too far away to tell. */
  readonly photosLastUntil: Date | undefined;
  /** Photos in the library that do not come by themselves. */
  readonly setAside: readonly SetAside[];
  readonly open: readonly Post[];
  readonly platforms: readonly string[];
  readonly describer: boolean;
  readonly captionWriter: boolean;
  /** What the AI cost this month; undefined: none is set up. */
  readonly spending: Spending | undefined;
}

export interface StatsView extends HistoryStats {
  /** What the AI cost this month; undefined: none is set up. */
  readonly spending: Spending | undefined;
}

export interface Spending {
  readonly dollars: number;
  /** Infinite: there is no budget. */
  readonly budget: number;
  /** Whether everything that the AI costs can be counted. */
  readonly isComplete: boolean;
}

/** What the start found out about the state. */
export interface Found {
  readonly generation: Generation;
  /** When the state that was found was written, where that is known. */
  readonly writtenAt?: string | undefined;
  readonly damagedMonths: readonly string[];
}

/**
 * Everything that the owner or the clock can ask for. A promise resolves when the decision is on disk; the work
 * that follows from it goes on by itself, and after a restart from where it stood. Decisions reject with
 * `NotSaved`, and then nothing has happened.
 */
export interface App {
  /** To be called once, before anything else is asked: finishes what was half done. */
  resume(found: Found): Promise<void>;
  /** Asks for a draft of the next photo, or of one by its name. The answer comes in the chat. */
  requestDraft(name?: string, by?: number): Promise<void>;
  /** The same of exactly this photo. */
  requestDraftOf(photo: Photo, by: number): Promise<void>;
  /** Puts a photo that an owner has sent into the library and asks for its draft. Throws `ServiceError`. */
  addPhoto(sent: SentPhoto): Promise<Added>;
  /** Asks for the draft of a slot, once for each. */
  serveSlot(slot: Slot): Promise<void>;
  /** Tells the owner of a slot that is too long ago, once. */
  missSlot(slot: Slot): Promise<void>;
  servedSlots(): readonly ServedSlot[];
  /** Files posts whose time to be tried again is over, and sees to drafts that nobody answers. */
  attendOldPosts(): void;
  /** Lets the platforms look after what wears off. */
  upkeep(): void;
  approve(id: string, revision: number, by: number): Promise<Decided>;
  /** The same, but it goes out at its time, which has to be to come; a post that is scheduled is moved. */
  schedule(id: string, revision: number, publishAt: Date, by: number): Promise<Decided>;
  /** The draft or scheduled post that a card shows; a refusal: it is another one by now, and the card follows. */
  look(
    id: string,
    revision: number,
  ): Promise<PostIn<'awaiting-approval' | 'scheduled'> | Refusal | undefined>;
  /** Puts the card of an open post at the end of the chat; of a post without a card, or none, nothing is seen. */
  showAgain(id: string): Promise<void>;
  /** The open post whose card is this message. */
  postOn(chatId: number, messageId: number): Post | undefined;
  now(): Date;
  /** Everything else that an owner can choose on the card. */
  decide(id: string, revision: number, choice: OwnerChoice): Promise<Decided>;
  /** Makes the file in full size that is to follow, or leaves it out. Throws `ServiceError`. */
  chooseFullSize(choice: FullSizeChoice): Promise<Decided | NoFile>;
  /** A scheduled post goes out now. */
  publishNow(id: string, revision: number, by: number): Promise<Decided>;
  /** What each platform would get of a draft, by the names of the platforms; a refusal changes nothing either. */
  preview(id: string, revision: number): Promise<readonly Preview[] | Refusal | undefined>;
  /** Replaces the caption by the owner's text, as it is, without white space at its ends. */
  edit(id: string, revision: number, text: FormattedText): Promise<Decided>;
  /** Tries a failed delivery again, or one that the owner did not find. */
  retry(choice: DeliveryChoice): Promise<Decided>;
  /** The same for all that have failed and can be tried again; the answer is which. */
  retryAll(): Promise<readonly DeliveryChoice[]>;
  /** The code that a platform waits for, and did not publish without; undefined: none, or no longer. */
  awaitedCode(choice: DeliveryChoice): AwaitedCode | undefined;
  /** Hands that code over. Once it is taken, the delivery is tried again. */
  enterCode(choice: DeliveryChoice, code: string): Promise<CodeOutcome>;
  /** The owner found an uncertain delivery. */
  seen(choice: DeliveryChoice): Promise<Decided>;
  /** The owner leaves a delivery as it is. */
  drop(choice: DeliveryChoice): Promise<Decided>;
  /** A page of finished posts with all of these words, from 0. */
  history(words: string, page: number): Promise<HistoryPage>;
  /** What the posts of the last twelve months tell, and what the AI cost. */
  stats(): Promise<StatsView>;
  /** A message of the channel has so many reactions now. */
  countReactions(messageId: number, count: number): Promise<void>;
  /** Takes a published post down again, also one that is finished long since. */
  withdraw(id: string, by: number): Promise<Decided>;
  post(id: string): Post | undefined;
  /** The same, also from the history. */
  anyPost(id: string): Promise<Post | undefined>;
  /** So many photos of the queue; `from`: how many come before them. Throws `ServiceError`. */
  queue(count: number, from?: number): Promise<QueueView>;
  /** Gives a photo of the queue another place. Throws `ServiceError`. */
  moveInQueue(photo: Photo, move: Move): Promise<void>;
  /** From now on the photo does not come by itself. */
  removeFromQueue(photo: Photo): Promise<void>;
  /** Takes that back. */
  putBackInQueue(contentHash: string): Promise<void>;
  /** Another order, without any place that was chosen. */
  shuffleQueue(): Promise<void>;
  /** The photos side by side in rows of three with their numbers, of which this is the first; as JPEG. */
  contactSheet(photos: readonly Photo[], firstNumber?: number): Promise<Buffer>;
  status(): Promise<StatusView>;
  /** Asks every service whether it would do its part. Never rejects, and is over within half a minute. */
  check(): Promise<readonly CheckedService[]>;
  mode(): Mode;
  /** With `review`, what is under way by itself waits for the owner, too. */
  setMode(mode: Mode, by: number): Promise<void>;
  /** What holds now: chosen in chat, or else by the environment. */
  settings(): Settings;
  /** Chooses a setting, which counts from now on. A value that does not fit changes nothing. */
  change(name: SettingName, value: unknown, by: number): Promise<Changed>;
  /** Takes back the newest change of a setting or of the pause that was not taken back yet; undefined: there is none. */
  undoChange(by: number): Promise<Change | undefined>;
  /** What was changed and by whom, the newest last; at most 200. */
  changes(): readonly Change[];
  /** Where posts can go: all platforms that are set up. */
  places(): readonly { readonly id: string; readonly name: string }[];
  /** What Telegram calls an owner; undefined: they were not heard of yet. */
  nameOf(owner: number): string | undefined;
  /** The next times of the schedule, whether it is paused or not. */
  nextSlots(count: number): readonly Slot[];
  /** What the schedule has in mind. */
  plan(): Plan;
  /**
   * Lets the slots of the schedule pass without a draft: for a number of days, until a date, or, with an empty text,
   * until it is told otherwise. What was to go out by itself waits for the owner, as with `review`. False: the text is
   * not understood, and nothing has happened.
   */
  startPause(length: string, by: number): Promise<boolean>;
  endPause(by: number): Promise<void>;
  owners(): readonly number[];
  /** Keeps what Telegram tells of an owner, where it is news. */
  meet(owner: number, person: Person): Promise<void>;
  /** Shows what is waiting to owners who have not seen it: they opened the chat only now. */
  welcome(): void;
  /** Makes somebody an owner, and shows them what is waiting. */
  pair(owner: number): Promise<void>;
  /** Resolves when no work is under way. */
  whenIdle(): Promise<void>;
  /** Begins nothing new and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

export interface AppSettings {
  /** What the environment says of what can be changed in chat. */
  readonly defaults: Settings;
  /** From the environment; those paired by code come on top. */
  readonly owners: readonly number[];
  /** Whether all that the AI costs can be counted, and whether a budget can be kept. */
  readonly budget: { readonly isComplete: boolean; readonly canBeKept: boolean };
  /** The schedule or its zone is another one. */
  readonly onAgenda: () => void;
  /** What of the environment a draft depends on, as text to compare; absent: the next draft is not prepared ahead. */
  readonly preparing?: string | undefined;
}

export function createApp(ports: Ports, settings: AppSettings): App {
  const { store, clock, log, ownerChat, library } = ports;
  const agenda = () => agendaOf(ports.settings());
  const preparing = createPreparing(ports, settings.preparing);
  const worker = createWorker({ ...ports, preparing }, seeWhatIsNext);
  const wishes = createWishes(ports, worker);
  const stopping = new AbortController();
  const toldOfSlots = new Map<string, Promise<boolean>>();
  let watching: Promise<void> = Promise.resolve();

  const now = () => clock.now().toISOString();
  const mode = () => ports.settings().mode;
  const open = () => Object.values(store.state().posts);

  function spending(): Spending | undefined {
    if (ports.describer === undefined && ports.captionWriter === undefined) return undefined;
    const dollars = spentIn(store.state().spending, monthIn(ports.settings().timeZone, clock.now()));
    return {
      dollars,
      budget: ports.settings().monthlyBudget ?? Number.POSITIVE_INFINITY,
      isComplete: settings.budget.isComplete,
    };
  }

  function plan(): Plan {
    const { timeZone } = ports.settings();
    const { pause } = store.state().settings;
    if (pause === undefined || !isPausedAt(pause, clock.now()))
      return { pause: undefined, nextSlot: nextSlot(agenda(), clock.now()), timeZone };
    if (pause.until === undefined) return { pause, nextSlot: undefined, timeZone };
    // A slot at the very end of a pause has its draft.
    const last = new Date(Date.parse(pause.until) - 1);
    return { pause, nextSlot: nextSlot(agenda(), last), timeZone };
  }

  /** The slots of a pause take no photo. */
  function photosLastUntil(photosLeft: number | undefined): Date | undefined {
    const first = plan().nextSlot?.at;
    if (photosLeft === undefined || first === undefined) return undefined;
    return lastPhotoAt(agenda(), new Date(first.getTime() - 1), photosLeft);
  }

  function seeWhatIsNext(): void {
    if (store.state().wishes.length > 0) wishes.grantAll();
    preparing.prepareNext();
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
    if (isRefusal(result) && result.refused === 'too-soon') return result;
    // It can also end by a decision that was too late.
    if (!isRefusal(result) || result.post.state === 'expired') worker.showMeanwhile(id);
    // Also for who presses what is no longer there: their card is behind, as Telegram can carry out an edit late.
    worker.goOn(id);
    return result;
  }

  async function wish(wanted: Omit<Wish, 'id' | 'at'>, served?: Slot): Promise<void> {
    await store.change((state) => {
      const isSame = ({ by, name, contentHash }: Wish) =>
        by === wanted.by && name === wanted.name && contentHash === wanted.contentHash;
      const isThere =
        served === undefined
          ? state.wishes.some((each) => isSame(each) && !each.isWaiting)
          : state.servedSlots.some(({ key }) => key === served.key);
      if (isThere) return state;
      // Asked again while it waits for photos, it is answered again; of slots that wait, the newest is enough.
      const others = state.wishes.filter(
        (each) => !each.isWaiting || (served === undefined ? !isSame(each) : each.slot === undefined),
      );
      const servedSlots = served === undefined ? state.servedSlots : rememberSlot(state.servedSlots, served);
      return { ...state, servedSlots, wishes: [...others, { ...wanted, id: clock.id(), at: now() }] };
    });
    preparing.expect();
    wishes.grantAll();
  }

  /** The slot has no draft, and will have none. */
  async function passOver(slot: Slot): Promise<void> {
    await store.change((state) => ({ ...state, servedSlots: rememberSlot(state.servedSlots, slot) }));
  }

  /** Of a slot that keeps coming due; whether it was told. */
  async function tellOnce({ key }: Slot, notice: Notice): Promise<boolean> {
    const what = `${notice.kind} ${key}`;
    const telling = toldOfSlots.get(what) ?? ownerChat.tell(notice);
    toldOfSlots.set(what, telling);
    const isTold = await telling;
    if (!isTold) toldOfSlots.delete(what);
    return isTold;
  }

  /** What goes out by itself waits for the owner from now on. */
  async function holdAll(): Promise<void> {
    for (const { id } of open()) await decide(id, { type: 'held', at: now() });
  }

  /** What waits for photos goes on when there are some. */
  function watchLibrary(): Promise<void> {
    return library.watch(seeWhatIsNext, stopping.signal).catch((error: unknown) => {
      log.error({ error: describeError(error) }, 'The library is no longer watched');
    });
  }

  /** Nobody waits for it. */
  function tell(notice: Notice): void {
    tellSurely(ports, notice, stopping.signal).catch(() => undefined);
  }

  function upkeep(): void {
    for (const platform of ports.platforms) {
      platform.upkeep?.().catch((error: unknown) => {
        log.error({ platform: platform.id, error: describeError(error) }, 'A platform threw at its upkeep');
      });
    }
  }

  async function change(name: SettingName, value: unknown, by: number): Promise<Changed> {
    const isBudget = name === 'monthlyBudget' && value !== null;
    if (isBudget && !settings.budget.canBeKept) return { wrong: 'price-unknown' };
    const changed = await changeSetting(ports, settings.defaults, { name, value, by });
    if (changed === 'changed') await followChange(name);
    return changed;
  }

  async function followChange(name: string): Promise<void> {
    if (name === 'schedule' || name === 'timeZone') settings.onAgenda();
    const isHeld = name === 'mode' ? mode() === 'review' : name === 'pause' && plan().pause !== undefined;
    if (isHeld) await holdAll();
  }

  async function approve(id: string, approval: Approval): Promise<Decided> {
    const post = store.post(id);
    if (post === undefined) return await decided(id, undefined);
    if (post.state !== 'awaiting-approval') return await decided(id, { refused: 'not-now', post });
    return await decided(id, await approvePost(ports, post, approval));
  }

  const retry = ({ id, platform, round }: DeliveryChoice) =>
    decide(id, { type: 'retried', platform, round, at: now() });

  return {
    async resume({ generation, writtenAt, damagedMonths }) {
      await resumePosts(ports, generation, lastSlot(agenda(), clock.now()));
      await store.change((state) => withAgenda(state, agenda(), clock.now()));
      // The start does not wait for Telegram.
      if (generation === 'previous') tell({ kind: 'state-recovered' });
      if (generation === 'put-back') tell({ kind: 'state-put-back', writtenAt });
      if (damagedMonths.length > 0) tell({ kind: 'history-damaged', months: damagedMonths });
      upkeep();
      worker.goOnWithAll();
      wishes.grantAll();
      preparing.prepareNext();
      watching = watchLibrary();
    },
    async requestDraft(name, by) {
      await wish({
        isAutomatic: false,
        ...(name !== undefined && { name }),
        ...(by !== undefined && { by }),
      });
    },
    async addPhoto(sent) {
      const added = await addPhoto(ports, sent);
      wishes.grantAll();
      return added;
    },
    requestDraftOf: ({ name, contentHash }, by) => wish({ isAutomatic: false, name, contentHash, by }),
    async serveSlot(slot) {
      if (isPausedAt(store.state().settings.pause, slot.at)) return await passOver(slot);
      try {
        await wish({ isAutomatic: mode() !== 'review', slot: slot.key }, slot);
      } catch (error) {
        if (error instanceof NotSaved) await tellOnce(slot, { kind: 'not-saved', code: error.code });
        throw error;
      }
    },
    async missSlot(slot) {
      const isPaused = isPausedAt(store.state().settings.pause, slot.at);
      if (isPaused || (await tellOnce(slot, { kind: 'slot-missed', at: slot.at }))) await passOver(slot);
    },
    servedSlots: () => store.state().servedSlots,
    attendOldPosts: () => worker.attendOld(),
    upkeep,
    approve(id, revision, by) {
      const { undoSeconds } = ports.settings();
      const wait = undoSeconds === 0 ? undefined : waitOf('undo', clock.now(), undoSeconds * 1000);
      return approve(id, { revision, by, wait });
    },
    async schedule(id, revision, at, by) {
      const publishAt = at.toISOString();
      if (store.post(id)?.state === 'scheduled')
        return await decide(id, { type: 'rescheduled', revision, by, publishAt, at: now() });
      return await approve(id, { revision, by, wait: { wait: 'later', publishAt } });
    },
    async look(id, revision) {
      const post = store.post(id);
      const isOpen = post?.state === 'awaiting-approval' || post?.state === 'scheduled';
      if (isOpen && post.revision === revision) return post;
      const told = await decided(id, post && { refused: isOpen ? 'outdated' : 'not-now', post });
      return told !== undefined && isRefusal(told) ? told : undefined;
    },
    showAgain: (id) => showProgress(ports, id, true),
    postOn: (chatId, messageId) =>
      open().find(({ cards }) =>
        cards.some((card) => card.chatId === chatId && card.messageId === messageId),
      ),
    now: () => clock.now(),
    decide: (id, revision, choice) => decide(id, { ...choice, revision, at: now() }),
    chooseFullSize: ({ id, revision, platform, ...choice }) =>
      chooseFullSize(ports, { id, revision, platform, ...choice }, (picture) =>
        decide(id, { type: 'full-size-chosen', revision, platform, at: now(), ...(picture && { picture }) }),
      ),
    publishNow: (id, revision, by) =>
      decide(id, { type: 'rescheduled', revision, by, publishAt: now(), at: now() }),
    async preview(id, revision) {
      const post = store.post(id) ?? (await store.finished(id));
      if (post?.state !== 'awaiting-approval') return post && { refused: 'not-now', post };
      if (post.revision !== revision) return { refused: 'outdated', post };
      return await previewPost(ports, post);
    },
    async edit(id, revision, text) {
      const caption = { ...trim({ ...text, text: text.text.toWellFormed() }), source: 'owner' as const };
      const edited = await decide(id, { type: 'edited', revision, caption, at: now() });
      if (edited !== undefined && !isRefusal(edited)) await showProgress(ports, id, true);
      return edited;
    },
    retry,
    async retryAll() {
      const tried: DeliveryChoice[] = [];
      for (const choice of triableIn(open(), clock.now())) {
        const post = await retry(choice);
        if (post !== undefined && !isRefusal(post)) tried.push(choice);
      }
      return tried;
    },
    awaitedCode: (choice) => awaitedCode(ports, choice),
    async enterCode(choice, code) {
      const outcome = await enterCode(ports, choice, code);
      if (outcome.code === 'taken') await retry(choice);
      return outcome;
    },
    seen: ({ id, platform, round }) => decide(id, { type: 'seen', platform, round, at: now() }),
    drop: ({ id, platform, round }) => decide(id, { type: 'dropped', platform, round, at: now() }),
    history: (words, page) => readHistory(ports, words, page),
    stats: async () => ({ ...(await readStats(ports)), spending: spending() }),
    countReactions: (messageId, count) => store.change((state) => withReactions(state, messageId, count)),
    withdraw: async (id, by) => await decided(id, await askToWithdraw(ports, id, by)),
    post: (id) => store.post(id),
    anyPost: async (id) => store.post(id) ?? (await store.finished(id)),
    queue: (count, from) => viewQueue(ports, count, from),
    moveInQueue: (photo, move) => moveInQueue(ports, photo, move),
    removeFromQueue: (photo) => removeFromQueue(ports, photo),
    putBackInQueue: (contentHash) => putBackInQueue(ports, contentHash),
    shuffleQueue: () => shuffleQueue(ports),
    async contactSheet(photos, firstNumber) {
      const pictures = photos.map((photo) =>
        library.thumbnail(photo, 'small').catch((error: unknown) => {
          if (!(error instanceof ServiceError) && !(error instanceof PhotoGone)) throw error;
          return undefined;
        }),
      );
      return await ports.renderer.contactSheet(await Promise.all(pictures), firstNumber);
    },
    async status() {
      const queue = await inTime(clock, readQueue(ports)).catch((error: unknown) => {
        log.warn({ error: describeError(error) }, 'The library did not answer');
        return undefined;
      });
      const photosLeft = queue?.next.length;
      return {
        mode: mode(),
        ...plan(),
        photosLeft,
        photosLastUntil: photosLastUntil(photosLeft),
        setAside: Object.values(queue?.setAside ?? {}),
        open: open(),
        platforms: ports.platforms.map(({ name }) => name),
        describer: ports.describer !== undefined || ports.captionWriter?.looksItself === true,
        captionWriter: ports.captionWriter !== undefined,
        spending: spending(),
      };
    },
    check: () => checkServices(ports),
    mode,
    async setMode(to, by) {
      const changed = await change('mode', to, by);
      // What is under way may be older than the mode.
      if (changed === 'same') await followChange('mode');
    },
    settings: () => ports.settings(),
    change,
    async undoChange(by) {
      const undone = await undoChange(ports, settings.defaults, by);
      if (undone !== undefined) await followChange(undone.setting);
      return undone;
    },
    changes: () => store.state().changes,
    places: () => ports.platforms.map(({ id, name }) => ({ id, name })),
    nameOf: (owner) => store.state().people?.[owner]?.name,
    nextSlots: (count) => slotsAfter(agenda(), clock.now(), count),
    plan,
    async startPause(length, by) {
      const until = length === '' ? undefined : endOfPause(length, clock.now(), ports.settings().timeZone);
      if (length !== '' && until === undefined) return false;
      const since = plan().pause?.since ?? now();
      await changePause(ports, { since, ...(until !== undefined && { until: until.toISOString() }) }, by);
      await holdAll();
      return true;
    },
    endPause: (by) => changePause(ports, undefined, by),
    owners: () => ownersOf(store.state(), settings.owners),
    async meet(owner, person) {
      const known = store.state().people?.[owner];
      if (known?.name === person.name && known.language === person.language) return;
      await store.change((state) => ({ ...state, people: { ...state.people, [owner]: person } }));
    },
    welcome: () => worker.goOnWithAll(),
    async pair(owner) {
      await store.change((state) => {
        const paired = [...new Set([...state.settings.pairedOwners, owner])];
        return { ...state, settings: { ...state.settings, pairedOwners: paired } };
      });
      worker.goOnWithAll();
    },
    async whenIdle() {
      await wishes.whenIdle();
      await worker.whenIdle();
      // What became of a post can have left a wish.
      await wishes.whenIdle();
      await preparing.whenIdle();
    },
    async stop() {
      stopping.abort(new Error('Darkroom is stopping'));
      preparing.stop();
      await Promise.all([wishes.stop(), worker.stop(), watching]);
    },
  };
}
