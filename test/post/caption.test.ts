import { describe, expect, it } from 'vitest';
import { platformDefinitions } from '#platforms/index.ts';
import {
  captionFromAi,
  captionFromWords,
  cutAtWord,
  firstSentence,
  fitCaption,
  parseHashtags,
  withHashtags,
} from '#post/caption.ts';
import { createChance } from '../fakes/chance.ts';

const family = '👨‍👩‍👧‍👦';
const flag = '🇩🇪';
const loneSurrogate = '\ud83d';
const unlimited = { maxLength: 100_000, maxHashtags: Number.POSITIVE_INFINITY };

const graphemes = (text: string) => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);

describe('a caption from the AI', () => {
  it('is taken as it is when there is nothing wrong with it', () => {
    const text = 'Low light over the harbour.\n\nNobody was awake but the gulls, at 5:30.';
    expect(captionFromAi(text, [])).toEqual({ text, source: 'ai' });
  });

  it('gets the owner’s hashtags below it', () => {
    expect(captionFromAi(' Low light. ', ['#light', '#sea'])?.text).toBe('Low light.\n\n#light #sea');
  });

  it.each([
    ['a link', 'Low light. https://evil.example/a?b=1#c', 'Low light.'],
    ['a link without a scheme', 'Low light, www.evil.example now.', 'Low light, now.'],
    ['a bare domain', 'Low light. Visit evil.com/win', 'Low light. Visit'],
    ['a domain of other letters', 'Low light. Besuch münchen.com!', 'Low light. Besuch!'],
    ['a short link', 'Low light. bit.ly/3abc', 'Low light.'],
    ['a link with a path', 'Low light. evil.example/win', 'Low light.'],
    ['a domain of many parts', 'Low light. shop.evil.co.uk', 'Low light.'],
    ['an invitation', 'Low light. t.me/joinchat/AAAA', 'Low light.'],
    ['a mention', 'Low light, @evil_shop.', 'Low light,'],
    ['a phone number', 'Low light. Call +49 (0)30 901820-00!', 'Low light. Call!'],
    ['a phone number in one piece', 'Low light. 0171123456789', 'Low light.'],
  ])('loses %s, and says that it did', (_, answer, text) => {
    expect(captionFromAi(answer, [])).toEqual({ text, source: 'ai', isSuspicious: true });
  });

  it('loses hashtags, which are the owner’s to choose', () => {
    expect(captionFromAi('#Low light over #the_harbour.\n\n#ad #win', ['#sea'])?.text).toBe(
      'light over.\n\n#sea',
    );
  });

  it.each([
    ['"Low light."', 'Low light.'],
    ['“Low light.”', 'Low light.'],
    ['„Low light.“', 'Low light.'],
    ['« Low light. »', 'Low light.'],
    ["'Low light.'", 'Low light.'],
    ['"Low\nlight."', 'Low\nlight.'],
    ['She said "Low light."', 'She said "Low light."'],
  ])('given as %s stands without the quotes around it', (answer, text) => {
    expect(captionFromAi(answer, [])?.text).toBe(text);
  });

  it('keeps quotes that do not belong together', () => {
    expect(captionFromAi('“Light,” she said, “is all.”', [])?.text).toBe('“Light,” she said, “is all.”');
  });

  it.each(['It costs 12 euros.', 'Room 101, 5:30', 'f/2.8, 1/500 s, ISO 400', 'a.m. and p.m.', 'me@home'])(
    'may say “%s”',
    (text) => {
      expect(captionFromAi(text, [])).toEqual({ text, source: 'ai' });
    },
  );

  it.each(['Taken on 22.11.2026.', 'The war of 1914-1918.', 'Built 1890 1920.'])('may say “%s”', (text) => {
    expect(captionFromAi(text, [])).toEqual({ text, source: 'ai' });
  });

  it('loses a link into an app', () => {
    const caption = captionFromAi('Low light. tg://resolve?domain=evil', []);
    expect(caption).toEqual({ text: 'Low light.', source: 'ai', isSuspicious: true });
  });

  it.each(['https:/#a/evil.example', '@#a.evil', '+49 30 #a 90 18 20'])(
    'is not tricked by %s, which becomes forbidden when a hashtag is taken out',
    (evil) => {
      const once = captionFromAi(`Low light ${evil}`, [])?.text;
      expect(captionFromAi(once ?? '', [])?.text).toBe(once);
    },
  );

  it('never has a lone surrogate', () => {
    expect(captionFromAi(`Low ${loneSurrogate} light`, [])?.text.isWellFormed()).toBe(true);
    expect(captionFromWords(`Low ${loneSurrogate} light`, []).text.isWellFormed()).toBe(true);
  });

  it('has nothing forbidden in it, whatever is put in between words', () => {
    const chance = createChance(1);
    const evil = [
      'https://evil.example',
      'www.evil.example',
      'evil.com',
      '@evil',
      '+49 30 901820000',
      '#evil',
    ];
    const good = ['light', 'sea.', '\n\n', family, '12', 'über', 'مساء', '"', 'f/2.8'];
    for (let round = 0; round < 300; round += 1) {
      const words = Array.from({ length: chance.number(0, 12) }, () => chance.oneOf([...evil, ...good]));
      const caption = captionFromAi(words.join(' '), []);
      if (caption === undefined) continue;
      expect(caption.text).not.toMatch(/evil|#|@|\d{5}/);
      expect(caption.isSuspicious ?? false).toBe(words.some((word) => evil.includes(word)));
    }
  });
});

describe('a caption from words at hand', () => {
  it('keeps links and mentions, which are the photographer’s own', () => {
    const caption = captionFromWords(' Harbour, by @me. mine.com ', ['#sea']);
    expect(caption).toEqual({ text: 'Harbour, by @me. mine.com\n\n#sea', source: 'photo' });
  });
});

describe('hashtags', () => {
  it('are added once, in whatever case they are there already', () => {
    expect(withHashtags('By the #Sea', ['#sea', '#light'])).toBe('By the #Sea\n\n#light');
    expect(withHashtags('', ['#sea'])).toBe('#sea');
    expect(withHashtags('By the sea', [])).toBe('By the sea');
  });

  it('that are only a part of another one are added all the same', () => {
    expect(withHashtags('By the #seaside', ['#sea'])).toBe('By the #seaside\n\n#sea');
  });

  it.each([
    ['', []],
    [' , # ## ', []],
    ['light', ['#light']],
    ['#light, sea ##sun\n#light', ['#light', '#sea', '#sun']],
    ['black-and-white!', ['#blackandwhite']],
    ['#Größe_2 #夕焼け #مساء', ['#Größe_2', '#夕焼け', '#مساء']],
    [`#sun${loneSurrogate}`, ['#sun']],
  ])('written as “%s” are understood', (text, hashtags) => {
    expect(parseHashtags(text)).toEqual(hashtags);
  });

  // Vowel signs and accents are marks (\p{M}), which the patterns leave out.
  it.each(['#ภาพถ่าย', '#हिन्दी', '#Cafe\u0301'])('keep their marks: %s', (tag) => {
    expect(parseHashtags(tag)).toEqual([tag]);
  });

  it.each(['#ภาพถ่าย', '#हिन्दी', '#Cafe\u0301'])('leave nothing behind when they are too many: %s', (tag) => {
    expect(fitCaption(`Light ${tag}`, { maxLength: 2200, maxHashtags: 0 }).text).toBe('Light');
  });
});

describe('fitting a caption', () => {
  it('changes nothing where everything fits, to the last sign', () => {
    const text = `${'a'.repeat(1014)} ${flag}\n\n#sea`;
    const expected = { text, isShortened: false, droppedHashtags: 0 };
    expect(fitCaption(text, { maxLength: 1025, maxHashtags: 1 })).toEqual(expected);
    expect(fitCaption(text, { maxLength: 1024, maxHashtags: 1 }).isShortened).toBe(true);
  });

  it('drops the last hashtags first, wherever they stand', () => {
    const fitted = fitCaption('At #sea\n\n#a #b #c', { maxLength: 2200, maxHashtags: 2 });
    expect(fitted).toEqual({ text: 'At #sea\n\n#a', isShortened: false, droppedHashtags: 2 });
  });

  it('can drop every hashtag', () => {
    const fitted = fitCaption('At sea\n\n#a #b', { maxLength: 2200, maxHashtags: 0 });
    expect(fitted).toEqual({ text: 'At sea', isShortened: false, droppedHashtags: 2 });
  });

  it('cuts the text at a word and keeps the closing hashtags', () => {
    const fitted = fitCaption('The light of the evening sun\n\n#sea', { ...unlimited, maxLength: 24 });
    expect(fitted).toEqual({ text: 'The light of the…\n\n#sea', isShortened: true, droppedHashtags: 0 });
  });

  it('gives up closing hashtags that would take more than half of the room', () => {
    const text = 'The light of the evening sun\n\n#one #two #three #four';
    const fitted = fitCaption(text, { ...unlimited, maxLength: 30 });
    expect(fitted).toEqual({ text: 'The light of the evening sun', isShortened: true, droppedHashtags: 4 });
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
      const { text } = fitCaption(whole, { ...unlimited, maxLength });
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
    ];
    const small = [1, 2, 7, 30, 100].map((maxLength) => ({ maxLength, maxHashtags: maxLength % 4 }));
    const limits = [...small, ...platformDefinitions.map(({ captionLimits }) => captionLimits)];
    for (let round = 0; round < 400; round += 1) {
      const caption = chance.text(pieces, chance.oneOf([10, 60, 900]));
      const limit = chance.oneOf(limits);
      const { text, isShortened, droppedHashtags } = fitCaption(caption, limit);
      expect(text.length).toBeLessThanOrEqual(limit.maxLength);
      expect(text.isWellFormed()).toBe(true);
      expect((text.match(/#[\p{L}\p{N}_]+/gu) ?? []).length).toBeLessThanOrEqual(limit.maxHashtags);
      if (!isShortened && droppedHashtags === 0) expect(text).toBe(caption.trimEnd());
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
