import { describe, expect, it } from 'vitest';
import type { CaptionLimits } from '#post/caption.ts';
import { cutFormatted, fitCaption } from '#post/fit-caption.ts';
import { type Entity, type FormattedText, join, slice, trim } from '#post/formatted-text.ts';
import { createChance } from '../fakes/chance.ts';

const bold = (offset: number, length: number): Entity => ({ type: 'bold', offset, length });
const linked = (offset: number, length: number): Entity => ({
  type: 'text_link',
  url: 'https://me.example/',
  offset,
  length,
});
const roomy: CaptionLimits = { maxLength: 1000, maxHashtags: 100, hasFormatting: true };

/** Each formatted piece of the text, as "bold: words". */
const pieces = ({ text, entities = [] }: FormattedText) =>
  entities.map(({ type, offset, length }) => `${type}: ${text.slice(offset, offset + length)}`);

describe('a formatted text', () => {
  it('keeps in a part of it what is left of its formatting', () => {
    const whole = { text: 'Dawn over the sea', entities: [bold(0, 9), linked(10, 7)] };
    expect(pieces(slice(whole, 5, 13))).toEqual(['bold: over', 'text_link: the']);
    expect(slice(whole, 9, 10)).toEqual({ text: ' ' });
  });

  it('grows together again where it was cut', () => {
    const whole = { text: 'Dawn over the sea', entities: [bold(0, 9), linked(10, 7)] };
    expect(join(slice(whole, 0, 3), slice(whole, 3, 12), slice(whole, 12))).toEqual(whole);
  });

  it('joins no two links that lead elsewhere', () => {
    const other: Entity = { type: 'text_link', url: 'https://you.example/', offset: 0, length: 3 };
    expect(
      join({ text: 'one', entities: [linked(0, 3)] }, { text: 'two', entities: [other] }).entities,
    ).toEqual([linked(0, 3), { ...other, offset: 3 }]);
  });

  it('moves with the text when white space at its ends goes', () => {
    expect(trim({ text: '\n Dawn \n', entities: [bold(0, 8)] })).toEqual({
      text: 'Dawn',
      entities: [bold(0, 4)],
    });
  });
});

describe('the formatting of a fitted caption', () => {
  it('stays as it is where everything fits', () => {
    const caption = { text: 'Dawn at sea\n\n#sea', entities: [bold(0, 4)] };
    expect(fitCaption(caption, roomy)).toMatchObject(caption);
  });

  it('is gone, and that is said, where a platform shows none', () => {
    const { entities, isUnformatted } = fitCaption(
      { text: 'Dawn', entities: [bold(0, 4)] },
      { maxLength: 1000, maxHashtags: 5 },
    );
    expect([entities, isUnformatted]).toEqual([undefined, true]);
    expect(fitCaption({ text: 'Dawn' }, { maxLength: 9, maxHashtags: 5 }).isUnformatted).toBeUndefined();
  });

  it('moves with the words when hashtags and mentions before them go', () => {
    const text = '#one #two @anna and @ben by the sea';
    const at = text.indexOf('the sea');
    const fitted = fitCaption(
      { text, entities: [linked(at, 7), bold(text.indexOf('@ben'), 4)] },
      { ...roomy, maxHashtags: 1, maxMentions: 1 },
    );
    expect(fitted.text).toBe('#one @anna and ben by the sea');
    expect(pieces(fitted)).toEqual(['text_link: the sea', 'bold: ben']);
  });

  it('ends where the text is cut, and the sign of the cut has none', () => {
    const text = 'Here the long evening ends and nobody wants to go';
    const cut = cutFormatted({ text, entities: [bold(5, text.length - 5)] }, 24);
    expect(cut.text).toBe('Here the long evening…');
    expect(pieces(cut)).toEqual(['bold: the long evening']);
  });

  it('is the same for every word that is left of a text of any kind', () => {
    const chance = createChance(20_261_130);
    const fillers = ['Dawn. ', '#light ', '@anna ', 'https://a.example/b#c ', '\n\n', '👩‍👩‍👧 ', '… ', '  '];
    for (let round = 0; round < 300; round += 1) {
      let text = '';
      const entities: Entity[] = [];
      const words = Array.from({ length: chance.oneOf([3, 20, 60]) }, (_, index) => `word${index}.`);
      for (const word of words) {
        text += chance.text(fillers, chance.number(0, 4));
        if (chance.number(0, 1) === 0) entities.push(bold(text.length, word.length));
        text += `${word} `;
      }
      const fitted = fitCaption(
        { text, entities },
        {
          maxLength: chance.oneOf([30, 120, 2000]),
          maxHashtags: chance.number(0, 9),
          maxMentions: chance.number(0, 9),
          hasFormatting: true,
        },
      );
      const isBold = (word: string, { text: whole, entities: all = [] }: FormattedText) =>
        all.some(({ offset, length }) => offset === whole.indexOf(word) && length === word.length);
      const left = words.filter((word) => fitted.text.includes(word));
      expect(left.map((word) => isBold(word, fitted))).toEqual(
        left.map((word) => isBold(word, { text, entities })),
      );
    }
  });
});
