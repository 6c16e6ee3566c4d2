import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { createProgram, type SimulatedProgram } from '#simulated/program.ts';
import type { ProgramState } from '#simulator/page/program.ts';
import { type Simulator, startSimulator } from '#simulator/simulator.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

let folder: string;
let simulator: Simulator;
let program: SimulatedProgram;
let states: ProgramState[];

beforeEach(async () => {
  folder = await temporaryFolder();
  simulator = await startSimulator({ folder: join(folder, 'services') });
  const { settings, endpoints } = simulator;
  const values = { ...settings, LOG_LEVEL: 'error' };
  program = createProgram({ values, folder, endpoints, draftAtOnce: false });
  states = [];
  program.onChange(() => states.push(program.state()));
});

afterEach(async () => {
  await program.stop();
  await simulator.close();
});

/** Resolves when these are all the states that it went through. */
async function went(...expected: readonly ProgramState[]): Promise<void> {
  await vi.waitFor(() => expect(states).toEqual(expected), { timeout: 20_000 });
}

it('is off at first, starts, and says when it is up', async () => {
  expect(program.state()).toBe('off');
  program.start();
  program.start();
  await went('starting', 'running');
});

it('restarts in order, however often that is asked for', async () => {
  program.start();
  await went('starting', 'running');
  program.restart();
  program.restart();
  program.start();
  await went('starting', 'running', 'stopping', 'off', 'starting', 'running');
});

it('starts by a restart when it is off', async () => {
  program.restart();
  await went('starting', 'running');
});

it('stays off when its plug is pulled, also while it starts and between a stop and a start', async () => {
  program.start();
  program.pullPlug();
  await went('starting', 'stopping', 'off');
  program.start();
  await went('starting', 'stopping', 'off', 'starting', 'running');
  program.restart();
  program.pullPlug();
  await went('starting', 'stopping', 'off', 'starting', 'running', 'stopping', 'off');
});

it('does not come back after it was stopped for good, also out of a restart', async () => {
  program.start();
  await went('starting', 'running');
  program.restart();
  await program.stop();
  program.start();
  program.restart();
  await program.stop();
  await went('starting', 'running', 'stopping', 'off');
});

it('tells of no end that was asked for', async () => {
  let code: number | undefined;
  void program.ended.then((given) => {
    code = given;
  });
  program.start();
  program.pullPlug();
  await went('starting', 'stopping', 'off');
  program.start();
  await program.stop();
  expect(code).toBeUndefined();
});

it('takes no message but its own for the sign that it is up', async () => {
  // As under node --watch, where a process tells the one that started it which files it reads.
  vi.stubEnv('WATCH_REPORT_DEPENDENCIES', '1');
  onTestFinished(() => void vi.unstubAllEnvs());
  let wasUp: boolean | undefined;
  program.onChange(() => {
    if (program.state() === 'running') wasUp = existsSync(join(folder, 'heartbeat'));
  });
  program.start();
  await went('starting', 'running');
  expect(wasUp).toBe(true);
});
