import sharp from 'sharp';

/** A JPEG of one colour. */
export function plainJpeg(width = 640, height = 480, background = '#204060'): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
}
