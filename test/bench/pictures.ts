import sharp from 'sharp';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { platformDefinitions } from '#platforms/index.ts';
import { type Figure, figure } from './figures.ts';
import { cameras, photo } from './photos.ts';

/** Opening a photo and making it ready for each platform, beside decoding it and nothing else. */
export async function benchPictures(rounds: number): Promise<readonly Figure[]> {
  const renderer = createSharpRenderer();
  const figures: Figure[] = [];
  for (const [name, size] of Object.entries(cameras)) {
    const original = await photo(7, size);
    const decoding: number[] = [];
    const preparing: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      decoding.push(await timed(() => sharp(original).raw().toBuffer()));
      preparing.push(
        await timed(async () => {
          const { render } = await renderer.open(original);
          for (const { pictureLimits } of platformDefinitions) await render(pictureLimits);
        }),
      );
    }
    const bound = figure('', 'ms', decoding).value;
    figures.push(figure(`pictures for all platforms, ${name}`, 'ms', preparing, { bound }));
  }
  return figures;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
