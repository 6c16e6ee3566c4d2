import { describe, expect, it } from 'vitest';
import { emptyState, languageFrom, languageOf, State } from '#post/state.ts';

describe('the language of an owner', () => {
  it.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['DE', 'de'],
    ['en', 'en'],
    ['en-GB', 'en'],
    ['fr', 'en'],
    // Delaware Indian's tag begins with the same letters.
    ['del', 'en'],
    ['', 'en'],
    [undefined, 'en'],
  ])('with the tag %s is %s', (tag, language) => {
    expect(languageFrom(tag)).toBe(language);
  });

  it('is English in a state from before it was kept', () => {
    expect(languageOf(State.parse(emptyState('seed')), 7)).toBe('en');
  });

  it('is what was last heard', () => {
    const state = { ...emptyState('seed'), people: { 7: { name: 'Mia', language: 'de' as const } } };
    expect(languageOf(state, 7)).toBe('de');
    expect(languageOf(state, 8)).toBe('en');
  });
});
