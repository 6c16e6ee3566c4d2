import { cp } from 'node:fs/promises';
import { inject } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** Where simulated services have the keys that take long to make; gone when the test is over. */
export async function servicesFolder(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(inject('madeOnce').services, folder, { recursive: true });
  return folder;
}
