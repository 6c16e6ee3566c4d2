import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const lines = readFileSync(join(root, 'Dockerfile'), 'utf8').split('\n');
const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
const instruction = (name: string) =>
  lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));

// No Docker engine is needed for this; `docker build` itself is not tested.
describe('the container', () => {
  it('runs Node 24 directly, so that SIGTERM arrives, and not as root', () => {
    expect(instruction('FROM')).toEqual(['node:24-slim']);
    expect(instruction('CMD').map((command) => JSON.parse(command))).toEqual([['node', 'src/start.js']]);
    expect(instruction('USER')).toEqual(['node']);
    expect(lines.findIndex((line) => line.startsWith('USER'))).toBeGreaterThan(
      lines.findLastIndex((line) => line.startsWith('RUN')),
    );
  });

  it('installs what the lock file says, for production only', () => {
    expect(instruction('RUN')[0]).toMatch(/^npm ci --omit=dev --ignore-scripts /);
  });

  it('keeps its data in a volume and tells its health', () => {
    expect(instruction('VOLUME')).toEqual(['/app/data']);
    expect(instruction('ENV').join(' ')).toContain('DATA_DIR=/app/data');
    expect(instruction('HEALTHCHECK').join()).toContain('"src/start.js", "health"');
  });

  it('never takes settings or state from the builder’s folder along', () => {
    expect(ignored).toEqual(expect.arrayContaining(['.env', 'data/*', 'node_modules', '.git']));
  });
});
