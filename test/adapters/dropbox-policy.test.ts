import { expect, it } from 'vitest';
import { calls, openWithPhoto, strike } from '../fakes/open-dropbox.ts';
import { serviceErrorOf } from '../fakes/service-errors.ts';
import { shortenLimits } from '../fakes/short-limits.ts';

it('is asked for everything else while downloads hang, and for no more than two of them at once', async () => {
  shortenLimits(200);
  const opened = await openWithPhoto();
  const { service, library, photo } = opened;
  strike(opened, 'files/download', { kind: 'hang' });
  const reads = [library.read(photo), library.read(photo), library.read(photo)];
  const ended = Promise.allSettled(reads);
  await expect.poll(() => calls(service, 'files/download'), { interval: 2 }).toBe(2);
  expect(await library.list()).toHaveLength(1);
  expect(await library.look(photo)).toBe('there');
  expect((await library.thumbnail(photo, 'small')).length).toBeGreaterThan(0);
  expect(calls(service, 'files/download')).toBe(2);
  opened.faults.clear();
  service.close();
  await ended;
});

it('shows a sheet of many thumbnails with eight of them at once', async () => {
  const opened = await openWithPhoto();
  const { service, library, photo, faults } = opened;
  faults.setLatency('dropbox', 150, 'files/get_thumbnail_v2');
  const sheet = Array.from({ length: 12 }, () => library.thumbnail(photo, 'small'));
  await expect.poll(() => calls(service, 'files/get_thumbnail_v2'), { interval: 2 }).toBe(8);
  expect(await Promise.all(sheet)).toHaveLength(12);
  expect(calls(service, 'files/get_thumbnail_v2')).toBe(12);
});

it('is left alone when it is down, by all callers, until one call finds it back', async () => {
  const opened = await openWithPhoto();
  const { service, library, photo, clock, faults, bytes } = opened;
  faults.add({ service: 'dropbox', fault: { kind: 'error', status: 503 } });
  await serviceErrorOf(library.read(photo));
  await serviceErrorOf(library.list());
  const before = service.calls.length;
  for (const asked of [library.list(), library.read(photo), library.archive(photo)]) {
    const error = await serviceErrorOf(asked);
    expect(error.problem).toEqual({ kind: 'out-of-order' });
    expect(error.waitMs).toBeGreaterThan(0);
  }
  expect(service.calls).toHaveLength(before);
  faults.clear();
  // Whoever looks how Dropbox is gets the truth.
  expect(await library.check?.()).toEqual({ state: 'works' });
  await serviceErrorOf(library.list());
  clock.advance(45_000);
  expect(await library.read(photo)).toEqual(bytes);
});
