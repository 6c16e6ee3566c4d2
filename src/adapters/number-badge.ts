/** A picture for sharp's `composite`. */
export interface Badge {
  readonly input: Buffer;
  readonly raw: { readonly width: number; readonly height: number; readonly channels: 4 };
}

const digit = { width: 18, height: 34, stroke: 5 };
const margin = 14;
const ground = [0x1c, 0x1c, 0x1e] as const;
const ink = 0xff;

type Line = readonly [fromX: number, fromY: number, toX: number, toY: number];

/** The seven lines of a digit as on a pocket calculator, in units of its width and half its height. */
const lines: Readonly<Record<string, Line>> = {
  a: [0, 0, 1, 0],
  b: [1, 0, 1, 1],
  c: [1, 1, 1, 2],
  d: [0, 2, 1, 2],
  e: [0, 1, 0, 2],
  f: [0, 0, 0, 1],
  g: [0, 1, 1, 1],
};
const digits = ['abcdef', 'bc', 'abged', 'abgcd', 'fgbc', 'afgcd', 'afgedc', 'abc', 'abcdefg', 'abcdfg'];

/** A number in white on dark. Drawn here, because text would need a font and SVG is nothing that sharp may read. */
export function numberBadge(number: number): Badge {
  const strokes = [...String(number)].flatMap((each, place) => linesOf(Number(each), place));
  const count = String(number).length;
  const width = count * digit.width + (count - 1) * margin + 2 * margin;
  const height = digit.height + 2 * margin;
  const input = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const nearest = Math.min(...strokes.map((line) => distance(x + 0.5, y + 0.5, line)));
      const cover = Math.min(1, Math.max(0, digit.stroke / 2 + 0.5 - nearest));
      const colour = ground.map((dark) => Math.round(dark + (ink - dark) * cover));
      input.set([...colour, 0xff], (y * width + x) * 4);
    }
  }
  return { input, raw: { width, height, channels: 4 } };
}

function linesOf(value: number, place: number): readonly Line[] {
  const left = margin + place * (digit.width + margin);
  return [...(digits[value] ?? '')].map((name): Line => {
    const [x1, y1, x2, y2] = lines[name] ?? [0, 0, 0, 0];
    const half = digit.height / 2;
    return [left + x1 * digit.width, margin + y1 * half, left + x2 * digit.width, margin + y2 * half];
  });
}

/** From a point to a line that goes straight across or down. */
function distance(x: number, y: number, [x1, y1, x2, y2]: Line): number {
  const nearestX = Math.min(Math.max(x, x1), x2);
  const nearestY = Math.min(Math.max(y, y1), y2);
  return Math.hypot(x - nearestX, y - nearestY);
}
