import { expect, it } from 'vitest';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { UnreadablePicture } from '#errors.ts';
import { renderFullSizes } from '#flow/draft/render-pictures.ts';
import { createFakeLog } from '../fakes/log.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';

const limits = {
  pictureLimits: { maxBytes: 1, maxLongEdge: 1, minWidth: 1, minRatio: 0, maxRatio: 1 },
  captionLimits: { maxLength: 1, maxHashtags: 1 },
};
const publish = async () => ({ outcome: 'failed', problem: { kind: 'rejected' } }) as const;
const silent = { id: 'silent', name: 'Silent', ...limits, publish };
const able = { ...silent, fullSizeBytes: 1_000_000 };
const platforms = [silent, able, { ...able, id: 'large', withFullSize: true }];
const renderer = createSharpRenderer();
const kept: Buffer[] = [];
const pictures = {
  async keep(bytes: Buffer) {
    kept.push(bytes);
    return 'hash';
  },
  read: async () => Buffer.from(''),
  remove: async () => undefined,
  keepOnly: async () => undefined,
};
const ports = { renderer, pictures, platforms, log: createFakeLog() };

it('makes it only for platforms where it follows, and keeps what it is like', async () => {
  const asked: number[] = [];
  const fullSize = (original: Buffer, maxBytes: number) => {
    asked.push(maxBytes);
    return renderer.fullSize(original, maxBytes);
  };
  const original = await plainJpeg(3000, 2000);
  const { fullSizes } = await renderFullSizes({ ...ports, renderer: { ...renderer, fullSize } }, original);
  expect(asked).toEqual([1_000_000]);
  expect(fullSizes).toEqual({
    large: { sha256: 'hash', format: 'jpeg', width: 3000, height: 2000, sizeBytes: kept[0]?.length },
  });
  expect(kept).toHaveLength(1);
});

it.each([
  ['cannot be made', () => Promise.reject(new UnreadablePicture('too wide for a JPEG'))],
  ['would be too large', async () => undefined],
])('does without where it %s', async (_, fullSize) => {
  const original = await plainJpeg();
  expect(await renderFullSizes({ ...ports, renderer: { ...renderer, fullSize } }, original)).toEqual({});
});
