import { copiesAt, instagramPosts, type Place, places } from './owner.ts';
import type { CrashWorld } from './world.ts';

/** What was ever seen of the post, also of what is gone again. */
export interface Sightings {
  /** To be called whenever something can have come. */
  look(): void;
  /** How many different copies of it were ever at a place. */
  copies(place: Place): number;
  /** When the first one was seen, in epoch milliseconds of the world. */
  firstAt(place: Place): number | undefined;
}

export function createSightings(world: CrashWorld): Sightings {
  const firstAt = new Map<Place, number>();
  const ever = new Map(places.map((place) => [place, new Set<string>()]));
  return {
    look() {
      for (const place of places) {
        const now = idsAt(world, place);
        if (now.length > 0 && !firstAt.has(place)) firstAt.set(place, world.now());
        for (const id of now) ever.get(place)?.add(id);
      }
    },
    copies: (place) => ever.get(place)?.size ?? 0,
    firstAt: (place) => firstAt.get(place),
  };
}

function idsAt(world: CrashWorld, place: Place): readonly string[] {
  if (place === 'Instagram') return instagramPosts(world.simulator).map(({ id }) => id);
  if (place === 'Email') return Array.from({ length: copiesAt(world, place) }, (_, index) => String(index));
  return world.simulator.telegram
    .channelPosts()
    .flatMap(({ photo, id }) => (photo === undefined ? [] : [String(id)]));
}
