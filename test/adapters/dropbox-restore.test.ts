import { expect, it } from 'vitest';
import { PhotoGone } from '#errors.ts';
import type { Fault } from '#simulator/faults.ts';
import { calls, type OpenDropbox, openWithPhoto, strike } from '../fakes/open-dropbox.ts';

const paths = ({ service }: OpenDropbox) => service.files().map(({ path }) => path);
const move = 'files/move_v2';

async function openArchived(archiveFolder = 'archive') {
  const opened = await openWithPhoto({ archiveFolder });
  await opened.library.archive(opened.photo);
  const moves = calls(opened.service, move);
  return { ...opened, moves: () => calls(opened.service, move) - moves };
}

it.each(['archive', '/Done'])('brings the photo back from %s, where it is listed again', async (folder) => {
  const opened = await openArchived(folder);
  expect(await opened.library.restore(opened.photo)).toBe('/Photos/Dusk.jpg');
  expect(paths(opened)).toEqual(['/Photos/Dusk.jpg']);
  expect(await opened.library.list()).toEqual([opened.photo]);
});

it('does nothing more when it is repeated, and nothing for a photo that never was in the archive', async () => {
  const opened = await openArchived();
  await opened.library.restore(opened.photo);
  expect(await opened.start().restore(opened.photo)).toBe('/Photos/Dusk.jpg');
  expect(opened.moves()).toBe(1);
});

it('keeps another photo of the same name and gives this one a number', async () => {
  const opened = await openArchived();
  opened.service.put('/Photos/Dusk.jpg', Buffer.from('another'));
  expect(await opened.library.restore(opened.photo)).toBe('/Photos/Dusk (2).jpg');
  expect(opened.service.read('/Photos/Dusk.jpg')).toEqual(Buffer.from('another'));
});

it('leaves a photo where the owner has moved it by hand', async () => {
  const opened = await openArchived();
  opened.service.move('/Photos/archive/Dusk.jpg', '/Best of/Dusk.jpg');
  expect(await opened.library.restore(opened.photo)).toBe('/Best of/Dusk.jpg');
  expect(opened.moves()).toBe(0);
});

it('says that the photo is gone, and leaves one with another content where it is', async () => {
  const opened = await openArchived();
  opened.service.put('/Photos/archive/Dusk.jpg', Buffer.from('another picture'));
  await expect(opened.library.restore(opened.photo)).rejects.toBeInstanceOf(PhotoGone);
  opened.service.remove('/Photos/archive/Dusk.jpg');
  expect(await opened.library.restore(opened.photo)).toBeUndefined();
});

const interruptions: readonly (readonly [string, Fault])[] = [
  ['before the move', { kind: 'drop', afterWork: false }],
  ['after the move', { kind: 'drop', afterWork: true }],
  ['with an error after the move', { kind: 'error', status: 500, afterWork: true }],
];
it.each(interruptions)('brings the photo back once when it is interrupted %s', async (_, fault) => {
  const opened = await openArchived();
  opened.service.put('/Photos/Dusk.jpg', Buffer.from('another'));
  strike(opened, move, fault, 1);
  expect(await opened.library.restore(opened.photo)).toBe('/Photos/Dusk (2).jpg');
  expect(paths(opened).sort()).toEqual(['/Photos/Dusk (2).jpg', '/Photos/Dusk.jpg']);
});
