import { describe, expect, it } from 'vitest';
import { platformDefinitions } from '#platforms/index.ts';
import type { CaptionLimits } from '#post/caption.ts';
import { cutAtWord, type FittedCaption, firstSentence, fitCaption } from '#post/fit-caption.ts';
import { createChance } from '../fakes/chance.ts';

const family = '👨‍👩‍👧‍👦';
const link = 'https://me.example/a?b=1#c';
const flag = '🇩🇪';
const unlimited = { maxLength: 100_000, maxHashtags: Number.POSITIVE_INFINITY };

const graphemes = (text: string) => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);

function unchanged(text: string, hashtags = 0): FittedCaption {
  return { text, shortenedBy: 0, hashtags, droppedHashtags: 0, droppedMentions: 0 };
}

function fitting(text: string, limits: CaptionLimits): FittedCaption {
  return fitCaption({ text }, limits);
}

describe('fitting a caption', () => {
  it('changes nothing where everything fits, to the last sign', () => {
    const text = `${'a'.repeat(1014)} ${flag}\n\n#sea`;
    expect(fitting(text, { maxLength: 1025, maxHashtags: 1 })).toEqual(unchanged(text, 1));
    expect(fitting(text, { maxLength: 1024, maxHashtags: 1 }).shortenedBy).toBe(2);
  });

  it('drops the last hashtags first, wherever they stand', () => {
    const fitted = fitting('At #sea\n\n#a #b #c', { maxLength: 2200, maxHashtags: 2 });
    expect(fitted).toEqual({ ...unchanged('At #sea\n\n#a', 4), droppedHashtags: 2 });
  });

  it('can drop every hashtag', () => {
    const fitted = fitting('At sea\n\n#a #b', { maxLength: 2200, maxHashtags: 0 });
    expect(fitted).toEqual({ ...unchanged('At sea', 2), droppedHashtags: 2 });
  });

  it('cuts the text at a word and keeps the closing hashtags', () => {
    const fitted = fitting('The light of the evening sun\n\n#sea', { ...unlimited, maxLength: 24 });
    expect(fitted).toEqual({ ...unchanged('The light of the…\n\n#sea', 1), shortenedBy: 12 });
  });

  it('gives up closing hashtags that would take more than half of the room', () => {
    const text = 'The light of the evening sun\n\n#one #two #three #four';
    const fitted = fitting(text, { ...unlimited, maxLength: 30 });
    expect(fitted).toEqual({ ...unchanged('The light of the evening sun', 4), droppedHashtags: 4 });
  });

  it.each([
    ['a family', family],
    ['a flag', flag],
    ['a skin tone', '👍🏽'],
    ['an accent of its own', 'e\u0301'],
    ['a Hindi syllable', 'नि'],
    ['a sign beyond 16 bits', '𝒜'],
  ])('never cuts %s in half', (_, sign) => {
    const whole = sign.repeat(30);
    for (let maxLength = 1; maxLength < whole.length; maxLength += 1) {
      const { text } = fitting(whole, { ...unlimited, maxLength });
      expect(text.length).toBeLessThanOrEqual(maxLength);
      expect(text.replaceAll(sign, '')).toBe('…');
    }
  });

  it('cuts text from right to left at a word too', () => {
    expect(cutAtWord('ضوء المساء على البحر', 16)).toBe('ضوء المساء على…');
  });

  it('cuts a word that is longer than the room', () => {
    expect(cutAtWord('a'.repeat(20), 10)).toBe(`${'a'.repeat(9)}…`);
    expect(cutAtWord(`I ${'a'.repeat(20)}`, 10)).toBe(`I ${'a'.repeat(7)}…`);
  });

  it.each([
    [
      'a sentence',
      'It was cold. Nobody came. The light went out at five.',
      30,
      'It was cold. Nobody came.',
      28,
    ],
    ['a question', 'Was it cold? Nobody knew, and nobody asked.', 20, 'Was it cold?', 31],
    ['a line', 'The harbour\nat dusk\nin a winter without snow', 22, 'The harbour\nat dusk', 25],
    ['a Japanese sentence', '海は静か。誰もいない。光だけが残った。', 13, '海は静か。誰もいない。', 8],
    ['an Arabic question', 'هل كان باردا؟ لم يكن هناك أحد في الميناء', 18, 'هل كان باردا؟', 27],
    ['a Thai word', 'แสงเย็นเหนือทะเล', 15, 'แสงเย็นเหนือ…', 4],
  ])('cuts after %s where there is one', (_, caption, maxLength, text, shortenedBy) => {
    expect(fitting(caption, { ...unlimited, maxLength })).toEqual({ ...unchanged(text), shortenedBy });
  });

  it('cuts at a word where a whole sentence would leave less than half', () => {
    const { text } = fitting('Cold. The light of the evening sun was all.', {
      ...unlimited,
      maxLength: 24,
    });
    expect(text).toBe('Cold. The light of the…');
  });

  it('does not count the sign of a cut that it found as its own', () => {
    const fitted = fitting('It was cold … and nobody came today.', { ...unlimited, maxLength: 16 });
    expect(fitted).toEqual({ ...unchanged('It was cold…'), shortenedBy: 25 });
  });

  it.each([
    ['at its end', 'All of them: https://me.example/harbour?light=low&page=2', 'All of them…'],
    ['in its middle', 'All of them (me.example/harbour/low/light/at/dusk) now', 'All of them…'],
    ['as the only word', 'https://me.example/harbour/low/light/at/dusk', '…'],
  ])('drops a link whole that it would have to cut %s', (_, caption, text) => {
    for (const maxLength of [18, 22, 26, 30]) {
      expect(fitting(caption, { ...unlimited, maxLength }).text).toBe(text);
    }
  });

  it('takes a sign within a link for no end of a sentence', () => {
    const caption = 'See https://me.example/a?Low=1 and more of that light.';
    expect(fitting(caption, { ...unlimited, maxLength: 40 }).text).toBe(
      'See https://me.example/a?Low=1 and more…',
    );
  });

  it('drops a link whole whose end would be a hashtag too many', () => {
    const caption = 'Low light #a https://me.example/harbour#dusk\n\n#b';
    expect(fitting(caption, { ...unlimited, maxHashtags: 1 })).toEqual({
      ...unchanged('Low light #a', 3),
      droppedHashtags: 2,
    });
    expect(fitting(caption, { ...unlimited, maxHashtags: 3 })).toEqual(unchanged(caption, 3));
  });

  it('takes the @ from names that are too many, and leaves their words', () => {
    const fitted = fitting('By @anna, @ben and @cleo', { ...unlimited, maxMentions: 2 });
    expect(fitted).toEqual({ ...unchanged('By @anna, @ben and cleo'), droppedMentions: 1 });
  });

  it('keeps line breaks and a text from right to left as they are', () => {
    const caption = 'ضوء المساء\n\nعلى البحر 👨‍👩‍👧‍👦\n\n#مساء #بحر';
    expect(fitting(caption, { maxLength: 1024, maxHashtags: 5 })).toEqual(unchanged(caption, 2));
  });

  it.each(['#ภาพถ่าย', '#हिन्दी', '#Cafe\u0301'])('leave nothing behind when they are too many: %s', (tag) => {
    expect(fitting(`Light ${tag}`, { maxLength: 2200, maxHashtags: 0 }).text).toBe('Light');
  });

  it('keeps every promise for any text and every platform', () => {
    const chance = createChance(2);
    const pieces = [
      family,
      flag,
      '👍🏽',
      ' ',
      ' ',
      '\n\n',
      'light',
      'مساء ',
      '夕焼け',
      '#sea ',
      '#夕 ',
      '#',
      '…',
      '\r\n',
      'sun. ',
      '@me ',
      `${link} `,
    ];
    const small = [1, 2, 7, 30, 100].map(
      (maxLength): CaptionLimits => ({ maxLength, maxHashtags: maxLength % 4 }),
    );
    const limits = [...small, ...platformDefinitions.map(({ captionLimits }) => captionLimits)];
    for (let round = 0; round < 400; round += 1) {
      const caption = chance.text(pieces, chance.oneOf([10, 60, 900]));
      const limit = chance.oneOf(limits);
      const { text, shortenedBy, droppedHashtags, droppedMentions } = fitting(caption, limit);
      expect(text.length).toBeLessThanOrEqual(limit.maxLength);
      expect(text.isWellFormed()).toBe(true);
      expect((text.match(/#[\p{L}\p{N}_]+/gu) ?? []).length).toBeLessThanOrEqual(limit.maxHashtags);
      expect((text.match(/@[\w.]+/g) ?? []).length).toBeLessThanOrEqual(limit.maxMentions ?? 1e6);
      if (shortenedBy + droppedHashtags + droppedMentions === 0) expect(text).toBe(caption.trimEnd());
      expect(text.match(/https:\S*/g)?.filter((each) => each !== link) ?? []).toEqual([]);
      const known = new Set([...graphemes(caption), '…', '\n', '\r']);
      expect(graphemes(text).filter((sign) => !known.has(sign))).toEqual([]);
    }
  });
});

describe('the first sentence', () => {
  it.each([
    ['Low light. Nobody was awake.', 'Low light.'],
    ['Low\n light', 'Low light'],
    ['Low light\n\nNobody was awake.', 'Low light'],
    ['#sea Low light!\n\n#a #b', 'Low light!'],
    ['#a #b', ''],
    ['', ''],
  ])('of “%s” is “%s”', (caption, sentence) => {
    expect(firstSentence(caption, 80)).toBe(sentence);
  });

  it('is one line within its limit, whatever the caption is', () => {
    const chance = createChance(3);
    const pieces = [
      'Low light. ',
      'sea\r\n',
      '\n\n',
      '#sun ',
      family,
      'مساء؟ ',
      'wwwwwwwwww',
      '\u2028',
      '\t',
    ];
    for (let round = 0; round < 300; round += 1) {
      const sentence = firstSentence(chance.text(pieces, 40), 80);
      expect(sentence.length).toBeLessThanOrEqual(80);
      expect(sentence).not.toMatch(/[\n\r\t\u2028#]/);
      expect(sentence.isWellFormed()).toBe(true);
    }
  });
});
