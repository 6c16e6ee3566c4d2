import { expect, it } from 'vitest';
import { typedText } from '#simulator/telegram/typed-text.ts';

it.each([
  ['**Dawn** at sea', 'Dawn at sea', ['bold: Dawn']],
  ['a __b__ ~~c~~ ||d|| `e*f`', 'a b c d e*f', ['italic: b', 'strikethrough: c', 'spoiler: d', 'code: e*f']],
  ['[**the** sea](https://sea.example/a) #x', 'the sea #x', ['text_link: the sea', 'bold: the']],
  ['**two\nlines**', 'two\nlines', ['bold: two\nlines']],
  ['2 ** 3 ** 4, a__b, [x](y), **', '2 ** 3 ** 4, a__b, [x](y), **', []],
])('makes of %j what the apps make of it', (typed, text, formatting) => {
  const made = typedText(typed);
  expect(made.text).toBe(text);
  expect(
    made.entities.map(({ type, offset, length }) => `${type}: ${text.slice(offset, offset + length)}`),
  ).toEqual(formatting);
});
