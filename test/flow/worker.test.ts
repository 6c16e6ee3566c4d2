import { expect, it } from 'vitest';
import { openStore } from '#adapters/lowdb.ts';
import { createWorker } from '#flow/worker.ts';
import type { Ports } from '#ports/ports.ts';
import { createFakeLog } from '../fakes/log.ts';
import { settingsWith } from '../fakes/settings.ts';
import { adding, postAfter } from '../fakes/store-posts.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { createTestClock } from '../test-clock.ts';

it('lets nothing leave before owners were heard after a start, and then at the next look', async () => {
  const clock = createTestClock();
  const { store } = await openStore(await temporaryFolder(), clock);
  const post = postAfter('2026-11-22-late', 'drafted', 'scheduled');
  await store.change(adding(post));
  let hasHeard = false;
  const ports = {
    ...{ store, clock, log: createFakeLog(), settings: () => settingsWith(), hasHeard: () => hasHeard },
    library: { look: async () => 'there' },
    ownerChat: { show: async () => undefined, tell: async () => true },
    platforms: [],
  } as unknown as Ports;
  const worker = createWorker(ports, () => undefined);
  clock.advance(Date.parse(post.state === 'scheduled' ? post.publishAt : '') - clock.now().getTime());
  const state = () => store.post(post.id)?.state;
  worker.goOn(post.id);
  for (let look = 0; look < 3; look += 1) {
    await worker.whenIdle();
    expect(state()).toBe('scheduled');
    clock.advance(30_000);
  }
  await worker.whenIdle();
  hasHeard = true;
  clock.advance(30_000);
  await expect.poll(state).not.toBe('scheduled');
  await worker.stop();
});

it('takes up a post whose time has passed and for which nothing waits, as after a release that the disk took back', async () => {
  const clock = createTestClock();
  const { store } = await openStore(await temporaryFolder(), clock);
  const post = postAfter('2026-11-22-late', 'drafted', 'scheduled');
  await store.change(adding(post));
  const published: string[] = [];
  const ports = {
    ...{ store, clock, log: createFakeLog(), settings: () => settingsWith(), hasHeard: () => true },
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

it('takes a post up again although neither its card nor the trouble can be shown', async () => {
  const clock = createTestClock();
  const { store } = await openStore(await temporaryFolder(), clock);
  await store.change(adding(postAfter('2026-11-22-hard', 'drafted')));
  let shown = 0;
  const ports = {
    ...{ store, clock, log: createFakeLog(), settings: () => settingsWith(), hasHeard: () => true },
    ownerChat: {
      async show() {
        shown += 1;
        if (shown === 1) throw new TypeError('no description');
      },
      tell: () => Promise.reject(new TypeError('no description')),
    },
  } as unknown as Ports;
  const worker = createWorker(ports, () => undefined);
  worker.goOn('2026-11-22-hard');
  await worker.whenIdle();
  clock.advance(60_000);
  await expect.poll(() => shown).toBe(2);
  await worker.stop();
});
