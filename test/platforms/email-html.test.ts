import { expect, it } from 'vitest';
import { htmlOf, plainOf } from '#platforms/email/html.ts';
import type { Entity } from '#post/formatted-text.ts';

const start = '<p style="margin:0 0 1em">';
const at = (type: 'bold' | 'italic' | 'spoiler' | 'blockquote', offset: number, length: number): Entity => ({
  type,
  offset,
  length,
});
const link = (url: string, offset: number, length: number): Entity => ({
  type: 'text_link',
  url,
  offset,
  length,
});

it('nests what is within something else, and goes on after it', () => {
  const entities = [at('italic', 5, 4), at('bold', 0, 9)];
  expect(htmlOf({ text: 'Dawn over sea', entities })).toBe(`${start}<b>Dawn <i>over</i></b> sea</p>`);
});

it('begins anew in each paragraph', () => {
  expect(htmlOf({ text: 'one\n\ntwo\nthree', entities: [at('bold', 0, 14)] })).toBe(
    `${start}<b>one</b></p>\n${start}<b>two<br>three</b></p>`,
  );
});

it('shows what is hidden in Telegram, because a mail cannot be tapped', () => {
  expect(htmlOf({ text: 'Dawn', entities: [at('spoiler', 0, 4)] })).toBe(`${start}Dawn</p>`);
});

it.each([
  [
    'https://sea.example/?a=1&b="2"',
    '<a href="https://sea.example/?a=1&#38;b=%222%22">sea</a>',
    'sea (https://sea.example/?a=1&b=%222%22)',
  ],
  ['mailto:me@sea.example', '<a href="mailto:me@sea.example">sea</a>', 'sea (mailto:me@sea.example)'],
  ['javascript:alert(1)', 'sea', 'sea'],
  ['tg://user?id=5', 'sea', 'sea'],
  ['no address', 'sea', 'sea'],
])('lets a link lead only where a mail program may go: %s', (url, html, plain) => {
  const text = { text: 'sea', entities: [link(url, 0, 3)] };
  expect([htmlOf(text), plainOf(text)]).toEqual([`${start}${html}</p>`, plain]);
});

it('writes no address twice, and those of several links each after its words', () => {
  const text = 'a sea.example and two';
  const entities = [link('https://sea.example/', 2, 11), link('https://b.example/', 18, 3)];
  expect(plainOf({ text, entities })).toBe('a sea.example and two (https://b.example/)');
});

it('takes no text for HTML', () => {
  const text = '<img src=x onerror=1> & "so"';
  expect(htmlOf({ text, entities: [at('bold', 0, 5)] })).toBe(
    `${start}<b>&#60;img </b>src=x onerror=1&#62; &#38; &#34;so&#34;</p>`,
  );
});
