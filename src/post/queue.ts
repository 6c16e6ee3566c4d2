import { createHash } from 'node:crypto';
import { cleanName } from './file-name.ts';
import type { Photo } from './photo.ts';

/** What the queue is made of, as it is kept in the state. */
export interface Deck {
  /** Shuffles the deck: the same seed, the same order, however many photos come and go. */
  readonly seed: string;
  /** Skipped content and until when it rests, by content hash. */
  readonly resting: Readonly<Record<string, string>>;
  /** Photos that the owner has put before all others, by id and in this order. */
  readonly front?: readonly string[] | undefined;
}

/** A change of the order: one place, to the very front, or no place at all, so that whatever comes stays behind. */
export type Move = 'first' | 'earlier' | 'later' | 'keep';

/** So many photos can be put before the others. */
const mostInFront = 200;

/**
 * What is in front after a move of a photo, by the ids of the queue in its order before it. Where a photo gets a place
 * behind ones that only the shuffle had put there, those keep theirs from then on. What is no longer in the queue is
 * forgotten.
 */
export function arranged(
  queue: readonly string[],
  front: readonly string[] = [],
  id: string,
  move: Move,
): readonly string[] {
  const place = queue.indexOf(id);
  const before = queue.filter((each) => front.includes(each)).length;
  if (place === -1) return front;
  const others = queue.filter((each) => each !== id);
  const targets = {
    first: 0,
    earlier: Math.max(0, place - 1),
    later: Math.min(queue.length - 1, place + 1),
    keep: place,
  };
  const target = targets[move];
  const held = place < before ? before : before + 1;
  const order = [...others.slice(0, target), id, ...others.slice(target)];
  return order.slice(0, Math.min(mostInFront, Math.max(held, target + 1)));
}

/** The front with a photo that was not in it: at the very front, or right behind another one that is there. */
export function withInFront(front: readonly string[] = [], id: string, behind?: string): readonly string[] {
  const others = front.filter((each) => each !== id);
  const place = behind === undefined ? 0 : others.indexOf(behind) + 1;
  return [...others.slice(0, place), id, ...others.slice(place)].slice(0, mostInFront);
}

/** A photo that was skipped, or may be out there without our knowing, rests this long: 30 days. */
export const longRestMs = 30 * 24 * 60 * 60 * 1000;

/**
 * The deck in which content does not come up before a time. Rests that were over long ago are forgotten, those of less
 * than a month ago are not, because the clock can be wrong.
 */
export function atRest(deck: Deck, contentHashes: readonly string[], until: Date, now: Date): Deck {
  const before = Object.entries(deck.resting).filter(
    ([, end]) => Date.parse(end) > now.getTime() - longRestMs,
  );
  const rests = contentHashes.map((contentHash) => [contentHash, until.toISOString()]);
  return { ...deck, resting: { ...Object.fromEntries(before), ...Object.fromEntries(rests) } };
}

/** Photos that are never to be taken, whatever the order. Content hashes. */
export interface Taken {
  readonly published: ReadonlySet<string>;
  /** Files that were published, by id: changed since, they are still the same picture to those who saw it. */
  readonly publishedFiles: ReadonlySet<string>;
  readonly setAside: ReadonlySet<string>;
  readonly open: ReadonlySet<string>;
}

/**
 * The photos that may come next, in order: those in front, then the others. Every photo has its own place in the
 * shuffle, so a new one slips in somewhere and leaves the order of the others as it was. Content is listed once, at its
 * first place.
 */
export function queueOf(photos: readonly Photo[], deck: Deck, taken: Taken, now: Date): readonly Photo[] {
  const seen = new Set<string>();
  const inFront = new Map(deck.front?.map((id, index) => [id, index] as const));
  const rank = (id: string) => inFront.get(id) ?? mostInFront;
  return photos
    .map((photo) => ({ photo, rank: rank(photo.id), place: place(deck.seed, photo.id) }))
    .sort((a, b) => a.rank - b.rank || (a.place < b.place ? -1 : 1))
    .map(({ photo }) => photo)
    .filter(({ id, contentHash }) => {
      const until = deck.resting[contentHash];
      const isResting = until !== undefined && new Date(until) > now;
      const isTaken = [taken.published, taken.setAside, taken.open].some((hashes) => hashes.has(contentHash));
      if (isResting || isTaken || taken.publishedFiles.has(id) || seen.has(contentHash)) return false;
      seen.add(contentHash);
      return true;
    });
}

/** The photo the owner means: by its whole name, else by a part of it. More than one: all of them. */
export function photosNamed(photos: readonly Photo[], name: string): readonly Photo[] {
  const comparable = (each: string) => cleanName(each).trim().normalize('NFC').toLowerCase();
  const wanted = comparable(name);
  const named = photos.map((photo) => ({ photo, name: comparable(photo.name) }));
  const exact = named.filter((each) => each.name === wanted || each.name.replace(/\.[^.]*$/, '') === wanted);
  const found = exact.length > 0 ? exact : named.filter((each) => each.name.includes(wanted));
  return found.map(({ photo }) => photo);
}

function place(seed: string, id: string): string {
  return createHash('sha256').update(`${seed} ${id}`).digest('hex');
}
