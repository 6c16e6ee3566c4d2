import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { openWorld } from '../world.ts';

/** A picture that no compression makes small. */
function noise(width: number, height: number): Promise<Buffer> {
  const grain = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const create = { width, height, channels: 3, background: '#000', noise: grain } as const;
  return sharp({ create }).png({ compressionLevel: 0 }).toBuffer();
}

const family = '👨‍👩‍👧‍👦';
const sentence = 'Dusk over the harbour, and nobody awake but the gulls. ';
const tags = (count: number) => Array.from({ length: count }, (_, index) => `#tag${index}`).join(' ');
const names = Array.from({ length: 25 }, (_, index) => `@friend${index}`).join(' ');
const rightToLeft = 'ضوء المساء على البحر الهادئ، ولم يكن أحد مستيقظا. ';

interface Awkward {
  readonly picture?: () => Promise<Buffer>;
  readonly text?: string;
}

const inputs: Readonly<Record<string, Awkward>> = {
  '7000 × 5400': { picture: () => plainJpeg(7000, 5400) },
  'a ratio of 25': { picture: () => plainJpeg(2500, 100) },
  'a ratio of 1 to 25': { picture: () => plainJpeg(100, 2500) },
  'one pixel wide': { picture: () => plainJpeg(1, 800) },
  'one pixel in all': { picture: () => plainJpeg(1, 1) },
  'a shade wider than 1.91': { picture: () => plainJpeg(1911, 1000) },
  'a shade taller than 4:5': { picture: () => plainJpeg(1599, 2000) },
  'a PNG of more than 9 MB': { picture: () => noise(2000, 1600) },
  '1,500 characters': { text: sentence.repeat(28).slice(0, 1500) },
  '12 hashtags': { text: `${sentence}\n\n${tags(12)}` },
  '40 hashtags in 3,000 characters': { text: `${sentence.repeat(50)}\n\n${tags(40)}` },
  '25 mentions': { text: `${sentence}${names}` },
  'families, flags and accents': { text: `${family}🇩🇪👍🏽e\u0301`.repeat(120) },
  'one word without an end': { text: 'a'.repeat(3000) },
  'right to left': { text: `${rightToLeft.repeat(50)}\n\n#مساء #بحر #ضوء #ليل #هدوء #صيف` },
  'no word at all': { text: '#' },
};

const cases = Object.entries(inputs).flatMap(([name, input]) =>
  (['private', 'official'] as const).map((way) => [name, way, input] as const),
);

describe('an awkward input is refused by no service', () => {
  it.each(cases)('%s, with Instagram by its %s API', async (_, way, { picture, text }) => {
    const withoutAi = { OPENAI_API_KEY: undefined, REPLICATE_API_TOKEN: undefined };
    const world = await openWorld({ photos: 'none', settings: { ...withoutAi, HASHTAGS: '' } });
    const { simulator, phone, seeCard, tap, logged } = world;
    simulator.dropbox.put('/Photos/awkward.png', await (picture ?? plainJpeg)());
    if (way === 'official') {
      const out = { INSTAGRAM_USERNAME: undefined, INSTAGRAM_PASSWORD: undefined };
      const token = simulator.graph.accessToken;
      await world.restart({ ...withoutAi, ...out, HASHTAGS: '', INSTAGRAM_ACCESS_TOKEN: token });
    }
    phone.send('/post');
    const draft = await seeCard('📷');
    expect(draft.text).not.toContain('🚫');
    if (text !== undefined) {
      await tap('Edit');
      phone.send(text);
      await seeCard(({ id, keyboard }) => id > draft.id && keyboard.length > 0);
    }
    await tap('Publish');
    const card = await seeCard('Archived');
    const places = ['Telegram channel', 'Instagram', 'Email'];
    expect(places.filter((place) => card.text.includes(`✅ ${place}: published`))).toEqual(places);
    // Each place was asked once and said yes, and nothing else was refused either.
    const lines = logged.map((line) => JSON.parse(line) as { level: number; msg: string });
    expect(lines.filter(({ level }) => level >= 40)).toEqual([]);
    expect(lines.filter(({ msg }) => msg === 'Delivery tried')).toHaveLength(3);
    const posts = way === 'private' ? simulator.instagram.posts() : simulator.graph.posts();
    for (const { caption } of posts) {
      expect((caption.match(/#[\p{L}\p{N}_]+/gu) ?? []).length).toBeLessThanOrEqual(5);
      // Cut as it may be, it is made of whole characters of what was written.
      expect(caption.isWellFormed()).toBe(true);
    }
    expect(posts).toHaveLength(1);
  });
});
