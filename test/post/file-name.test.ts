import { describe, expect, it } from 'vitest';
import { cleanName, nameToKeep, shownName } from '#post/file-name.ts';

describe('the name of a file in a chat', () => {
  it.each([
    ['an ordinary one', 'Harbour at dusk.jpg', 'Harbour at dusk.jpg'],
    ['one with accents', 'Cafe\u0301.jpg', 'Cafe\u0301.jpg'],
    ['an emoji family', '👨‍👩‍👧‍👦.jpg', '👨‍👩‍👧‍👦.jpg'],
    ['Hebrew', 'שלום.jpg', 'שלום.jpg'],
    ['a line break', 'a\nb.jpg', 'a\uFFFDb.jpg'],
    ['a separator of lines', 'a\u2028b.jpg', 'a\uFFFDb.jpg'],
    ['a turn of direction', 'gpj.\u202Eexe', 'gpj.\uFFFDexe'],
    ['an isolate', 'a\u2066b', 'a\uFFFDb'],
    ['a zero', 'a\0b', 'a\uFFFDb'],
    ['an escape', '\u001b[31mred', '\uFFFD[31mred'],
    ['what nobody sees', 'a\u200Bb\uFEFF', 'a\uFFFDb\uFFFD'],
    ['half a letter', 'a\uD83D.jpg', 'a\uFFFD.jpg'],
    ['blanks around it', ' a.jpg ', 'a.jpg'],
  ])('is clean: %s', (_, name, shown) => {
    expect(shownName(name)).toBe(shown);
  });

  it('is shortened in the middle, and never within a letter', () => {
    const shown = shownName(`${'👨‍👩‍👧‍👦'.repeat(23)}.jpg`);
    expect(shown).toMatch(/^(👨‍👩‍👧‍👦)+…(👨‍👩‍👧‍👦)*\.jpg$/u);
    expect(shown.length).toBeLessThanOrEqual(64);
    expect(shownName('x'.repeat(64))).toBe('x'.repeat(64));
    expect(shownName('x'.repeat(255))).toBe(`${'x'.repeat(31)}…${'x'.repeat(31)}`);
  });

  it('stays as it is when it was clean', () => {
    const clean = cleanName('\u202Ea\nb');
    expect(cleanName(clean)).toBe(clean);
  });
});

describe('the name under which a file is kept', () => {
  it.each([
    ['an ordinary one', 'Harbour at dusk.jpg', 'Harbour at dusk.jpg'],
    ['a path', '../a/b\\c.jpg', 'a b c.jpg'],
    ['what Windows has not', 'a<b>:"|?*c.jpg', 'a b c.jpg'],
    ['a hidden file', '.dusk.jpg', 'dusk.jpg'],
    ['dots and blanks at the end', 'dusk. . ', 'dusk'],
    ['a line break and a turn of direction', 'a\nb\u202Ec.jpg', 'a b c.jpg'],
    ['nothing at all', ' ./. ', 'photo'],
    ['a long one', `${'x'.repeat(300)}.jpeg`, `${'x'.repeat(115)}.jpeg`],
    ['a long one without an ending', 'x'.repeat(300), 'x'.repeat(120)],
  ])('is one that every disk takes: %s', (_, name, kept) => {
    expect(nameToKeep(name)).toBe(kept);
    expect(nameToKeep(kept)).toBe(kept);
  });

  it('is never cut within a letter', () => {
    expect(nameToKeep(`${'👨‍👩‍👧‍👦'.repeat(40)}.jpg`)).toMatch(/^(👨‍👩‍👧‍👦){9,10}\.jpg$/u);
  });
});
