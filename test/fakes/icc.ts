/** A space of three primaries and one gamma: XYZ of red, green and blue, adapted to D50, from Bruce Lindbloom's tables. */
export interface Space {
  readonly primaries: readonly (readonly [number, number, number])[];
  readonly gamma: number;
}

export const adobeRgb: Space = {
  primaries: [
    [0.6097559, 0.3111242, 0.0194811],
    [0.2052401, 0.625656, 0.0608902],
    [0.149224, 0.0632197, 0.7448387],
  ],
  gamma: 563 / 256,
};
export const proPhoto: Space = {
  primaries: [
    [0.7976749, 0.2880402, 0],
    [0.1351917, 0.7118741, 0],
    [0.0313534, 0.0000857, 0.82521],
  ],
  gamma: 1.8,
};

/** The space as an ICC profile for displays (ICC.1:2001-04, version 2.4). */
export function iccProfile({ primaries, gamma }: Space): Buffer {
  const curve = Buffer.alloc(16);
  curve.write('curv', 0, 'latin1');
  curve.writeUInt32BE(1, 8);
  curve.writeUInt16BE(Math.round(gamma * 256), 12);
  const [red, green, blue] = primaries.map(xyz);
  return assembled('mntrRGB XYZ ', [
    ['rXYZ', red],
    ['gXYZ', green],
    ['bXYZ', blue],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ]);
}

type Lab = readonly [number, number, number];

/** A profile for print (`lut8Type`, ICC.1:2001-04, 6.5.8) that knows cyan and black; the other inks leave the paper as it is. */
export function cmykProfile({ paper, cyan }: { readonly paper: Lab; readonly cyan: Lab }): Buffer {
  const head = Buffer.from('mft1\0\0\0\0\x04\x03\x02\0', 'latin1');
  const matrix = Buffer.alloc(36);
  for (const at of [0, 16, 32]) matrix.writeInt32BE(fixed(1), at);
  const straight = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
  // Two steps of each ink, of which the first varies the slowest.
  const steps = [paper, cyan].flatMap((lab) => Array.from({ length: 4 }, () => [lab, black]).flat());
  const mixtures = steps.flatMap(asBytes);
  const inks = Array.from({ length: 4 }, () => straight);
  const axes = Array.from({ length: 3 }, () => straight);
  const lut = Buffer.concat([head, matrix, ...inks, Buffer.from(mixtures), ...axes]);
  return assembled('prtrCMYKLab ', [['A2B0', lut]]);
}

const black: Lab = [0, 0, 0];

function asBytes([lightness, a, b]: Lab): readonly number[] {
  return [Math.round(2.55 * lightness), 128 + a, 128 + b];
}

/** A TIFF with this profile in place of its own; its numbers stay. */
export function withOtherProfile(tiff: Buffer, icc: Buffer): Buffer {
  const changed = Buffer.concat([tiff, icc]);
  const directory = tiff.readUInt32LE(4);
  for (let entry = directory + 2; entry < directory + 2 + 12 * tiff.readUInt16LE(directory); entry += 12) {
    // ICC.1:2001-04, B.3: the tag 34675, its count and its place.
    if (tiff.readUInt16LE(entry) !== 34_675) continue;
    changed.writeUInt32LE(icc.length, entry + 4);
    changed.writeUInt32LE(tiff.length, entry + 8);
  }
  return changed;
}

function assembled(kind: string, own: readonly (readonly [string, Buffer | undefined])[]): Buffer {
  const text = Buffer.from('text\0\0\0\0none\0\0\0\0', 'latin1');
  const description = Buffer.concat([
    Buffer.from('desc\0\0\0\0\0\0\0\x05test\0', 'latin1'),
    Buffer.alloc(79),
  ]);
  const tags = [['desc', description], ['cprt', text], ['wtpt', xyz([0.9642, 1, 0.8249])], ...own] as const;
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length, 0);
  let end = 128 + table.length;
  const parts = tags.map(([name, part = Buffer.alloc(0)], index) => {
    table.write(name, 4 + 12 * index, 'latin1');
    table.writeUInt32BE(end, 8 + 12 * index);
    table.writeUInt32BE(part.length, 12 + 12 * index);
    end += part.length;
    return part;
  });
  return Buffer.concat([header(kind, end), table, ...parts]);
}

function header(kind: string, length: number): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.writeUInt32BE(length, 0);
  bytes.writeUInt32BE(0x02400000, 8);
  bytes.write(kind, 12, 'latin1');
  bytes.write('acsp', 36, 'latin1');
  for (const [index, value] of [0.9642, 1, 0.8249].entries())
    bytes.writeInt32BE(fixed(value), 68 + 4 * index);
  return bytes;
}

function xyz(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.write('XYZ ', 0, 'latin1');
  for (const [index, value] of values.entries()) bytes.writeInt32BE(fixed(value), 8 + 4 * index);
  return bytes;
}

/** s15Fixed16Number. */
function fixed(value: number): number {
  return Math.round(value * 65_536);
}
