import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { type SightText, sightTexts } from './samples/sight-texts.ts';

/** Eyes for the simulated models: they know the sample photos and describe anything else by its tones. */
export interface Sights {
  /** What is in a picture, in any format that sharp reads and at any size. Throws when it is not a picture. */
  look(image: Buffer): Promise<SightText>;
  /** The picture that a text speaks of, found by its description or its words; undefined if none. */
  recall(text: string): SightText | undefined;
}

const edge = 12;
/** The mean difference per colour value up to which two thumbnails show the same picture. */
const alike = 14;

/** `samples` is the folder of the sample photos; a photo that is missing there is simply not known. */
export function createSights(samples: string): Sights {
  let known: Promise<readonly { readonly print: Buffer; readonly text: SightText }[]> | undefined;

  async function learn(): Promise<{ print: Buffer; text: SightText }[]> {
    const entries = Object.entries(sightTexts).map(async ([file, text]) => {
      const image = readIfThere(join(samples, file));
      return image === undefined ? [] : [{ print: await printOf(image), text }];
    });
    return (await Promise.all(entries)).flat();
  }

  return {
    async look(image) {
      const print = await printOf(image);
      known ??= learn();
      const nearest = (await known)
        .map((each) => ({ text: each.text, distance: distance(each.print, print) }))
        .sort((a, b) => a.distance - b.distance)[0];
      return nearest !== undefined && nearest.distance <= alike ? nearest.text : describeTones(print);
    },
    recall: recallSight,
  };
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    // A folder with only some of the samples is fine.
    return undefined;
  }
}

async function printOf(image: Buffer): Promise<Buffer> {
  return sharp(image)
    .autoOrient()
    .flatten({ background: '#fff' })
    .resize(edge, edge, { fit: 'fill' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
}

function distance(a: Buffer, b: Buffer): number {
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

/** Words of three letters and more that tell pictures apart. */
function wordsOf(text: string): ReadonlySet<string> {
  const common = [
    'the',
    'and',
    'with',
    'for',
    'this',
    'that',
    'under',
    'over',
    'through',
    'photo',
    'picture',
  ];
  return new Set((text.toLowerCase().match(/[a-z]{3,}/g) ?? []).filter((word) => !common.includes(word)));
}

function recallSight(text: string): SightText | undefined {
  const all = Object.values(sightTexts);
  const lower = text.toLowerCase();
  const exact = all.find((sight) => lower.includes(sight.description) || text.includes(sight.altText));
  if (exact !== undefined) return exact;
  const said = wordsOf(text);
  const best = all
    .map((sight) => {
      const words = [...wordsOf(sight.description)];
      return { sight, share: words.filter((word) => said.has(word)).length / words.length };
    })
    .sort((a, b) => b.share - a.share)[0];
  return best !== undefined && best.share >= 0.6 ? best.sight : undefined;
}

function describeTones(print: Buffer): SightText {
  const total = { red: 0, green: 0, blue: 0 };
  const names = new Map<string, number>();
  for (let at = 0; at + 2 < print.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = print.subarray(at, at + 3);
    total.red += red;
    total.green += green;
    total.blue += blue;
    const name = toneOf(red, green, blue);
    names.set(name, (names.get(name) ?? 0) + 1);
  }
  const pixels = print.length / 3;
  const brightness = (total.red * 0.3 + total.green * 0.59 + total.blue * 0.11) / pixels;
  const light =
    brightness < 70 ? 'dark' : brightness > 185 ? 'bright' : total.red > total.blue * 1.15 ? 'warm' : 'soft';
  const [first = 'grey', second] = [...names].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const tones = second === undefined ? first : `${first} and ${second}`;
  return textsFor(
    `a photo with ${light} ${tones} tones`,
    light === 'dark' ? 'quiet' : light === 'bright' ? 'cheerful' : 'calm',
  );
}

function toneOf(red: number, green: number, blue: number): string {
  const most = Math.max(red, green, blue);
  const span = most - Math.min(red, green, blue);
  if (most < 45) return 'black';
  if (span < 26) return most > 210 ? 'white' : 'grey';
  if (most === red) {
    if (green > red * 0.8) return 'yellow';
    return green > red * 0.45 ? 'orange' : blue > red * 0.6 ? 'pink' : 'red';
  }
  if (most === green) return 'green';
  return red > blue * 0.7 ? 'violet' : 'blue';
}

/** Sensible texts about anything that can be named in a few words. */
export function textsFor(description: string, mood = 'calm'): SightText {
  const thing = description.replace(/[\s.!?]+$/, '').slice(0, 160);
  const start = thing.charAt(0).toUpperCase() + thing.slice(1);
  const inside = /^(A|An|The) [a-z]/.test(thing) ? thing.charAt(0).toLowerCase() + thing.slice(1) : thing;
  return {
    description: thing,
    mood,
    captions: [
      `${start}, and a moment that was worth stopping for.`,
      `Stopped for this one: ${inside}.`,
      `${start}. Some days the picture is already there and only has to be taken.`,
      `A quiet minute with ${inside}.`,
      `Saved from today: ${inside}.`,
      `${start}, exactly as it was.`,
    ],
    altText: `${start}.`,
    hashtags: ['#photography', '#photooftheday', '#moment'],
  };
}
