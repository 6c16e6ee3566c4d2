import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { beginDropboxSignIn } from '#adapters/dropbox-sign-in.ts';
import { type SimulatedDropbox, startDropbox } from '#simulator/dropbox.ts';
import { createFaults, type Faults } from '#simulator/faults.ts';

let folder: string;
let faults: Faults;
let dropbox: SimulatedDropbox;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sign-in-'));
  faults = createFaults();
  dropbox = await startDropbox({ faults, folder });
});

afterEach(async () => {
  await dropbox.close();
  await rm(folder, { recursive: true });
});

it('turns the code that Dropbox shows into a refresh token, without the secret of the app', async () => {
  const signIn = await beginDropboxSignIn(dropbox.appKey, dropbox.url);
  expect(new URL(signIn.address).host).toMatch(/dropbox\.com$/);
  expect(signIn.address).toContain('scope=files.metadata.read');
  const code = dropbox.authorize(signIn.address);
  expect(await signIn.finish(` ${code}\n`)).toBe(dropbox.refreshToken);
});

it('refuses a code that was used before, and one of another address', async () => {
  const signIn = await beginDropboxSignIn(dropbox.appKey, dropbox.url);
  const code = dropbox.authorize(signIn.address);
  await signIn.finish(code);
  await expect(signIn.finish(code)).rejects.toMatchObject({ problem: { kind: 'signed-out' } });
  const other = await beginDropboxSignIn(dropbox.appKey, dropbox.url);
  const foreign = dropbox.authorize(signIn.address);
  await expect(other.finish(foreign)).rejects.toMatchObject({ problem: { kind: 'signed-out' } });
});

it('says that Dropbox cannot be reached, without the code in the error', async () => {
  const signIn = await beginDropboxSignIn(dropbox.appKey, dropbox.url);
  faults.add({ service: 'dropbox', fault: { kind: 'drop', afterWork: false } });
  const error: unknown = await signIn.finish('secret-code').catch((cause: unknown) => cause);
  expect(error).toMatchObject({ problem: { kind: 'unreachable' } });
  expect(JSON.stringify(error) + String(error)).not.toContain('secret-code');
});
