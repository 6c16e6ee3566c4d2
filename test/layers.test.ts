import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');
const biome = join(root, 'node_modules/.bin/biome');

/** What each place may import, by the direction of DESIGN.md, section 7: files, and folders with all in them. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'src/post': ['#post/', './'],
  'src/ports': ['#post/', '#ports/', './'],
  'src/flow': ['#errors.ts', '#post/', '#ports/', '#flow/', './'],
  'src/flow/pick': ['#errors.ts', '#post/', '#ports/', '#flow/', './'],
  'src/adapters': ['#errors.ts', '#post/', '#ports/', '#adapters/', './'],
  'src/platforms': [
    ...['#post/', '#ports/', '#adapters/http.ts', '#adapters/durable-file.ts'],
    ...['#adapters/system-clock.ts', '#adapters/graph/'],
  ],
  'src/platforms/instagram': ['#post/', '#ports/', '#adapters/http.ts', '#adapters/durable-file.ts', './'],
  'src/bot': ['#app.ts', '#errors.ts', '#post/', '#ports/', '#flow/', '#bot/', './'],
  'src/simulator': ['#simulator/', './'],
};

const folders = ['post', 'ports', 'flow', 'adapters', 'platforms', 'bot', 'simulator'];
const everything = [
  ...folders.map((folder) => `#${folder}/any.ts`),
  ...folders.map((folder) => `#${folder}/deep/any.ts`),
  ...['#app.ts', '#config.ts', '#darkroom.ts', '#errors.ts', '#log.ts', '#main.ts', '#schedule.ts'],
  ...['../post/post.ts', '../flow/show-card.ts', '../../src/main.ts'],
];

interface Planted {
  readonly path: string;
  readonly content: string;
}

/** A file that imports this, under a name that tells the two. */
function importer(folder: string, imported: string): Planted {
  const name = imported.replace(/\W+/g, '-').replace(/^-/, '');
  const prefix = imported.startsWith('.') ? 'up' : 'planted';
  return { path: `${folder}/${prefix}-${name}.ts`, content: `import '${imported}';\n` };
}

const permitted = Object.entries(allowed).flatMap(([folder, imports]) =>
  imports.map((each) => {
    const imported = each.endsWith('/') ? `${each}any.ts` : each;
    return { folder, imported, planted: importer(folder, imported) };
  }),
);

const forbidden = Object.entries(allowed).flatMap(([folder, imports]) =>
  everything
    .filter((imported) => !imports.some((each) => imported.startsWith(each)))
    .map((imported) => ({ folder, imported, planted: importer(folder, imported) })),
);

const ways: Readonly<Record<string, string>> = {
  'a type': "import type { Post } from '#flow/show-card.ts';\nexport type Mine = Post;\n",
  're-exporting': "export { Post } from '#flow/show-card.ts';\n",
  'importing when it runs': "export const load = () => import('#flow/show-card.ts');\n",
};

const later = 'async function later(): Promise<boolean> {\n  return true;\n}\n';
const store = 'export interface Store {\n  save(): Promise<void>;\n}\n';
const cycle = (other: string) => `import { f as g } from '${other}';\nexport const f = (): unknown => g;\n`;

const mistakes: Readonly<Record<string, string>> = {
  'src/flow/float-own.ts': `${later}export function f(): void {\n  later();\n}\n`,
  'src/flow/float-port.ts':
    "import type { Store } from '#ports/planted-store.ts';\nexport function f(store: Store): void {\n  store.save();\n}\n",
  'src/ports/planted-store.ts': store,
  'src/flow/misused-if.ts': `${later}export function f(): number {\n  return later() ? 1 : 2;\n}\n`,
  'src/flow/misused-filter.ts': `${later}export const f = () => [1].filter(async () => await later());\n`,
  'src/flow/handled.ts': `${later}export async function f(): Promise<void> {\n  await later();\n  void later();\n}\n`,
  'src/flow/cycle-a.ts': cycle('./cycle-b.ts'),
  'src/flow/cycle-b.ts': cycle('./cycle-a.ts'),
  'src/flow/pick/cycle-c.ts': cycle('#flow/cycle-d.ts'),
  'src/flow/cycle-d.ts': cycle('#flow/pick/cycle-c.ts'),
};

const gaps = {
  'src/post/gap-dot.ts': "import './../flow/show-card.ts';\n",
  'src/post/gap-disk.ts': "import 'node:fs';\n",
  'src/flow/gap-vendor.ts': "import 'grammy';\n",
  'src/platforms/gap-sibling.ts': "import './telegram.ts';\n",
};

const Report = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
});

/** The rules that each planted file breaks, by its path. Filled once for all, because Biome looks at a tree. */
const broken = new Map<string, string[]>();
let folder = '';

function lint(): Promise<string> {
  const options = { cwd: folder, maxBuffer: 50_000_000 };
  const args = ['lint', '--config-path', folder, '--reporter=json', '--max-diagnostics=none', 'src'];
  // It exits with 1 when it finds something, which it is to.
  return new Promise((resolve) => execFile(biome, args, options, (_error, stdout) => resolve(stdout)));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layers-'));
  const configuration = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  const vcs = { enabled: false };
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...configuration, $schema: undefined, vcs }));
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  const files = [
    ...[...permitted, ...forbidden].map(({ planted }) => planted),
    ...Object.entries(ways).map(([way, content]) => ({ path: pathOfWay(way), content })),
    ...Object.entries({ ...mistakes, ...gaps }).map(([path, content]) => ({ path, content })),
  ];
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  for (const { category, location } of Report.parse(JSON.parse(await lint())).diagnostics) {
    broken.set(location.path, [...(broken.get(location.path) ?? []), category]);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function pathOfWay(way: string): string {
  return `src/post/way-${way.replaceAll(' ', '-')}.ts`;
}

const restricted = 'lint/style/noRestrictedImports';

describe('a layer', () => {
  it.each(permitted)('$folder may import $imported', ({ planted }) => {
    expect(broken.get(planted.path) ?? []).not.toContain(restricted);
  });

  it.each(forbidden)('$folder may not import $imported', ({ planted }) => {
    expect(broken.get(planted.path) ?? []).toContain(restricted);
  });

  it.each(Object.keys(ways))('is not to be got around by %s', (way) => {
    expect(broken.get(pathOfWay(way)) ?? []).toContain(restricted);
  });

  // biome.json forbids only `../**`, nothing of Node or of npm, and no neighbour within src/platforms.
  it.each(Object.keys(gaps))('is not to be got around as in %s', (path) => {
    expect(broken.get(path) ?? []).toContain(restricted);
  });
});

describe('the checks of the code', () => {
  it.each([
    ['src/flow/float-own.ts', 'lint/nursery/noFloatingPromises'],
    ['src/flow/float-port.ts', 'lint/nursery/noFloatingPromises'],
    ['src/flow/misused-if.ts', 'lint/nursery/noMisusedPromises'],
    ['src/flow/misused-filter.ts', 'lint/nursery/noMisusedPromises'],
    ['src/flow/cycle-a.ts', 'lint/suspicious/noImportCycles'],
    ['src/flow/cycle-b.ts', 'lint/suspicious/noImportCycles'],
    ['src/flow/pick/cycle-c.ts', 'lint/suspicious/noImportCycles'],
  ])('find in %s what breaks %s', (path, rule) => {
    expect(broken.get(path) ?? []).toContain(rule);
  });

  it('find nothing in a promise that is waited for, or left on purpose', () => {
    expect(broken.get('src/flow/handled.ts') ?? []).toEqual([]);
  });
});
