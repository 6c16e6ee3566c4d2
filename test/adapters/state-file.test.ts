import { createHash } from 'node:crypto';
import { copyFile, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBackups } from '#adapters/backups.ts';
import { schemaVersion } from '#adapters/migrations.ts';
import { openStateFile } from '#adapters/state-file.ts';
import { SetupError } from '#errors.ts';
import { emptyState, type Generation, type State } from '#post/state.ts';
import { adding, postAfter, publishedWay } from '../fakes/store-posts.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { isLong } from '../long-tests.ts';

const now = () => new Date('2026-11-22T12:00:00Z');

async function openFile(folder?: string) {
  const at = folder ?? (await temporaryFolder());
  const path = join(at, 'darkroom.json');
  return {
    folder: at,
    path,
    previous: join(at, 'darkroom.previous.json'),
    file: openStateFile(at, now, openBackups(at, now)),
  };
}

const older = adding(postAfter('2026-11-22-older'))(emptyState('seed'));
const newer = adding(postAfter('2026-11-22-newer', ...publishedWay))(older);

/** A folder in which two generations were written. */
async function written() {
  const opened = await openFile();
  await opened.file.write(older);
  await opened.file.write(newer);
  return { ...opened, bytes: await readFile(opened.path) };
}

type Read = { readonly state: State | null; readonly generation: Generation } | { readonly error: unknown };

async function readAgain(folder: string): Promise<Read> {
  const { file } = await openFile(folder);
  try {
    return { state: await file.read(), generation: file.found().generation };
  } catch (error) {
    return { error };
  }
}

function expectLost(read: Read): void {
  expect(read).toEqual({ error: expect.any(SetupError) });
  expect(read).toMatchObject({ error: { exitCode: 3 } });
}

it('is empty only where there never was a state', async () => {
  const { file } = await openFile();
  expect(await file.read()).toBeNull();
  expect(file.found().generation).toBe('newest');
});

it('keeps the generation before the newest one', async () => {
  const { folder, previous } = await written();
  expect(await readAgain(folder)).toEqual({ state: newer, generation: 'newest' });
  expect(JSON.parse(await readFile(previous, 'utf8')).data).toEqual(older);
});

it('leaves the old generations as they were when a write fails', async () => {
  const { folder, file, path } = await written();
  await mkdir(`${path}.new`);
  await expect(file.write(emptyState('other'))).rejects.toMatchObject({ code: 'EISDIR' });
  expect(await readAgain(folder)).toEqual({ state: newer, generation: 'newest' });
});

it('goes on after a half written temporary file', async () => {
  const { folder, path } = await written();
  await writeFile(`${path}.new`, '{"schema":1,"gener');
  expect(await readAgain(folder)).toEqual({ state: newer, generation: 'newest' });
});

const damages: readonly (readonly [string, (text: string) => string])[] = [
  ['empty', () => ''],
  ['null', () => 'null'],
  ['0', () => '0'],
  ['false', () => 'false'],
  ['[]', () => '[]'],
  ['{}', () => '{}'],
  ['a text', () => '"text"'],
  ['zero bytes', (text) => '\0'.repeat(text.length)],
  ['followed by something', (text) => `${text}{}`],
  ['with another seed', (text) => text.replace('"seed"', '"SEED"')],
  ['said to be of an older form', (text) => text.replace(`"schema":${schemaVersion}`, '"schema":1')],
  ['of another shape, with a right sum', () => sealed({ posts: [] })],
  ['null inside, with a right sum', () => sealed(null)],
];

function sealed(data: unknown, schema = 1): string {
  const sum = createHash('sha256').update(JSON.stringify(data)).digest('hex');
  return JSON.stringify({ schema, generation: 3, sum, data });
}

it.each(damages)(
  'takes the generation before when the newest one is %s, and keeps it to look at',
  async (_, damage) => {
    const { folder, path, bytes } = await written();
    const damaged = damage(bytes.toString());
    await writeFile(path, damaged);
    expect(await readAgain(folder)).toEqual({ state: older, generation: 'previous' });
    const kept = (await readdir(folder)).filter((name) => name.startsWith('darkroom.damaged-'));
    expect(kept).toHaveLength(1);
    expect(await readFile(join(folder, kept[0] ?? ''), 'utf8')).toBe(damaged);
  },
);

it('takes the generation before when the newest one is missing', async () => {
  const { folder, path } = await written();
  await rm(path);
  expect(await readAgain(folder)).toEqual({ state: older, generation: 'previous' });
});

it.each(damages)('does not begin anew when both generations are %s', async (_, damage) => {
  const { folder, path, previous, bytes } = await written();
  for (const each of [path, previous]) await writeFile(each, damage(bytes.toString()));
  expectLost(await readAgain(folder));
});

it('does not begin anew when all is missing but the mark that there was a state', async () => {
  const { folder, path, previous } = await written();
  await rm(path);
  await rm(previous);
  expectLost(await readAgain(folder));
});

it('does not begin anew when the only generation is damaged', async () => {
  const { folder, path, file } = await openFile();
  await file.write(older);
  await writeFile(path, 'null');
  expectLost(await readAgain(folder));
});

it('does not touch a state of a newer version', async () => {
  const { folder, path } = await written();
  const text = sealed(newer, schemaVersion + 1);
  await writeFile(path, text);
  expectLost(await readAgain(folder));
  expect(await readFile(path, 'utf8')).toBe(text);
});

/** Neither fresh nor wrong: the newest state, the one before it, or an honest refusal. */
function expectHonest(read: Read): void {
  if ('error' in read) expectLost(read);
  else expect([newer, older]).toContainEqual(read.state);
}

/** DARKROOM_LONG_TESTS=1: every prefix and every bit; otherwise one in so many. */
const oneIn = (few: number) => (isLong ? 1 : few);
const longMs = 600_000;

it('is never silently fresh when it is cut off anywhere', { timeout: longMs }, async () => {
  const { folder, path, bytes } = await written();
  for (let length = 0; length < bytes.length - 1; length += oneIn(50)) {
    await writeFile(path, bytes.subarray(0, length));
    expect(await readAgain(folder)).toEqual({ state: older, generation: 'previous' });
  }
});

/** Writes the state with one bit turned over, and reads it. */
async function flipped(path: string, folder: string, bytes: Buffer, bit: number): Promise<Read> {
  const wrong = Buffer.from(bytes);
  const byte = Math.floor(bit / 8);
  wrong[byte] = (wrong[byte] ?? 0) ^ (1 << (bit % 8));
  await writeFile(path, wrong);
  return readAgain(folder);
}

it('is never silently fresh or wrong when a bit of the data turns over', { timeout: longMs }, async () => {
  const { folder, path, bytes } = await written();
  const start = bytes.indexOf('"data":') + '"data":'.length;
  for (let bit = start * 8; bit < bytes.length * 8; bit += oneIn(37)) {
    expectHonest(await flipped(path, folder, bytes, bit));
  }
});

it('is never silently fresh or wrong when a bit of the head turns over', { timeout: longMs }, async () => {
  const { folder, path, bytes } = await written();
  const end = bytes.indexOf('"data":') + '"data":'.length;
  for (let bit = 0; bit < end * 8; bit += oneIn(3)) {
    expectHonest(await flipped(path, folder, bytes, bit));
  }
});

it('still has a good generation behind it after a recovery', async () => {
  const { folder, path } = await written();
  await writeFile(path, 'damaged');
  const { file } = await openFile(folder);
  await file.read();
  await file.write(newer);
  await writeFile(path, 'damaged again');
  expect(await readAgain(folder)).toEqual({ state: older, generation: 'previous' });
});

// src/adapters/state-file.ts, write: the mark is made before there is a state.
it('does not take a first write that failed for a lost state', async () => {
  const { folder, path, file } = await openFile();
  await mkdir(`${path}.new`);
  await expect(file.write(older)).rejects.toMatchObject({ code: 'EISDIR' });
  await rm(`${path}.new`, { recursive: true });
  expect(await readAgain(folder)).toEqual({ state: null, generation: 'newest' });
});

describe('an older state in place of the newest', () => {
  /** A folder with a backup of `older`, in which `newer` was written on the next day, and once more. */
  async function withBackup() {
    const opened = await written();
    const tomorrow = () => new Date('2026-11-23T09:00:00Z');
    const file = openStateFile(opened.folder, tomorrow, openBackups(opened.folder, tomorrow));
    await file.read();
    for (let time = 0; time < 2; time += 1) await file.write(newer);
    return { ...opened, backup: join(opened.folder, 'backups/2026-11-23/darkroom.json') };
  }

  it('is noticed, with the time it was written at', async () => {
    const { folder, path, backup } = await withBackup();
    await copyFile(backup, path);
    const { file } = await openFile(folder);
    expect(await file.read()).toEqual(newer);
    expect(file.found()).toEqual({ generation: 'put-back', writtenAt: '2026-11-22T12:00:00.000Z' });
  });

  it('is noticed where the one before it is gone', async () => {
    const { folder, path, previous, backup } = await withBackup();
    await copyFile(backup, path);
    await rm(previous);
    expect(await readAgain(folder)).toEqual({ state: newer, generation: 'put-back' });
  });

  it('is noticed where the one before it cannot be read', async () => {
    const { folder, path, previous, backup } = await withBackup();
    await copyFile(backup, path);
    await writeFile(previous, 'damaged');
    expect(await readAgain(folder)).toEqual({ state: newer, generation: 'put-back' });
  });

  it('lacks the last write where it is the one before', async () => {
    const { folder, path, previous } = await withBackup();
    await copyFile(previous, path);
    expect(await readAgain(folder)).toEqual({ state: newer, generation: 'previous' });
  });

  it('is not seen where a kill came between the two names of a write', async () => {
    const { folder, path, previous } = await written();
    await rm(previous);
    await link(path, previous);
    expect(await readAgain(folder)).toEqual({ state: newer, generation: 'newest' });
  });

  it('is the newest one as soon as it was written again', async () => {
    const { folder, path, backup } = await withBackup();
    await copyFile(backup, path);
    const { file } = await openFile(folder);
    await file.read();
    await file.write(older);
    expect(await readAgain(folder)).toEqual({ state: older, generation: 'newest' });
  });

  it('is not seen in a write that failed halfway', async () => {
    const { folder, file, path } = await written();
    // The one before has taken the newest one's place already when the name cannot be given.
    await rm(path);
    await mkdir(path);
    await expect(file.write(older)).rejects.toThrow();
    await rm(path, { recursive: true });
    await file.write(newer);
    expect(await readAgain(folder)).toEqual({ state: newer, generation: 'newest' });
  });

  it('is pointed to where nothing else is left', async () => {
    const { folder, path, previous, backup } = await withBackup();
    await Promise.all([rm(path), rm(previous)]);
    const read = await readAgain(folder);
    expectLost(read);
    expect(String('error' in read && read.error)).toContain(`Copy ${backup} over darkroom.json`);
  });

  it('is not taken for one where an earlier Darkroom, which did not count, has written', async () => {
    const { folder, path, previous } = await openFile();
    await writeFile(path, sealedBefore(newer));
    await writeFile(previous, sealedBefore(older));
    expect(await readAgain(folder)).toEqual({ state: newer, generation: 'newest' });
  });
});

/** As Darkroom wrote the state before it counted the writes. */
function sealedBefore(state: State): string {
  const data = JSON.stringify(state);
  const sum = createHash('sha256').update(data).digest('hex');
  return `{"schema":1,"sum":"${sum}","data":${data}}\n`;
}
