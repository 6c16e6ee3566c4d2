import { describe, expect, it } from 'vitest';
import { altTextFromAi, captionFromAnswer, saysTheSame } from '#post/ai-caption.ts';

const own = ['#sea'];
const none = { own: [], fromAi: 0 };
const answer = { caption: 'Low light.', altText: 'A lighthouse on a rock.', hashtags: [] };

describe('the answer of an AI', () => {
  it('becomes a caption with its alt text, which is no part of it', () => {
    expect(captionFromAnswer(answer, { own, fromAi: 0 })).toEqual({
      text: 'Low light.\n\n#sea',
      source: 'ai',
      altText: 'A lighthouse on a rock.',
    });
  });

  it('is none where nothing of the caption is left, whatever the alt text is', () => {
    expect(captionFromAnswer({ ...answer, caption: '@evil' }, none)).toBeUndefined();
  });

  it('has no hashtags of its own unless the owner wants some', () => {
    const { text } = captionFromAnswer({ ...answer, hashtags: ['light'] }, { own, fromAi: 0 }) ?? {};
    expect(text).toBe('Low light.\n\n#sea');
  });

  it('puts as many of its hashtags as the owner wants after the owner’s, none twice', () => {
    const hashtags = ['Sea', '#light', 'Light', 'rocks', 'waves'];
    const caption = captionFromAnswer({ ...answer, hashtags }, { own, fromAi: 2 });
    expect(caption).toMatchObject({ text: 'Low light.\n\n#sea #light #rocks' });
    expect(caption).not.toHaveProperty('isSuspicious');
  });

  it.each(['two words', 'evil.com', '@evil', '2026', 'a', '', 'x'.repeat(40), 'https://evil.example', 'a-b'])(
    'has no hashtag that is no plain word: “%s”',
    (word) => {
      const { text } = captionFromAnswer({ ...answer, hashtags: [word] }, { own: [], fromAi: 5 }) ?? {};
      expect(text).toBe('Low light.');
    },
  );
});

describe('an alt text', () => {
  it('loses links and mentions, and a person is asked to look', () => {
    const caption = captionFromAnswer({ ...answer, altText: 'A rock. Buy at evil.com/x @evil' }, none);
    expect(caption).toEqual({
      text: 'Low light.',
      source: 'ai',
      altText: 'A rock. Buy at',
      isSuspicious: true,
    });
  });

  it('is one line, cut at a word', () => {
    expect(altTextFromAi('A rock\n\n and   a sea').altText).toBe('A rock and a sea');
    const { altText = '' } = altTextFromAi('lighthouse '.repeat(60));
    expect(altText.length).toBeLessThanOrEqual(420);
    expect(altText.length).toBeGreaterThan(400);
    expect(altText).toMatch(/lighthouse…$/);
  });

  it.each(['', ' ', '!!!', '@evil'])('is none where nothing can be read: “%s”', (text) => {
    expect(altTextFromAi(text)).not.toHaveProperty('altText');
  });
});

it('knows the same words in another dress', () => {
  expect(saysTheSame('Low light.\n\n#sea #sun', ' low LIGHT! ')).toBe(true);
  expect(saysTheSame('Low light', 'High light')).toBe(false);
  expect(saysTheSame('ضوء المساء', 'ضوء البحر')).toBe(false);
});
