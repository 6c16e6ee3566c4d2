import sharp, { type Sharp } from 'sharp';
import { seeded } from '#simulator/samples/paint.ts';

/** A picture of its own for each seed: patches of light and dark on a sky. */
export function scene(seed: number, width = 450, height = 300): Promise<Buffer> {
  const random = seeded(seed);
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at += 3) pixels.set([0x88, 0x99, 0xaa], at);
  for (let patch = 0; patch < 14; patch += 1) {
    const grey = Math.round(random() * 255);
    const centre = [random() * width, random() * height] as const;
    const radius = [random() * width * 0.4, random() * height * 0.4] as const;
    // Painted here and not by SVG, which Darkroom forbids sharp to read, in its tests as well.
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        if (((x - centre[0]) / radius[0]) ** 2 + ((y - centre[1]) / radius[1]) ** 2 > 1) continue;
        const at = (y * width + x) * 3;
        for (let channel = 0; channel < 3; channel += 1) {
          const value = channel === 1 ? 255 - grey : grey;
          pixels[at + channel] = Math.round(value * 0.8 + (pixels[at + channel] ?? 0) * 0.2);
        }
      }
    }
  }
  const raw = { width, height, channels: 3 } as const;
  return sharp(pixels, { raw }).jpeg({ quality: 92 }).toBuffer();
}

type Size = { readonly width: number; readonly height: number };
type Change = (picture: Sharp, size: Size) => Sharp | Promise<Sharp>;

/** What a second shot of a burst, or another way of saving the same one, does to a picture. */
const changes = {
  'saved anew': (picture) => picture.jpeg({ quality: 60 }),
  'with other metadata': (picture) => picture.withExif({ IFD0: { Copyright: 'Ada' } }).jpeg({ quality: 95 }),
  smaller: (picture) => picture.resize(500),
  'in another format': (picture) => picture.png(),
  'without colours': (picture) => picture.greyscale(),
  darker: (picture) => picture.linear(0.7, 0),
  brighter: (picture) => picture.linear(1.3, 0),
  moved: (picture, { width, height }) => cut(picture, width * 0.02, height * 0.02, width, height),
  'cropped by 3 %': (picture, { width, height }) =>
    cut(picture, width * 0.03, height * 0.03, width * 0.97, height * 0.97),
  'turned by 1.5°': async (picture, { width, height }) => {
    const { data, info } = await picture.rotate(1.5).png().toBuffer({ resolveWithObject: true });
    const [left, top] = [(info.width - width * 0.94) / 2, (info.height - height * 0.94) / 2];
    return cut(sharp(data), left, top, left + width * 0.94, top + height * 0.94);
  },
} as const satisfies Record<string, Change>;

export type Shot = keyof typeof changes;

/** The picture taken or saved once more in this way. */
export async function another(picture: Buffer, shot: Shot): Promise<Buffer> {
  const { width, height } = await sharp(picture).metadata();
  const change: Change = changes[shot];
  const changed = await change(sharp(picture), { width, height });
  // PNG is asked for by one of them; the others are JPEG as they came.
  return await changed.toBuffer();
}

function cut(picture: Sharp, left: number, top: number, right: number, bottom: number): Sharp {
  const [x, y] = [Math.round(left), Math.round(top)];
  const size = { width: Math.floor(right) - x, height: Math.floor(bottom) - y };
  return picture.extract({ left: x, top: y, ...size });
}
