import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allSettings, isAnythingReal, readConfig, readEnvironment } from '#config.ts';

const path = join(import.meta.dirname, '../.env.example');
const lines = readFileSync(path, 'utf8').split('\n');
const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8').split('\n');
const isSetting = (line: string) => /^[A-Z_]+=/.test(line);
const isComment = (line: string) => /^# [^-]/.test(line);
const nameOf = (line: string) => line.slice(0, line.indexOf('='));
const names = lines.filter(isSetting).map(nameOf);

it('lists every setting once, and nothing else', () => {
  expect([...names].sort()).toEqual(Object.keys(allSettings).sort());
  expect(lines.filter((line) => line !== '' && !line.startsWith('#') && !isSetting(line))).toEqual([]);
});

it.each(names)('says in a comment above it what %s is', (name) => {
  const above = lines
    .slice(
      0,
      lines.findIndex((line) => nameOf(line) === name),
    )
    .reverse();
  expect(above.find((line) => !isSetting(line))).toSatisfy(isComment);
});

it.each(names)('has a row for %s in the README', (name) => {
  expect(
    readme.filter((line) => line.startsWith('| `') && line.split(' | ')[0]?.includes(`\`${name}\``)),
  ).toHaveLength(1);
});

it('asks for nothing real as long as nothing is filled in', () => {
  expect(isAnythingReal(readEnvironment({}, path))).toBe(false);
});

it('shows only values that are the defaults anyway', () => {
  const needed = {
    TELEGRAM_BOT_TOKEN: `1:${'A'.repeat(35)}`,
    TELEGRAM_CHANNEL_ID: '@light',
    DROPBOX_APP_KEY: 'key',
    DROPBOX_REFRESH_TOKEN: 'token',
  };
  const copied = readConfig(readEnvironment(needed, path));
  const bare = readConfig({ values: needed, problems: {} });
  expect(copied.core).toEqual(bare.core);
  expect(copied.platforms).toEqual(bare.platforms);
  for (const [name, value] of Object.entries(readEnvironment({}, path).values)) {
    expect(String(allSettings[name]?.safeParse(undefined).data)).toBe(value);
  }
});
