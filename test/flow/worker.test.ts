import { expect, it } from 'vitest';
import { openStore } from '#adapters/lowdb.ts';
import { createWorker } from '#flow/worker.ts';
import type { Ports } from '#ports/ports.ts';
import { createFakeLog } from '../fakes/log.ts';
import { settingsWith } from '../fakes/settings.ts';
import { adding, postAfter } from '../fakes/store-posts.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { createTestClock } from '../test-clock.ts';

it('takes up a post whose time has passed and for which nothing waits, as after a release that the disk took back', async () => {
  const clock = createTestClock();
  const { store } = await openStore(await temporaryFolder(), clock);
  const post = postAfter('2026-11-22-late', 'drafted', 'scheduled');
  await store.change(adding(post));
  const published: string[] = [];
  const ports = {
    ...{ store, clock, log: createFakeLog(), settings: () => settingsWith() },
    library: { look: async () => 'there' },
    pictures: { read: async () => Buffer.alloc(0), remove: async () => undefined },
    ownerChat: { show: async () => undefined, tell: async () => true },
    platforms: [
      {
        id: 'telegram',
        async publish({ postId }: { readonly postId: string }) {
          published.push(postId);
          return { outcome: 'failed', problem: { kind: 'rejected' } };
        },
      },
    ],
  } as unknown as Ports;
  const worker = createWorker(ports, () => undefined);
  const publishAt = post.state === 'scheduled' ? Date.parse(post.publishAt) : Number.NaN;
  worker.attendOld();
  await worker.whenIdle();
  expect(published).toEqual([]);
  clock.advance(publishAt - clock.now().getTime());
  worker.attendOld();
  await worker.whenIdle();
  expect(published).toEqual([post.id]);
  await worker.stop();
});
