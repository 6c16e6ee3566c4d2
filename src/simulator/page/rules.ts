import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the page's own files. */
export const web = join(import.meta.dirname, 'web');

/** What goes with every answer: nothing is loaded but what this server sends, and nobody else reads it. */
export const headers: Readonly<Record<string, string>> = {
  'content-security-policy': `default-src 'none'; script-src 'self' '${importMap()}'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** For a mail: no script, no form, nothing loaded from anywhere, and an origin of its own. */
export const mailHeaders = {
  'content-security-policy':
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox",
  'x-frame-options': 'SAMEORIGIN',
};

const unchanging = {
  'content-security-policy': "default-src 'none'; sandbox",
  'cache-control': 'private, max-age=31536000, immutable',
};

/** For what stays the same under its address for ever. A file that somebody sent is never drawn, only kept. */
export const mediaHeaders = {
  picture: { ...unchanging, 'content-type': 'image/jpeg' },
  drawing: { ...unchanging, 'content-type': 'image/svg+xml' },
  file: {
    ...unchanging,
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment',
  },
};

/** The one script inside the page says where the library is; it is named by its hash. */
function importMap(): string {
  const page = readFileSync(join(web, 'index.html'), 'utf8');
  const [, map = ''] = /<script type="importmap">(.*?)<\/script>/s.exec(page) ?? [];
  return `sha256-${hash('sha256', map, 'base64')}`;
}
