import { describe, expect, it } from 'vitest';
import { createLog } from '#log.ts';
import type { Log } from '#ports/log.ts';

/** All that is written when this is logged. */
function written(secrets: readonly string[], log: (log: Log) => void, level = 'debug'): string {
  const lines: string[] = [];
  log(createLog(level, secrets, { write: (line) => lines.push(line) }));
  return lines.join('');
}

const secrets = [
  'hunter2-plain',
  '123456789:AAE_token-with_signs',
  'quote " and \\ back',
  'pass/word+with=signs&äöü',
  'a?b>c~~~?',
  'two\nlines\tand a tab',
  '$& $1 .* [x]',
  '密码密码',
];

const forms: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'quoted as JSON': (secret) => JSON.stringify({ secret }),
  'in base64': (secret) => Buffer.from(secret).toString('base64'),
  'in base64 without padding': (secret) => Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  'encoded for a URL': (secret) => `https://x.example/?token=${encodeURIComponent(secret)}&a=b`,
};

const places: Readonly<Record<string, (log: Log, text: string) => void>> = {
  'the message': (log, text) => log.info({}, `Sent ${text} away`),
  'a field': (log, text) => log.warn({ detail: `Sent ${text} away` }, 'Sent'),
  'a field deep inside': (log, text) => log.error({ a: [{ b: text }] }, 'Sent'),
  'the name of a field': (log, text) => log.debug({ [text]: 1 }, 'Sent'),
  'a stack': (log, text) => log.error({ error: new Error(text).stack }, 'Failed'),
  'an error': (log, text) => log.error({ err: new Error(text) }, 'Failed'),
};

/** These have other signs in JSON than by themselves. */
const isEscapedInJson = (secret: string) => JSON.stringify(secret) !== `"${secret}"`;

const cases = secrets.flatMap((secret) =>
  Object.keys(forms)
    .filter((form) => form !== 'quoted as JSON' || !isEscapedInJson(secret))
    .flatMap((form) => Object.keys(places).map((place) => ({ secret, form, place }))),
);

describe('a secret', () => {
  it.each(cases)('$secret, $form, does not show in $place', ({ secret, form, place }) => {
    const text = forms[form]?.(secret) ?? '';
    const line = written([secret], (log) => places[place]?.(log, text));
    expect(line).toContain('[hidden]');
    const unescaped = line.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll('\\"', '"');
    for (const shown of [line, unescaped, unescaped.replaceAll('\\\\', '\\')]) {
      for (const encode of Object.values(forms)) expect(shown).not.toContain(encode(secret));
    }
  });

  it('is hidden every time it is there, and so is every other one', () => {
    const line = written(['first-secret', 'second-secret'], (log) =>
      log.info({ a: 'first-secret second-secret' }, 'first-secret, first-secret'),
    );
    expect(line).not.toMatch(/first|second/);
    expect(line.match(/\[hidden\]/g)).toHaveLength(4);
  });

  it('leaves the line readable as JSON', () => {
    const line = written(secrets, (log) => log.info({ all: secrets }, 'Done'));
    expect(JSON.parse(line)).toMatchObject({ msg: 'Done', all: secrets.map(() => '[hidden]') });
  });

  it('that is too short to be one hides nothing else', () => {
    expect(written(['a', ''], (log) => log.info({}, 'A day at sea'))).toContain('A day at sea');
  });

  // The forms are in order within one secret only, so a short one eats the beginning of a long one.
  it('that begins like another one does not leave the rest of it', () => {
    const line = written(['hunter2', 'hunter2-and-more'], (log) => log.info({}, 'Sent hunter2-and-more'));
    expect(line).not.toContain('and-more');
  });

  // URLSearchParams and form bodies write a space as + and encode !'()*, which encodeURIComponent leaves.
  it.each(['pass word 1234', 'password!1234', "it's (me)*"])('does not show in a form: %s', (secret) => {
    const body = new URLSearchParams({ secret }).toString();
    const line = written([secret], (log) => log.info({ body }, 'Sent'));
    expect(line).not.toContain(body.slice('secret='.length));
  });

  // Text that holds JSON is escaped once more when it is logged; only one escape is looked for.
  it.each(secrets.filter(isEscapedInJson))('does not show where JSON is quoted: %j', (secret) => {
    expect(written([secret], (log) => log.info({ body: JSON.stringify({ secret }) }, 'Sent'))).toContain(
      '[hidden]',
    );
  });
});

describe('the level', () => {
  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
  ])('%s lets through %j', (level, expected) => {
    const lines = written(
      [],
      (log) => {
        for (const each of ['debug', 'info', 'warn', 'error'] as const) log[each]({ each }, 'Here');
      },
      level,
    );
    const seen = lines.trim().split('\n');
    expect(seen.map((line) => JSON.parse(line).each)).toEqual(expected);
  });
});

it('writes one line of JSON for each message, whatever is in it', () => {
  const lines = written([], (log) => log.info({ text: 'two\nlines' }, 'three\nmore\nlines'));
  expect(lines.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(lines)).toMatchObject({ text: 'two\nlines', msg: 'three\nmore\nlines' });
});
