import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Simulator } from '#simulator/simulator.ts';
import { createLive } from './live.ts';
import { createMailReader } from './mail.ts';
import type { Program } from './program.ts';
import { createRoutes } from './routes.ts';
import { openSignIn } from './sign-in.ts';
import { takeSnapshot } from './snapshot.ts';
import { createSwitches, type Speed } from './switches.ts';

export interface PageOptions {
  readonly simulator: Simulator;
  readonly program: Program;
  /** Where the session is kept. */
  readonly folder: string;
  /** The port that is tried first; 0 for any free one. */
  readonly port: number;
  /** The speed that all services begin with. */
  readonly speed: Speed;
  /** Called with a new link when the last one was used up and another one is wanted. */
  readonly onNewLink: (link: string) => void;
}

/** The running page. */
export interface Page {
  /** Opens the page once; afterwards the browser that opened it is let in by its cookie. */
  link(): string;
  /** Another one than asked for when that is not free. */
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the page on 127.0.0.1 and on no other address. */
export async function startPage(options: PageOptions): Promise<Page> {
  const { simulator, program, onNewLink } = options;
  const signIn = openSignIn(options.folder);
  const switches = createSwitches(simulator, options.speed);
  const readMails = createMailReader();
  const { telegram, instagram, smtp, dropbox } = simulator;
  const live = createLive(
    () => takeSnapshot(simulator, program, switches, readMails),
    [telegram, instagram, smtp, dropbox, program, switches],
  );
  const link = () => `http://127.0.0.1:${port}/open/${signIn.token()}`;
  const routes = createRoutes({
    world: { simulator, program, switches },
    live,
    signIn,
    port: () => port,
    onNewLink: () => onNewLink(link()),
  });
  const server = createAdaptorServer({ fetch: routes.fetch, overrideGlobalObjects: false }) as Server;
  const port = await listen(server, options.port);
  return {
    link,
    port,
    close: () =>
      new Promise((resolve) => {
        live.close();
        switches.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Listens on the port, or on any free one when that is taken or not ours to take. */
async function listen(server: Server, wanted: number): Promise<number> {
  try {
    return await tryPort(server, wanted);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    return await tryPort(server, 0);
  }
}

function tryPort(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
