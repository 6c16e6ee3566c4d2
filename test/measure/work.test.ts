import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { createSharpRenderer } from '#adapters/sharp.ts';
import { platformDefinitions } from '#platforms/index.ts';
import { scene } from '../fakes/shots.ts';
import { openWorld, type World } from '../world.ts';

// What a day costs in work instead of time, so that a regression is seen without a clock: times are in `npm run bench`.

/** How often each operation of the services was asked for since; polls and what is new in the folder are not counted, as they go on by themselves. */
function countCalls({ simulator: { telegram, dropbox, replicate, openai, instagram } }: World) {
  const services = { telegram, dropbox, replicate, openai, instagram };
  const starts = new Map(Object.entries(services).map(([name, { calls }]) => [name, calls.length]));
  return () => {
    const counts: Record<string, number> = {};
    for (const [name, { calls }] of Object.entries(services)) {
      for (const { operation } of calls.slice(starts.get(name))) {
        if (/getUpdates|list_folder|sendChatAction/.test(operation)) continue;
        counts[`${name} ${operation}`] = (counts[`${name} ${operation}`] ?? 0) + 1;
      }
    }
    return counts;
  };
}

/** Bytes that Dropbox has handed out for this operation so far. */
function bytesRead({ simulator }: World, operation: string): number {
  const answers = simulator.dropbox.calls.filter((call) => call.operation === operation);
  return answers.reduce((sum, { answerBytes }) => sum + answerBytes, 0);
}

/** How often the state was written so far. */
async function writes({ folder }: World): Promise<number> {
  return JSON.parse(await readFile(join(folder, 'darkroom.json'), 'utf8')).writing.count;
}

it('asks each service only for what a draft and a post need, and writes no more than that', async () => {
  const world = await openWorld({ photos: 'none' });
  const { simulator, phone, see, seeCard, told, tap, darkroom } = world;
  // Not wider than a platform takes, so that there is one picture for each.
  const photo = await scene(1);
  simulator.dropbox.put('/Photos/harbour.jpg', photo);
  // The start has asked what it wants to know.
  phone.send('/help');
  await see('that it listens', () => told().length > 0);
  await darkroom().app.whenIdle();
  const drafting = countCalls(world);
  phone.send('/post');
  await seeCard(({ keyboard }) => keyboard.length > 0);
  await darkroom().app.whenIdle();
  expect(drafting()).toEqual({
    'telegram sendMessage': 1,
    'telegram sendPhoto': 1,
    // A small picture to see what it looks like, and a larger one to be described.
    'dropbox files/get_thumbnail_v2': 2,
    'dropbox files/download': 1,
    // Whether there is a note beside it.
    'dropbox files/get_metadata': 1,
    'replicate predictions.create': 2,
    'openai chat/completions': 1,
  });
  expect(bytesRead(world, 'files/download')).toBe(photo.length);
  // Two small pictures, in the form that JSON takes.
  expect(bytesRead(world, 'files/get_thumbnail_v2')).toBeLessThan(200_000);

  const publishing = countCalls(world);
  const before = await writes(world);
  await tap('Publish');
  await seeCard('Archived');
  await darkroom().app.whenIdle();
  const { 'telegram editMessageCaption': edits = 0, ...others } = publishing();
  expect(others).toEqual({
    'telegram answerCallbackQuery': 1,
    'telegram sendPhoto': 1,
    // Whether it is still what it was, before it goes out and before it is moved.
    'dropbox files/get_metadata': 2,
    'dropbox files/move_v2': 1,
    'instagram qe_sync': 1,
    'instagram login': 1,
    'instagram upload': 1,
    'instagram configure': 1,
  });
  // What goes out is read from the disk, never again from Dropbox.
  expect(bytesRead(world, 'files/download')).toBe(photo.length);
  // What happens close together is shown together.
  expect(edits).toBeLessThanOrEqual(8);
  // The decision, an intent and an outcome for each place, and the photo's new place; what comes together is one write.
  expect((await writes(world)) - before).toBeLessThanOrEqual(12);
  // The whole folder was listed at the start and never again.
  expect(simulator.dropbox.calls.filter(({ operation }) => operation === 'files/list_folder')).toHaveLength(
    1,
  );
  expect(simulator.smtp.mails()).toHaveLength(1);
});

it('reads what was prepared ahead, and makes nothing anew', async () => {
  const world = await openWorld({ photos: 'none', settings: { PREPARE_AHEAD: 'true' } });
  world.simulator.dropbox.put('/Photos/harbour.jpg', await scene(1));
  await world.restart({ PREPARE_AHEAD: 'true' });
  await world.darkroom().app.whenIdle();
  const drafting = countCalls(world);
  world.phone.send('/post');
  await world.seeCard(({ keyboard }) => keyboard.length > 0);
  await world.darkroom().app.whenIdle();
  expect(drafting()).toEqual({
    'telegram sendMessage': 1,
    'telegram sendPhoto': 1,
    'dropbox files/get_metadata': 1,
  });
});

it('decodes a photo once, however many platforms it is made ready for', async () => {
  const original = await scene(1, 3000, 2000);
  const { open } = createSharpRenderer();
  await (await open(original)).render({ ...platformDefinitions[0]?.pictureLimits } as never);
  let changes = 0;
  const count = () => {
    changes += 1;
  };
  // Each piece of work is told of twice: it is queued, and it has begun.
  const tasks = () => changes / 2;
  sharp.queue.on('change', count);
  try {
    const { render } = await open(original);
    const opened = tasks();
    // The picture; a header is no work.
    expect(opened).toBe(1);
    for (const { pictureLimits } of platformDefinitions) await render(pictureLimits);
    expect(tasks() - opened).toBe(platformDefinitions.length);
  } finally {
    sharp.queue.off('change', count);
  }
});
