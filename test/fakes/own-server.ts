import { onTestFinished } from 'vitest';
import { createFaults } from '#simulator/faults.ts';
import { type RunningService, type SimulatedAnswer, type SimulatedRequest, serve } from '#simulator/http.ts';

/** An HTTP server that answers as it is told, for what the simulated services do not do. */
export async function ownServer(
  answer: (request: SimulatedRequest) => SimulatedAnswer | Promise<SimulatedAnswer>,
  port = 0,
): Promise<RunningService> {
  const server = await serve(
    {
      name: 'telegram',
      operation: ({ method, path }) => `${method} ${path}`,
      answer,
      refuse: () => ({ status: 500, body: '' }),
    },
    createFaults(),
    port,
  );
  onTestFinished(() => server.close());
  return server;
}
