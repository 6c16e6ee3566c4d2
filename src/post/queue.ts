import { createHash } from 'node:crypto';
import { cleanName } from './file-name.ts';
import type { Photo } from './photo.ts';

/** What the queue is made of, as it is kept in the state. */
export interface Deck {
  /** Shuffles the deck: the same seed, the same order, however many photos come and go. */
  readonly seed: string;
  /** Skipped content and until when it rests, by content hash. */
  readonly resting: Readonly<Record<string, string>>;
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
 * The photos that may come next, in order. Every photo has its own place in the shuffle, so a new one slips
 * in somewhere and leaves the order of the others as it was. Content is listed once, at its first place.
 */
export function queueOf(photos: readonly Photo[], deck: Deck, taken: Taken, now: Date): readonly Photo[] {
  const seen = new Set<string>();
  return photos
    .map((photo) => ({ photo, place: place(deck.seed, photo.id) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
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
