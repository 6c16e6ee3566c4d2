import { describe, expect, it } from 'vitest';
import { captionFromAi, captionFromWords, parseHashtags, withHashtags } from '#post/caption.ts';
import { createChance } from '../fakes/chance.ts';

const family = '👨‍👩‍👧‍👦';
const loneSurrogate = '\ud83d';

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
});
