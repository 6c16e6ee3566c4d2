import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openPictureFiles } from '#adapters/picture-files.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const bytes = Buffer.from('the bytes of a picture');
const sha256 = createHash('sha256').update(bytes).digest('hex');

async function open() {
  const folder = join(await temporaryFolder(), 'pictures');
  return { folder, path: join(folder, `${sha256}.jpg`), pictures: await openPictureFiles(folder) };
}

it('finds a picture by the hash of its bytes, also when it is opened again', async () => {
  const { folder, pictures } = await open();
  expect(await pictures.keep(bytes)).toBe(sha256);
  expect(await pictures.read(sha256)).toEqual(bytes);
  expect(await (await openPictureFiles(folder)).read(sha256)).toEqual(bytes);
});

it('keeps the same picture once for several that ask at the same time', async () => {
  const { folder, pictures } = await open();
  const kept = await Promise.all([pictures.keep(bytes), pictures.keep(bytes), pictures.keep(bytes)]);
  expect(kept).toEqual([sha256, sha256, sha256]);
  expect(await readdir(folder)).toEqual([`${sha256}.jpg`]);
});

it.each([
  ['cut off', bytes.subarray(0, 5)],
  ['changed', Buffer.from('THE bytes of a picture')],
  ['empty', Buffer.alloc(0)],
])('does not give out a picture that is %s', async (_, damaged) => {
  const { pictures, path } = await open();
  await pictures.keep(bytes);
  await writeFile(path, damaged);
  await expect(pictures.read(sha256)).rejects.toThrow();
});

it('says that a picture is missing', async () => {
  const { pictures } = await open();
  await expect(pictures.read(sha256)).rejects.toThrow();
});

it('mends a picture that was cut off when it is kept again', async () => {
  const { pictures, path } = await open();
  await writeFile(path, bytes.subarray(0, 5));
  await pictures.keep(bytes);
  expect(await pictures.read(sha256)).toEqual(bytes);
});

// src/adapters/picture-files.ts, write: a file of the right size is taken for the right one.
it('mends a picture that was changed when it is kept again', async () => {
  const { pictures, path } = await open();
  await writeFile(path, Buffer.from('THE bytes of a picture'));
  await pictures.keep(bytes);
  expect(await pictures.read(sha256)).toEqual(bytes);
});

it('says that a picture could not be kept, and keeps it when it is asked again', async () => {
  const { pictures, path } = await open();
  await mkdir(`${path}.new`);
  await expect(pictures.keep(bytes)).rejects.toMatchObject({ code: 'EISDIR' });
  await expect(pictures.read(sha256)).rejects.toThrow();
  await rm(`${path}.new`, { recursive: true });
  await pictures.keep(bytes);
  expect(await pictures.read(sha256)).toEqual(bytes);
});

it('removes what it is told to, present or not', async () => {
  const { pictures } = await open();
  await pictures.keep(bytes);
  await pictures.remove([sha256, 'f'.repeat(64)]);
  await expect(pictures.read(sha256)).rejects.toThrow();
});

it('removes all that nobody needs, half written files too', async () => {
  const { folder, pictures, path } = await open();
  await pictures.keep(bytes);
  await pictures.keep(Buffer.from('another one'));
  await writeFile(`${path}.new`, 'half');
  await pictures.keepOnly(new Set([sha256]));
  expect(await readdir(folder)).toEqual([`${sha256}.jpg`]);
});

it('keeps everything to itself, whatever the umask is', async () => {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  const { folder, pictures, path } = await open();
  await pictures.keep(bytes);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});
