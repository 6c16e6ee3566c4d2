import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { TestProject } from 'vitest/node';
import { loadPasswordKey } from '#simulator/instagram/password.ts';
import { loadCertificate } from '#simulator/smtp/certificate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** What all worlds have in common and takes long to make. */
    readonly madeOnce: {
      /** The folder with the sample photos in a size that is quickly worked on. */
      readonly smallSamples: string;
      /** What the simulated services keep, as at their first start: their keys. */
      readonly services: string;
    };
  }
}

const scale = 0.25;

/** Makes once for all tests what costs more than the tests themselves. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-tests-'));
  const smallSamples = join(folder, 'samples');
  const services = join(folder, 'services');
  await loadCertificate(join(services, 'smtp'));
  loadPasswordKey(join(services, 'instagram'));
  await makeSmall(join(import.meta.dirname, '../data/samples'), smallSamples);
  project.provide('madeOnce', { smallSamples, services });
  return () => rm(folder, { recursive: true, force: true });
}

/** The size apart, they are the same photos, with all that their cameras wrote. */
async function makeSmall(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) {
    const photo = sharp(join(from, name));
    const { width } = await photo.metadata();
    const small = photo.resize({ width: Math.round(width * scale) }).keepMetadata();
    await small.jpeg({ quality: 90 }).toFile(join(to, name));
  }
}
