import { type SharpModule, safe } from './sharp-rendition.ts';

const edge = 32;
const waves = 11;
/** Standard deviation of the brightness, 0 to 255. Below it there is nothing in the picture but noise. */
const leastContrast = 3;

/**
 * What a picture looks like, as `Renderer.perceptualHash` promises it: of its brightness in 32 × 32 pixels the slowest
 * waves of a cosine transform, each one bit, whether it is stronger than the middle one (pHash, Zauner 2010).
 */
export async function perceptualHash(sharp: SharpModule, picture: Buffer): Promise<string | undefined> {
  const image = sharp(picture, safe).autoOrient().flatten().greyscale();
  const pixels = await image.resize(edge, edge, { fit: 'fill' }).raw().toBuffer();
  const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;
  const variance = pixels.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0) / pixels.length;
  if (Math.sqrt(variance) < leastContrast) return undefined;
  const strengths = strengthsOf(pixels);
  const middle = strengths.toSorted((a, b) => a - b)[strengths.length / 2] ?? 0;
  const bits = strengths.map((strength) => (strength > middle ? 1 : 0)).join('');
  return BigInt(`0b${bits}`)
    .toString(16)
    .padStart(bits.length / 4, '0');
}

/** The first waves in both directions, without the very first, which is only the mean brightness. */
function strengthsOf(pixels: Buffer): readonly number[] {
  const strengths: number[] = [];
  for (let down = 0; down < waves; down += 1) {
    for (let across = 0; across < waves; across += 1) {
      if (down + across > 0) strengths.push(strengthOf(pixels, across, down));
    }
  }
  return strengths;
}

function strengthOf(pixels: Buffer, across: number, down: number): number {
  return pixels.reduce(
    (sum, pixel, at) => sum + pixel * cosine(across, at % edge) * cosine(down, Math.floor(at / edge)),
    0,
  );
}

const cosines = Float64Array.from({ length: waves * edge }, (_, at) =>
  Math.cos(((2 * (at % edge) + 1) * Math.floor(at / edge) * Math.PI) / (2 * edge)),
);

function cosine(wave: number, at: number): number {
  return cosines[wave * edge + at] ?? 0;
}
