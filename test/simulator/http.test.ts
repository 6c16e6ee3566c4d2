import { type IncomingMessage, request } from 'node:http';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createFaults, type Faults } from '#simulator/faults.ts';
import { type RunningService, serve } from '#simulator/http.ts';

let faults: Faults;
let service: RunningService;

beforeEach(async () => {
  faults = createFaults();
  const answer = () => ({ status: 200, body: 'done' });
  const refuse = () => ({ status: 500, body: 'refused' });
  service = await serve({ name: 'openai', operation: () => 'any', answer, refuse }, faults);
  onTestFinished(service.close);
});

function ask(headers: Readonly<Record<string, string>>, body = ''): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(service.url, { method: 'POST', headers }, resolve).on('error', reject).end(body);
  });
}

describe('a simulated service', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['a page of another port', { origin: 'http://localhost:3000' }],
    ['a sandboxed page', { origin: 'null' }],
    ['an image or a form', { 'sec-fetch-site': 'cross-site' }],
    ['a page under a name that leads here', { host: 'evil.example' }],
    ['a name that begins like ours', { host: '127.0.0.1.evil.example' }],
  ])('refuses %s, and does nothing', async (_who, headers) => {
    expect((await ask(headers)).statusCode).toBe(403);
    expect(service.calls).toEqual([]);
  });

  it('answers programs', async () => {
    expect((await ask({})).statusCode).toBe(200);
    expect((await fetch(service.url)).status).toBe(200);
    expect(service.calls).toHaveLength(2);
  });

  it('lets those go who wait for nothing when it works again, and only then', async () => {
    faults.add({ service: 'openai', fault: { kind: 'hang' }, times: 1 });
    const hung = ask({}).catch((error: NodeJS.ErrnoException) => error.code);
    await expect.poll(() => service.calls).toHaveLength(1);
    faults.clear('smtp');
    expect((await ask({})).statusCode).toBe(200);
    expect(await Promise.race([hung, 'still waiting'])).toBe('still waiting');
    faults.clear('openai');
    expect(await hung).toBe('ECONNRESET');
  });

  it('forgets the bodies of old calls before they fill the memory', async () => {
    const body = 'x'.repeat(12 * 1024 * 1024);
    for (let time = 0; time < 4; time += 1) await ask({}, body);
    expect(service.calls.map((call) => call.body.length > 0)).toEqual([false, false, true, true]);
  });
});
