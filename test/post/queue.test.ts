import { describe, expect, it } from 'vitest';
import type { Photo } from '#post/photo.ts';
import {
  arranged,
  type Deck,
  type Move,
  photosNamed,
  queueOf,
  type Taken,
  withInFront,
} from '#post/queue.ts';
import { photoNamed } from '../fakes/posts.ts';

const now = new Date('2026-11-22T09:00:00Z');
const deck: Deck = { seed: 'seed', resting: {} };
const photos = Array.from({ length: 40 }, (_, index) => photoNamed(`photo-${index}.jpg`));
const harbour = photoNamed('harbour.jpg');

interface Given {
  readonly photos?: readonly Photo[];
  readonly deck?: Partial<Deck>;
  readonly taken?: Partial<Taken>;
}

/** The names in the queue, in order. */
function queued(given: Given = {}): readonly string[] {
  const nobody = new Set<string>();
  const taken = { published: nobody, publishedFiles: nobody, setAside: nobody, open: nobody, ...given.taken };
  return queueOf(given.photos ?? photos, { ...deck, ...given.deck }, taken, now).map(({ name }) => name);
}

describe('the queue', () => {
  it('has every photo once, shuffled', () => {
    const names = photos.map(({ name }) => name);
    expect([...queued()].sort()).toEqual([...names].sort());
    expect(queued()).not.toEqual(names);
    expect(queued({ deck: { seed: 'another' } })).not.toEqual(queued());
  });

  it('is the same whatever order the library lists', () => {
    expect(queued({ photos: photos.toReversed() })).toEqual(queued());
  });

  it('keeps its order when a photo comes, goes or is renamed', () => {
    const before = queued();
    expect(queued({ photos: [harbour, ...photos] }).filter((name) => name !== harbour.name)).toEqual(before);
    expect(queued({ photos: photos.slice(7) })).toEqual(
      before.filter((name) => !photos.slice(0, 7).some((photo) => photo.name === name)),
    );
    const renamed = photos.map((photo, index) => (index === 3 ? { ...photo, name: 'new.jpg' } : photo));
    expect(queued({ photos: renamed })).toEqual(
      before.map((name) => (name === 'photo-3.jpg' ? 'new.jpg' : name)),
    );
  });

  it.each(['published', 'setAside', 'open'] as const)(
    'leaves out content that is %s, under any name',
    (kind) => {
      const copy = photoNamed('copy.jpg', { contentHash: harbour.contentHash });
      const given = { photos: [harbour, copy, ...photos] };
      expect(queued({ ...given, taken: { [kind]: new Set([harbour.contentHash]) } })).toEqual(queued());
    },
  );

  it('leaves out a file that was published, whatever it holds now', () => {
    const edited = { ...harbour, contentHash: 'another' };
    expect(queued({ photos: [edited], taken: { publishedFiles: new Set([harbour.id]) } })).toEqual([]);
    expect(queued({ photos: [edited], taken: { published: new Set([harbour.contentHash]) } })).toEqual([
      'harbour.jpg',
    ]);
  });

  it.each([
    ['rests until a second from now', '2026-11-22T09:00:01.000Z', false],
    ['rests until now', '2026-11-22T09:00:00.000Z', true],
    ['has rested', '2026-11-21T09:00:00.000Z', true],
  ])('of a photo that %s', (_, until, isIn) => {
    const resting = { [harbour.contentHash]: until };
    expect(queued({ photos: [harbour], deck: { resting } })).toEqual(isIn ? ['harbour.jpg'] : []);
  });

  it('has the same content only once', () => {
    const copy = photoNamed('copy.jpg', { contentHash: harbour.contentHash });
    expect(queued({ photos: [harbour, copy] })).toHaveLength(1);
  });

  it('is the same whatever order the library lists, with copies too', () => {
    const copies = photos.map(({ name, contentHash }) => photoNamed(`copy of ${name}`, { contentHash }));
    const all = [...photos, ...copies];
    expect(queued({ photos: all.toReversed() })).toEqual(queued({ photos: all }));
  });

  it('is empty when there are no photos', () => {
    expect(queued({ photos: [] })).toEqual([]);
  });
});

describe('what the owner has put in front', () => {
  it('comes first, in that order, and the others as before', () => {
    const [first = '', second = ''] = ['id:photo-7.jpg', 'id:photo-3.jpg'];
    const others = queued().filter((name) => name !== 'photo-7.jpg' && name !== 'photo-3.jpg');
    expect(queued({ deck: { front: [first, 'id:gone.jpg', second] } })).toEqual([
      'photo-7.jpg',
      'photo-3.jpg',
      ...others,
    ]);
  });

  const queue = ['a', 'b', 'c', 'd', 'e'];
  const moves: readonly (readonly [string, Move, readonly string[], readonly string[]])[] = [
    ['c', 'first', [], ['c']],
    ['c', 'first', ['a', 'b'], ['c', 'a', 'b']],
    ['b', 'first', ['a', 'b', 'c'], ['b', 'a', 'c']],
    ['c', 'earlier', [], ['a', 'c']],
    ['a', 'earlier', [], ['a']],
    ['b', 'earlier', ['a', 'b', 'c'], ['b', 'a', 'c']],
    ['c', 'earlier', ['a', 'b'], ['a', 'c', 'b']],
    ['a', 'later', [], ['b', 'a']],
    ['b', 'later', ['a', 'b'], ['a', 'c', 'b']],
    ['e', 'later', [], ['a', 'b', 'c', 'd', 'e']],
    ['c', 'keep', [], ['a', 'b', 'c']],
    ['a', 'keep', ['a', 'b', 'c'], ['a', 'b', 'c']],
    ['b', 'keep', ['a', 'gone'], ['a', 'b']],
    ['gone', 'first', ['a'], ['a']],
  ];
  it.each(moves)('after %s goes %s, with %j in front before, is %j', (id, move, front, expected) => {
    expect(arranged(queue, front, id, move)).toEqual(expected);
  });

  it('is not more than two hundred photos', () => {
    const many = Array.from({ length: 500 }, (_, index) => `${index}`);
    expect(arranged(many, [], '400', 'keep')).toHaveLength(200);
    expect(withInFront(many.slice(0, 200), 'new')).toHaveLength(200);
  });

  it.each([
    [undefined, undefined, ['x']],
    [['a', 'b'], undefined, ['x', 'a', 'b']],
    [['a', 'b'], 'a', ['a', 'x', 'b']],
    [['a', 'b'], 'gone', ['x', 'a', 'b']],
    [['a', 'x'], undefined, ['x', 'a']],
  ])('takes one more: %j behind %s', (front, behind, expected) => {
    expect(withInFront(front, 'x', behind)).toEqual(expected);
  });
});

describe('a photo by its name', () => {
  const all = [
    'harbour.jpg',
    'harbour.png',
    'Harbour at dusk.jpg',
    'Caf\u00e9.jpg',
    'a.b.jpg',
    'two\nlines.png',
  ].map((name) => photoNamed(name));
  const found = (name: string) => photosNamed(all, name).map((photo) => photo.name);

  it.each([
    ['harbour.jpg', ['harbour.jpg']],
    [' HARBOUR.JPG ', ['harbour.jpg']],
    ['harbour', ['harbour.jpg', 'harbour.png']],
    ['dusk', ['Harbour at dusk.jpg']],
    ['arb', ['harbour.jpg', 'harbour.png', 'Harbour at dusk.jpg']],
    ['Cafe\u0301', ['Caf\u00e9.jpg']],
    ['a.b', ['a.b.jpg']],
    ['two\uFFFDlines.png', ['two\nlines.png']],
    ['beach', []],
    ['.*', []],
  ])('“%s” is %j', (name, names) => {
    expect(found(name)).toEqual(names);
  });
});
