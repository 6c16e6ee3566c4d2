import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { streamSSE } from 'hono/streaming';
import { refusal } from './access.ts';
import { act, largestAction, type World } from './actions.ts';
import type { Live } from './live.ts';
import { findMedium } from './media.ts';
import { headers, mailHeaders, mediaHeaders, web } from './rules.ts';
import type { SignIn } from './sign-in.ts';

export interface RoutesOptions {
  readonly world: World;
  readonly live: Live;
  readonly signIn: SignIn;
  /** Known only once the server listens. */
  port(): number;
  /** Called when the link was used up and a new one is wanted. */
  onNewLink(): void;
}

/** What the page answers: the door first, then what is behind it. */
export function createRoutes({ world, live, signIn, port, onNewLink }: RoutesOptions): Hono {
  // Cookies are shared by all ports of a host, so each page has a name of its own.
  const cookie = () => `darkroom_${port()}`;
  const isSignedIn = (context: Context) => signIn.isSession(getCookie(context, cookie()) ?? '');
  const app = new Hono();

  app.use((context, next) => {
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
    const refused = refusal(callerOf(context, isSignedIn(context)), port());
    if (refused === undefined) return next();
    const wantsText = context.req.header('accept')?.includes('text/html');
    // Somebody stands before the door without a key: the next link is laid out at once.
    if (wantsText && refused.status === 401 && signIn.renew()) onNewLink();
    return Promise.resolve(
      wantsText
        ? context.html(notice(refused.reason), refused.status)
        : context.json({ problem: refused.reason }, refused.status),
    );
  });
  app.get('/open/:token', (context) => {
    if (!signIn.use(context.req.param('token')) && !isSignedIn(context)) {
      if (signIn.renew()) onNewLink();
      return context.html(
        notice('This link opens nothing any more. A new one is in the terminal in which npm start runs.'),
        403,
      );
    }
    setCookie(context, cookie(), signIn.session, {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      maxAge: 30 * 24 * 60 * 60,
    });
    return context.html(entrance);
  });
  app.get('/live', (context) =>
    streamSSE(context, async (stream) => {
      const ended = Promise.withResolvers<void>();
      const stop = live.watch((data) => void stream.writeSSE({ data }));
      stream.onAbort(() => ended.resolve());
      await ended.promise;
      stop();
    }),
  );
  app.post('/act', bodyLimit({ maxSize: largestAction, onError: tooLarge }), async (context) => {
    const given: unknown = await context.req.json().catch(() => undefined);
    const done = await act(world, given);
    return context.json(done, 'problem' in done ? 400 : 200);
  });
  app.get('/media/:place/:id', async (context) => {
    const { place, id } = context.req.param();
    const found = await findMedium(world.simulator, place, id);
    if (found === undefined) return context.notFound();
    if (found.kind === 'mail') return context.html(found.body, 200, mailHeaders);
    return context.body(found.body, 200, mediaHeaders[found.kind]);
  });
  app.get('/', (context) => file(context, web, 'index.html'));
  app.get('/lit-html/*', (context) => file(context, library, context.req.path.slice('/lit-html/'.length)));
  app.get('/:name', (context) => file(context, web, context.req.param('name')));
  return app;
}

function callerOf({ req }: Context, isSignedIn: boolean) {
  return {
    method: req.method,
    host: req.header('host'),
    origin: req.header('origin'),
    site: req.header('sec-fetch-site'),
    mode: req.header('sec-fetch-mode'),
    contentType: req.header('content-type'),
    isLogin: req.path.startsWith('/open/'),
    isSignedIn,
  };
}

const library = join(import.meta.dirname, '../../../node_modules/lit-html');
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** One of the page's own files; the name comes from the request, so only plain names pass. */
function file(context: Context, folder: string, name: string): Response | Promise<Response> {
  const type = types[extname(name)];
  if (type === undefined || !/^(directives\/)?[a-z-]+\.[a-z]+$/.test(name)) return context.notFound();
  try {
    return context.body(readFileSync(join(folder, name)), 200, { 'content-type': type });
  } catch {
    return context.notFound();
  }
}

/** A redirect would be a step of the page that the link was on, and a strict cookie stays at home then. */
const entrance = html`<!doctype html>
  <link rel="icon" href="/icon.svg">
  <meta http-equiv="refresh" content="0;url=/">
  <title>Darkroom</title>`;

function notice(text: string) {
  return html`<!doctype html>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="color-scheme" content="light dark">
    <title>Darkroom</title>
    <h1>Darkroom</h1>
    <p>${text}</p>`;
}

function tooLarge(context: Context): Response {
  return context.json({ problem: 'That is more than the 20 MB that a bot can get.' }, 413);
}
