import { expect, it } from 'vitest';
import { PhotoGone, UnreadablePicture } from '#errors.ts';
import { type DevelopPorts, develop } from '#flow/draft/develop.ts';
import type { OpenPicture } from '#ports/renderer.ts';
import { createFakeLog } from '../fakes/log.ts';
import { settingsWith } from '../fakes/settings.ts';
import { postAfter } from '../fakes/store-posts.ts';

const limits = { maxBytes: 1, maxLongEdge: 1, minWidth: 1, minRatio: 1, maxRatio: 1 };
const bytes = Buffer.alloc(1);

interface Broken {
  readonly render?: true;
  readonly thumbnail?: true;
}

/** Ports with two platforms and a describer, and how many pictures are open now and were opened in all. */
function openPorts(broken: Broken) {
  let open = 0;
  let opened = 0;
  const picture = (): OpenPicture => {
    open += 1;
    opened += 1;
    return {
      ownWords: { keywords: [] },
      render: async () => {
        if (broken.render) throw new UnreadablePicture('torn');
        return { bytes, width: 1, height: 1, from: { width: 1, height: 1 } };
      },
      copy: async () => bytes,
      close: () => {
        open -= 1;
      },
    };
  };
  const ports = {
    store: { state: () => ({ descriptions: {}, posts: {} }), change: async () => undefined },
    library: {
      note: async () => undefined,
      read: async () => bytes,
      thumbnail: async () => {
        if (broken.thumbnail) throw new PhotoGone();
        return bytes;
      },
    },
    renderer: { open: async () => picture(), measure: async () => ({ format: 'jpeg', width: 1, height: 1 }) },
    pictures: { keep: async () => 'a', read: async () => bytes },
    platforms: ['telegram', 'email'].map((id) => ({ id, pictureLimits: limits })),
    describer: { describe: async () => ({ caption: 'A pier' }) },
    captionWriter: undefined,
    settings: () => settingsWith(),
    log: createFakeLog(),
  };
  return { ports: ports as unknown as DevelopPorts, open: () => open, opened: () => opened };
}

const { photo } = postAfter('a');

it('closes what it has opened: the photo, and the small picture for the describer', async () => {
  const { ports, open, opened } = openPorts({});
  await develop(ports, photo);
  expect([opened(), open()]).toEqual([2, 0]);
});

it('opens a rendition for the describer where the library has no small picture, and closes it', async () => {
  const { ports, open, opened } = openPorts({ thumbnail: true });
  await develop(ports, photo);
  expect([opened(), open()]).toEqual([2, 0]);
});

it('closes the photo also where no picture can be made of it', async () => {
  const { ports, open } = openPorts({ render: true });
  await expect(develop(ports, photo)).rejects.toThrow('torn');
  expect(open()).toBe(0);
});
