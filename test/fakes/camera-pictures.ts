import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

export type Colour = readonly [number, number, number];

/** The middles of the quarters, from the top left clockwise, as parts of width and height. */
export const quarterMiddles = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.75, 0.75],
  [0.25, 0.75],
] as const;

/** Four quarters of these colours, from the top left clockwise. */
export function quarters(colours: readonly Colour[], width = 240, height = 160): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const quarter = y < height / 2 ? (x < width / 2 ? 0 : 1) : x < width / 2 ? 3 : 2;
      pixels.set(colours[quarter] ?? [0, 0, 0], (y * width + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

export function plain([r, g, b]: Colour, width = 120, height = 80): Sharp {
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } });
}

/** What a photographer and a camera may have put into a file. */
export interface Traces {
  readonly exif?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What stands inside rdf:Description. */
  readonly xmp?: string;
  /** IPTC data sets by their number in record 2; several values for one number are repeated. */
  readonly iptc?: Readonly<Record<number, readonly string[]>>;
}

/** A JPEG with metadata of all three kinds. */
export async function withTraces(image: Sharp, { exif, xmp, iptc }: Traces): Promise<Buffer> {
  const traced = exif === undefined ? image : image.withExif(exif);
  const jpeg = await (xmp === undefined ? traced : traced.withXmp(packet(xmp)))
    .jpeg({ quality: 95 })
    .toBuffer();
  return iptc === undefined ? jpeg : afterStart(jpeg, iptcSegment(iptc));
}

export function packet(inside: string): string {
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/">',
    inside,
    '</rdf:Description></rdf:RDF></x:xmpmeta>',
    '<?xpacket end="w"?>',
  ].join('');
}

function afterStart(jpeg: Buffer, segment: Buffer): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

/** APP13 "Photoshop 3.0" with one resource 0x0404 that holds the data sets (IPTC-IIM, record 2, in UTF-8). */
function iptcSegment(sets: Readonly<Record<number, readonly string[]>>): Buffer {
  const utf8 = Buffer.from([0x1c, 1, 90, 0, 3, 0x1b, 0x25, 0x47]);
  const records = Object.entries(sets).flatMap(([number, values]) =>
    values.map((value) => {
      const bytes = Buffer.from(value);
      return Buffer.concat([
        Buffer.from([0x1c, 2, Number(number), bytes.length >> 8, bytes.length & 255]),
        bytes,
      ]);
    }),
  );
  const data = Buffer.concat([utf8, ...records]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const body = Buffer.concat([
    Buffer.from('Photoshop 3.0\0'),
    Buffer.from('8BIM\x04\x04\0\0', 'latin1'),
    size,
    data,
    Buffer.alloc(data.length % 2),
  ]);
  const head = Buffer.from([0xff, 0xed, (body.length + 2) >> 8, (body.length + 2) & 255]);
  return Buffer.concat([head, body]);
}

/** A PNG of two colours that claims this size, with all its lines or with none: small as a file, huge when opened. */
export function pngBomb(width: number, height: number, isWhole: boolean): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const lines = Buffer.alloc(isWhole ? (1 + Math.ceil(width / 8)) * height : 1000);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
