import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#adapters/system-clock.ts';
import { readConfig } from '#config.ts';
import { startDarkroom } from '#darkroom.ts';
import { createLog } from '#log.ts';
import { type Simulator, startSimulator } from '#simulator/simulator.ts';

// The whole story, unattended, against simulated services in a folder that is thrown away afterwards.

const samples = join(import.meta.dirname, '../data/samples');
const began = performance.now();

function say(text: string): void {
  process.stdout.write(`${((performance.now() - began) / 1000).toFixed(2).padStart(6)} s  ${text}\n`);
}

/** Waits for something that the services show; a story that gets stuck has failed. */
async function until<T>(what: string, look: () => T | undefined): Promise<T> {
  for (const end = performance.now() + 30_000; performance.now() < end; await systemClock.sleep(20)) {
    const found = look();
    if (found !== undefined) return found;
  }
  throw new Error(`This did not happen within half a minute: ${what}`);
}

const folder = mkdtempSync(join(tmpdir(), 'darkroom-demo-'));
// Keeps the process alive while only sleeping is going on.
const alive = setInterval(() => undefined, 1_000);
try {
  await live(folder);
  process.stdout.write('\nPublished three times, archived once.\n');
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  clearInterval(alive);
  rmSync(folder, { recursive: true, force: true });
}

async function live(folder: string): Promise<void> {
  const simulator = await startSimulator({ folder: join(folder, 'services'), samples });
  say('The simulated services are up: Telegram, Dropbox, Replicate, OpenAI, Instagram, mail');
  const config = readConfig({
    problems: {},
    values: { HASHTAGS: '#photography #light', ...simulator.settings },
  });
  const log = createLog('error', config.secrets);
  const darkroom = await startDarkroom({
    config,
    folder,
    clock: systemClock,
    log,
    endpoints: simulator.endpoints,
  });
  try {
    say('Darkroom is running and listens to the bot');
    await tellStory(simulator, config.core.UNDO_SECONDS);
  } finally {
    await darkroom.stop();
    await simulator.close();
  }
}

async function tellStory(
  { telegram, instagram, smtp, dropbox }: Simulator,
  undoSeconds: number,
): Promise<void> {
  const phone = telegram.phone();
  const card = () => phone.messages().findLast(({ from, photo }) => from === 'bot' && photo !== undefined);

  phone.send('/post');
  say('Owner:   /post');
  const draft = await until('a draft card with buttons', () => {
    const found = card();
    return found !== undefined && found.keyboard.length > 0 ? found : undefined;
  });
  say(`Card:    ${draft.photo?.width}×${draft.photo?.height} picture, "${firstLine(draft.text)}"`);
  say(
    `Buttons: ${draft.keyboard
      .flat()
      .map(({ text }) => `[${text}]`)
      .join(' ')}`,
  );
  const photo = /📷 (\S+)/.exec(draft.text)?.[1] ?? '';

  const answer = await phone.tap(draft.id, '✅ Publish').answer;
  say(`Owner:   [✅ Publish]  →  "${answer.text ?? ''}"`);
  say(`Card:    [↩ Undo] is there for ${undoSeconds} seconds, so the demo waits, too`);

  const [post] = await until('a post in the channel', () => some(telegram.channelPosts()));
  say(`Channel: @${telegram.channel.username}, message ${post?.id}`);
  const [shown] = await until('a post on Instagram', () => some(instagram.posts()));
  say(`Instagram: ${shown?.width}×${shown?.height}, instagram.com/p/${shown?.code}/`);
  const [mail] = await until('a mail', () => some(smtp.mails()));
  say(`Email:   to ${mail?.envelope.to.join(' and ')}, ${Math.round((mail?.raw.length ?? 0) / 1024)} kB`);

  const archived = await until('the photo in the archive', () =>
    dropbox.files().find(({ path }) => path === `/Photos/archive/${photo}`),
  );
  say(`Dropbox: ${archived.path}`);
  const report = await until('the report on the card', () => {
    const text = card()?.text;
    return text?.includes('Archived') ? text : undefined;
  });
  say(`Card:\n${report.replace(/^/gm, '            ')}`);

  const counts = [telegram.channelPosts().length, instagram.posts().length, smtp.mails().length];
  if (counts.some((count) => count !== 1))
    throw new Error(`Published ${counts.join(', ')} times instead of once each`);
  if (dropbox.files().some(({ path }) => path === `/Photos/${photo}`))
    throw new Error('The photo is still in the folder');
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
