import { expect, it, onTestFinished } from 'vitest';
import { createFaults } from '#simulator/faults.ts';
import { startTelegram } from '#simulator/telegram/telegram.ts';
import { temporaryFolder } from './fakes/temporary-folder.ts';
import { openProgramFolder } from './program-folder.ts';

/** The real program with nothing but Telegram simulated; the schedule never asks for Dropbox. */
async function start(settings: Readonly<Record<string, string>> = {}) {
  const faults = createFaults();
  const telegram = await startTelegram({ faults, folder: await temporaryFolder() });
  onTestFinished(() => telegram.close());
  const { run } = await openProgramFolder();
  const begin = () =>
    run([], {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_CHANNEL_ID: `@${telegram.channel.username}`,
      TELEGRAM_API_ROOT: telegram.url,
      TELEGRAM_OWNER_ID: String(telegram.owner.id),
      DROPBOX_APP_KEY: 'key',
      DROPBOX_REFRESH_TOKEN: 'token',
      SCHEDULE: '0 0 29 2 *',
      ...settings,
    });
  return { faults, begin };
}

it('ends with a clear sentence when Telegram does not know the token', async () => {
  const token = '7000000002:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
  const { begin } = await start({ TELEGRAM_BOT_TOKEN: token });
  const { ended, output } = begin();
  expect(await ended).toBe(78);
  expect(output()).toContain('Telegram does not know this bot. Check TELEGRAM_BOT_TOKEN');
  expect(output()).not.toContain(token);
});

it('ends with a clear sentence when another program listens with the same bot', async () => {
  const { faults, begin } = await start();
  faults.add({ service: 'telegram', operation: 'getUpdates', fault: { kind: 'error', status: 409 } });
  const { ended, output } = begin();
  expect(await ended).toBe(75);
  expect(output()).toContain('Another program listens with the same bot.');
});
