import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const source = join(import.meta.dirname, '../src');
let folder = '';

/** A copy of start.js beside programs that only say their name. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'));
  for (const name of ['start.js', 'begin-again.ts']) cpSync(join(source, name), join(folder, name));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const name of ['main', 'demo', 'health', 'connect-dropbox']) {
    writeFileSync(join(folder, `${name}.ts`), `process.stdout.write('${name}');\n`);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs it in a Node that believes to be of this version. */
function start(version: string, ...args: readonly string[]) {
  const disguise = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;
  const options = ['--import', `data:text/javascript,${encodeURIComponent(disguise)}`, 'start.js', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, options, { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('starting', () => {
  it.each(['18.20.0', '22.22.1', '24.14.9'])(
    'with Node %s says in one sentence what is needed',
    (version) => {
      const { status, stdout, stderr } = start(version);
      expect(status).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toMatch(
        /^Darkroom needs Node 24\.15 or newer, and this is Node [\d.]+\. Run .+nodejs\.org\.\n$/,
      );
      expect(stderr).toContain(`this is Node ${version}`);
      expect(stderr).not.toMatch(/\n\s+at |Error/);
    },
  );

  it.each(['24.15.0', '24.21.3', '25.0.0', '26.1.2'])('with Node %s starts Darkroom', (version) => {
    expect(start(version)).toEqual({ status: 0, stdout: 'main', stderr: '' });
  });

  it.runIf(process.platform === 'linux')('holds little memory where it goes on running', () => {
    writeFileSync(
      join(folder, 'main.ts'),
      'process.stdout.write(JSON.stringify([...process.execArgv, process.env.MALLOC_ARENA_MAX]));',
    );
    const { stdout } = start('24.15.0');
    expect(stdout).toContain('"--max-semi-space-size=2","--expose-gc","--no-opt","--no-maglev","2"]');
    writeFileSync(join(folder, 'main.ts'), "process.stdout.write('main');");
  });

  it.each([
    ['demo', 'demo'],
    ['health', 'health'],
    ['connect-dropbox', 'connect-dropbox'],
    ['--simulate', 'main'],
  ])('with the word %s starts %s', (word, program) => {
    expect(start('24.15.0', word)).toEqual({ status: 0, stdout: program, stderr: '' });
  });
});
