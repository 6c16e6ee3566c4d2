import { readdir } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '#adapters/system-clock.ts';
import * as words from '#bot/words/english/index.ts';
import { checkUp, reportOf } from '#check-up.ts';
import { readConfig } from '#config.ts';
import { type Simulator, startSimulator } from '#simulator/simulator.ts';
import { createFakeLog } from './fakes/log.ts';
import { ownServer } from './fakes/own-server.ts';
import { servicesFolder } from './fakes/services-folder.ts';
import { temporaryFolder } from './fakes/temporary-folder.ts';
import { openProgramFolder } from './program-folder.ts';
import { createTestClock } from './test-clock.ts';
import { openWorld, samples } from './world.ts';

type Settings = Readonly<Record<string, string | undefined>>;

async function openSimulator(): Promise<Simulator> {
  const simulator = await startSimulator({ folder: await servicesFolder(), samples });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** The lines that npm run doctor prints, by the service that they are about. */
async function examine(
  simulator: Simulator,
  changes: Settings = {},
  { folder, clock = systemClock }: { folder?: string; clock?: typeof systemClock } = {},
): Promise<Readonly<Record<string, string>>> {
  const config = readConfig({ values: { ...simulator.settings, ...changes }, problems: {} });
  const services = await checkUp({
    config,
    folder: folder ?? (await temporaryFolder()),
    clock,
    log: createFakeLog(),
    endpoints: simulator.endpoints,
  });
  return Object.fromEntries(services.map((service) => [service.name, words.checked(service)]));
}

const changing =
  /^(send(?!ChatAction)|edit|copy|forward|delete)|files\/(upload|delete|create)|predictions|chat\/completions|login|upload|configure|^(mail|rcpt|data)$/;

describe('the check of all services', () => {
  it('says that everything works, and changes nothing anywhere', async () => {
    const simulator = await openSimulator();
    const session = await temporaryFolder();
    const before = simulator.dropbox.files();
    expect(await examine(simulator, {}, { folder: session })).toEqual({
      Telegram: '✅ Telegram: works',
      Dropbox: '✅ Dropbox: works',
      Replicate: '✅ Replicate: works',
      OpenAI: '✅ OpenAI: works',
      'Telegram channel': '✅ Telegram channel: works',
      Instagram: '➖ Instagram: cannot be checked before it is used',
      Email: '✅ Email: works',
    });
    const { telegram, dropbox, replicate, openai, instagram, smtp } = simulator;
    const called = [telegram, dropbox, replicate, openai, instagram].flatMap(({ calls }) => calls);
    expect(called.map(({ operation }) => operation).filter((operation) => changing.test(operation))).toEqual(
      [],
    );
    expect(dropbox.files()).toEqual(before);
    expect(telegram.phone().messages()).toEqual([]);
    expect(smtp.mails()).toEqual([]);
    expect(instagram.logins).toBe(0);
    expect(await readdir(session)).toEqual([]);
  });

  it('says of each service alone what is wrong and what mends it', async () => {
    const simulator = await openSimulator();
    const told = await examine(simulator, {
      TELEGRAM_CHANNEL_ID: '@nobody_there',
      DROPBOX_IMAGE_FOLDER: '/Nowhere',
      REPLICATE_API_TOKEN: 'r8_wrong',
      OPENAI_MODEL: 'gpt-0',
      SMTP_PASSWORD: 'wrong-password',
    });
    expect(told).toMatchObject({
      Telegram: '✅ Telegram: works',
      'Telegram channel': expect.stringContaining('TELEGRAM_CHANNEL_ID'),
      Dropbox: expect.stringContaining('DROPBOX_IMAGE_FOLDER'),
      Replicate: expect.stringContaining('REPLICATE_API_TOKEN'),
      OpenAI: expect.stringContaining('OPENAI_MODEL'),
      Email: expect.stringContaining('SMTP_PASSWORD'),
    });
    expect(JSON.stringify(told)).not.toMatch(/r8_wrong|wrong-password/);
  });

  it('names the permissions that the Dropbox app lacks', async () => {
    const simulator = await openSimulator();
    simulator.dropbox.withholdScopes(['files.content.write']);
    expect((await examine(simulator))['Dropbox']).toContain('lacks a permission: files.content.write.');
    simulator.dropbox.withholdScopes(['files.metadata.read', 'files.content.read']);
    expect((await examine(simulator))['Dropbox']).toContain(
      'lacks a permission: files.metadata.read, files.content.read.',
    );
  });

  it.each(['revoked', 'disconnected'])('says how to connect a Dropbox that is %s', async (how) => {
    const simulator = await openSimulator();
    if (how === 'revoked') simulator.dropbox.revoke();
    const changes = how === 'revoked' ? {} : { DROPBOX_REFRESH_TOKEN: 'another-token' };
    expect((await examine(simulator, changes))['Dropbox']).toContain('npm run connect-dropbox');
  });

  it.each([
    ['has no rights', 'member', 'Make me an administrator of the channel'],
    ['has left', 'left', 'no longer in the channel'],
    ['was thrown out', 'kicked', 'no longer in the channel'],
  ] as const)('sees that the bot %s in the channel', async (_, status, sentence) => {
    const simulator = await openSimulator();
    simulator.telegram.setBotInChannel(status);
    const told = await examine(simulator);
    expect(told['Telegram channel']).toContain(sentence);
    expect(told['Telegram']).toContain('works');
  });

  it('sees an administrator whose Post Messages is off', async () => {
    const simulator = await openSimulator();
    simulator.telegram.setMayPost(false);
    expect((await examine(simulator))['Telegram channel']).toContain('I may not post there');
  });

  it('sees that the owner has blocked the bot, was never there, or that there is no owner', async () => {
    const simulator = await openSimulator();
    simulator.telegram.phone().block();
    expect((await examine(simulator))['Telegram']).toContain('You have blocked me');
    expect((await examine(simulator, { TELEGRAM_OWNER_ID: '12345' }))['Telegram']).toContain('press Start');
    expect((await examine(simulator, { TELEGRAM_OWNER_ID: undefined }))['Telegram']).toContain(
      'no owner yet',
    );
  });

  it('sees a wrong bot token and shows no token', async () => {
    const simulator = await openSimulator();
    const told = await examine(simulator, {
      TELEGRAM_BOT_TOKEN: '7000000002:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    });
    expect(told['Telegram']).toContain('TELEGRAM_BOT_TOKEN');
    expect(told['Telegram channel']).toContain('TELEGRAM_BOT_TOKEN');
    expect(JSON.stringify(told)).not.toContain('AAAAAA');
  });

  it('finds a model version that Replicate does not have, and checks a bare version by the account', async () => {
    const simulator = await openSimulator();
    const version = '0'.repeat(64);
    const told = await examine(simulator, { REPLICATE_MODEL: `andreasjansson/blip-2:${version}` });
    expect(told['Replicate']).toContain('REPLICATE_MODEL');
    expect((await examine(simulator, { REPLICATE_MODEL: version }))['Replicate']).toContain('works');
    expect(simulator.replicate.calls.map(({ operation }) => operation)).toEqual([
      'models.versions.get',
      'account.get',
    ]);
  });

  it('leaves open what another server than OpenAI does not tell of its models', async () => {
    const simulator = await openSimulator();
    const server = await ownServer(() => ({ status: 404, body: 'page not found' }));
    const told = await examine(simulator, { OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_MODEL: 'local-1' });
    expect(told['OpenAI']).toBe('➖ OpenAI: cannot be checked before it is used');
  });

  it('names what hangs after half a minute, and the others at once', async () => {
    const simulator = await openSimulator();
    simulator.faults.add({ service: 'replicate', fault: { kind: 'hang' } });
    simulator.faults.add({ service: 'smtp', operation: 'auth', fault: { kind: 'hang' } });
    const clock = createTestClock();
    const examined = examine(simulator, {}, { clock });
    await expect.poll(() => clock.sleepers(), { interval: 2 }).toBe(2);
    clock.advance(30_000);
    expect(await examined).toMatchObject({
      Replicate: '❌ Replicate: Replicate did not answer in time.',
      Email: '❌ Email: Email did not answer in time.',
      OpenAI: '✅ OpenAI: works',
    });
  });

  it('leaves out what is not set up', async () => {
    const simulator = await openSimulator();
    const told = await examine(simulator, {
      REPLICATE_API_TOKEN: undefined,
      OPENAI_API_KEY: undefined,
      INSTAGRAM_USERNAME: undefined,
      INSTAGRAM_PASSWORD: undefined,
      ...Object.fromEntries(
        ['SMTP_HOST', 'SMTP_PORT', 'SMTP_USER', 'SMTP_PASSWORD', 'EMAIL_FROM', 'EMAIL_TO'].map((name) => [
          name,
          undefined,
        ]),
      ),
    });
    expect(Object.keys(told)).toEqual(['Telegram', 'Dropbox', 'Telegram channel']);
  });
});

describe('the check of Instagram', () => {
  it('asks with the kept session, and never signs in when that is over', async () => {
    const { simulator, folder, phone, seeCard, tap } = await openWorld();
    phone.send('/post');
    await seeCard(({ keyboard }) => keyboard.length > 0);
    await tap('Publish');
    await seeCard('Archived');
    expect((await examine(simulator, {}, { folder }))['Instagram']).toContain('works');
    simulator.instagram.dropSessions();
    expect((await examine(simulator, {}, { folder }))['Instagram']).toContain('❌');
    expect(simulator.instagram.logins).toBe(1);
    expect((await readdir(folder)).includes('instagram-session.json')).toBe(true);
  });
});

it('checks the official way of Instagram without touching its token', async () => {
  const simulator = await openSimulator();
  const folder = await temporaryFolder();
  const settings = {
    INSTAGRAM_USERNAME: undefined,
    INSTAGRAM_PASSWORD: undefined,
    INSTAGRAM_ACCESS_TOKEN: simulator.graph.accessToken,
  };
  expect((await examine(simulator, settings, { folder }))['Instagram']).toBe('✅ Instagram: works');
  simulator.graph.setCondition('no-permission');
  expect((await examine(simulator, settings, { folder }))['Instagram']).toContain('does not allow this');
  expect(await readdir(folder)).toEqual([]);
  expect(simulator.graph.tokens()).toBe(1);
  expect(simulator.graph.containers()).toBe(0);
});

it('reads the owner who was paired by code while Darkroom is running', async () => {
  const world = await openWorld({ settings: { TELEGRAM_OWNER_ID: undefined } });
  const code = /\/start \d{9}/.exec(world.logged.join(''))?.[0] ?? '';
  world.phone.send(code);
  await world.see('the welcome', () => world.told().some((text) => text.startsWith('You are the owner')));
  const told = await examine(world.simulator, { TELEGRAM_OWNER_ID: undefined }, { folder: world.folder });
  expect(told['Telegram']).toBe('✅ Telegram: works');
});

describe('npm run doctor', () => {
  const works = { id: 'email', name: 'Email', check: { state: 'works' } } as const;
  const unknown = { id: 'instagram', name: 'Instagram', check: { state: 'unknown' } } as const;
  const problem = { kind: 'rejected', detail: 'no place for hunter2-secret' } as const;
  const broken = { id: 'openai', name: 'OpenAI', check: { state: 'broken', problem } } as const;

  it('has a line for each service, and ends with 0 only when none is broken', () => {
    expect(reportOf([works, unknown], [])).toEqual({
      text: '✅ Email: works\n➖ Instagram: cannot be checked before it is used\n',
      exitCode: 0,
    });
    expect(reportOf([works, broken], []).exitCode).toBe(1);
  });

  it('shows no secret, whatever a service says', () => {
    expect(reportOf([broken], ['hunter2-secret']).text).toBe(
      '❌ OpenAI: OpenAI did not take it (“no place for [hidden]”).\n',
    );
  });

  it('says how to begin when nothing is set up', async () => {
    const { run } = await openProgramFolder();
    const { ended, output } = run(['doctor']);
    expect(await ended).toBe(78);
    expect(output()).toContain('There is nothing to check yet');
    expect(output()).toContain('.env.example');
  });

  it('names settings that are wrong', async () => {
    const { run } = await openProgramFolder();
    const { ended, output } = run(['doctor'], { TELEGRAM_BOT_TOKEN: 'nonsense' });
    expect(await ended).toBe(78);
    expect(output()).toContain('TELEGRAM_BOT_TOKEN: is not a bot token');
    expect(output()).toContain('DROPBOX_REFRESH_TOKEN');
  });
});
