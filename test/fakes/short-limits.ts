import { Socket } from 'node:net';
import { onTestFinished, vi } from 'vitest';

const longMs = 10_000;

/**
 * Makes the time limits of clients this many times shorter until the test is over, so that a service that hangs
 * shows at once whether there is a limit. Only waits of ten seconds and more are touched; servers keep theirs.
 */
export function shortenLimits(times: number): void {
  const shorter = (ms: number) => (ms >= longMs ? ms / times : ms);
  const { setTimeout: wait } = globalThis;
  const { timeout } = AbortSignal;
  const idle = Socket.prototype.setTimeout;
  const spies = [
    vi
      .spyOn(globalThis, 'setTimeout')
      .mockImplementation(((call: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
        wait(call, shorter(ms), ...args)) as typeof wait),
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout.call(AbortSignal, shorter(ms))),
    vi.spyOn(Socket.prototype, 'setTimeout').mockImplementation(function (this: Socket, ms, callback) {
      return idle.call(this, isOfServer(this) ? ms : shorter(ms), callback);
    }),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
}

/** Node notes the server in the sockets that it took in; TLS sockets made by hand only have it in their options. */
function isOfServer(socket: object): boolean {
  const { server, _tlsOptions: tls }: { server?: unknown; _tlsOptions?: { isServer?: boolean } } = socket;
  return (server !== undefined && server !== null) || tls?.isServer === true;
}
