import { PhotoGone, ServiceError } from '#errors.ts';
import { inTime } from '#flow/in-time.ts';
import { describeError } from '#flow/tell-trouble.ts';
import type { Ports } from '#ports/ports.ts';
import { type Likeness, likenessOf, type Shown } from '#post/look-alike.ts';
import type { Photo } from '#post/photo.ts';
import type { State } from '#post/state.ts';
import { limitsOf, shownNow } from './read-queue.ts';

export type ChoosePorts = Pick<Ports, 'store' | 'library' | 'renderer' | 'clock' | 'log' | 'settings'>;

/** A photo, and which other picture it looks like. */
export interface Judged {
  readonly photo: Photo;
  /** Absent: nobody can tell what it looks like, and so it looks like no other. */
  readonly perceptualHash?: string;
  readonly likeness?: Likeness;
}

export interface Choice {
  /** Undefined: there is none, or so far none was found. */
  readonly chosen: Judged | undefined;
  /** What was looked at for it. */
  readonly judged: readonly Judged[];
  /** More photos are left to look at. */
  readonly isUnfinished: boolean;
}

/** So many thumbnails are asked for at a time. */
const mostLooks = 20;

/**
 * The first photo of the queue that looks like no other one of these days. When all do, the one whose likeness is the
 * longest ago; never one that was published already and only saved anew. What the owner has put in front is taken even
 * where it looks like another one.
 */
export async function choosePhoto(ports: ChoosePorts, queue: readonly Photo[]): Promise<Choice> {
  const judged: Judged[] = [];
  const { perceptualHashes: known = {}, queue: deck } = ports.store.state();
  let looks = 0;
  for (const photo of queue) {
    if (looks === mostLooks) break;
    if (known[photo.contentHash] === undefined) looks += 1;
    const each = await judge(ports, photo);
    judged.push(each);
    const isWanted = deck.front?.includes(photo.id) === true && each.likeness?.isSame !== true;
    if (each.likeness === undefined || isWanted) return { chosen: each, judged, isUnfinished: false };
  }
  const time = ({ likeness }: Judged) => likeness?.shown.at.getTime() ?? 0;
  const [chosen] = judged.filter(({ likeness }) => !likeness?.isSame).sort((a, b) => time(a) - time(b));
  return { chosen, judged, isUnfinished: chosen === undefined && judged.length < queue.length };
}

/** What the photo looks like, asked only once for the same content. */
export async function judge(ports: ChoosePorts, photo: Photo): Promise<Judged> {
  const known = ports.store.state().perceptualHashes?.[photo.contentHash];
  const perceptualHash = known ?? (await lookAt(ports, photo));
  if (perceptualHash === undefined) return { photo };
  const shown: readonly Shown[] = shownNow(ports);
  const likeness = likenessOf(perceptualHash, shown, limitsOf(ports));
  return { photo, perceptualHash, ...(likeness && { likeness }) };
}

/** Undefined: the library makes no small picture of it, or not now. That is no reason to be without a draft. */
async function lookAt(
  { library, renderer, clock, log }: ChoosePorts,
  photo: Photo,
): Promise<string | undefined> {
  try {
    const thumbnail = await inTime(clock, library.thumbnail(photo, 'small'));
    return thumbnail && (await renderer.perceptualHash(thumbnail));
  } catch (error) {
    if (!(error instanceof ServiceError) && !(error instanceof PhotoGone)) throw error;
    log.info({ photo: photo.name, error: describeError(error) }, 'Nobody can tell what it looks like');
    return undefined;
  }
}

/** So many photos are remembered by what they look like; one takes some 100 bytes. */
const mostHashes = 200;

/** With what was found out about the looks of photos. */
export function withHashes(state: State, judged: readonly Judged[]): State {
  const fresh = judged.flatMap(({ photo, perceptualHash }) =>
    perceptualHash === undefined ? [] : [[photo.contentHash, perceptualHash] as const],
  );
  const { perceptualHashes = {} } = state;
  if (fresh.every(([contentHash]) => contentHash in perceptualHashes)) return state;
  const newest = [...Object.entries(perceptualHashes), ...fresh].slice(-mostHashes);
  return { ...state, perceptualHashes: Object.fromEntries(newest) };
}
