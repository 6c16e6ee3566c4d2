import { expect, it } from 'vitest';
import { openStore } from '#adapters/lowdb.ts';
import type { Content } from '#post/delivery.ts';
import { fitCaption } from '#post/fit-caption.ts';
import { currentText } from '#post/post.ts';
import { openWorld, type World } from '../world.ts';

async function openDraft(): Promise<World> {
  const world = await openWorld();
  world.phone.send('/post');
  await world.seeCard(({ keyboard }) => keyboard.length > 0);
  return world;
}

/** Leaves the state as a process does that was killed after it had saved these intents. */
async function leaveHalfDone(world: World, sending: readonly string[]): Promise<void> {
  await world.stop();
  const { store } = await openStore(world.folder, world.clock);
  const [post] = Object.values(store.state().posts);
  if (post?.state !== 'awaiting-approval') throw new Error('There is no draft');
  const at = world.clock.now().toISOString();
  const contents: Record<string, Content> = {};
  for (const [platform, picture] of Object.entries(post.draft.pictures)) {
    const caption = fitCaption(currentText(post), { maxLength: 1000, maxHashtags: 5 }).text;
    contents[platform] = { caption, picture };
  }
  await store.update(post.id, { type: 'approved', revision: post.revision, by: 1, at, contents });
  for (const platform of sending) await store.update(post.id, { type: 'sending', platform, at });
}

it('answers the old buttons of a draft after a restart, without asking anything twice', async () => {
  const { simulator, restart, tap, seeCard, cards } = await openDraft();
  await restart();
  expect(cards()).toHaveLength(1);
  expect(await tap('Publish')).toBe('Publishing …');
  await seeCard('Archived');
  expect(simulator.telegram.channelPosts()).toHaveLength(1);
  expect(simulator.replicate.predictions).toHaveLength(2);
});

it('goes on with a dialog after a restart', async () => {
  const { phone, restart, tap, see, seeCard, told } = await openDraft();
  await tap('Edit');
  await see('the question', () => told().some((text) => text.startsWith('Send me the caption')));
  await restart();
  phone.send('Written after the restart');
  await seeCard('Written after the restart');
});

it('finishes a draft that was half done', async () => {
  const { simulator, phone, see, seeCard, restart, told } = await openWorld();
  simulator.faults.add({
    service: 'dropbox',
    operation: 'files/download',
    fault: { kind: 'error', status: 500 },
  });
  phone.send('/post');
  await see('the sentence', () => told().at(-1)?.includes('The draft waits'));
  simulator.faults.clear();
  await restart();
  await seeCard(({ keyboard }) => keyboard.length > 0);
});

it('sends what was approved but not begun, and asks about what was being sent', async () => {
  const world = await openDraft();
  await leaveHalfDone(world, ['instagram']);
  await world.restart();
  await world.seeCard('🔎 Instagram');
  await world.see('the others', () => world.simulator.smtp.mails().length === 1);
  expect(world.simulator.telegram.channelPosts()).toHaveLength(1);
  expect(world.simulator.instagram.posts()).toEqual([]);
  await world.restart();
  await world.darkroom().app.whenIdle();
  expect(world.simulator.telegram.channelPosts()).toHaveLength(1);
  expect(world.simulator.instagram.posts()).toEqual([]);
  world.clock.advance(120_000);
  // There never was a session, and nobody signs in to look.
  const card = await world.seeCard('❓ Instagram');
  expect(card.keyboard.flat().map(({ text }) => text)).toContain('Instagram: not there, send again');
  await world.tap('not there, send again');
  await world.seeCard('Archived');
  expect(world.simulator.instagram.posts()).toHaveLength(1);
  expect(world.simulator.smtp.mails()).toHaveLength(1);
});

it('archives what was published before it stopped', async () => {
  const world = await openDraft();
  const { simulator, see, told, restart, seeCard, tap } = world;
  simulator.faults.add({
    service: 'dropbox',
    operation: 'files/move_v2',
    fault: { kind: 'error', status: 500 },
  });
  await tap('Publish');
  await see('the sentence', () => told().at(-1)?.includes('is not in the archive'));
  simulator.faults.clear();
  await restart();
  await seeCard('Archived');
  expect(simulator.telegram.channelPosts()).toHaveLength(1);
});

it('publishes the exact bytes of the draft when Dropbox cannot say that the photo was replaced, and leaves that one alone', async () => {
  const { simulator, clock, tap, told, see, seeCard, darkroom } = await openDraft();
  const name = /📷 (\S+)/.exec((await seeCard('📷')).text)?.[1] ?? '';
  const other = simulator.dropbox.files().find(({ path }) => path !== `/Photos/${name}`);
  simulator.dropbox.put(`/Photos/${name}`, simulator.dropbox.read(other?.path ?? '') ?? Buffer.alloc(0));
  const fault = { kind: 'error', status: 503 } as const;
  simulator.faults.add({ service: 'dropbox', operation: 'files/get_metadata', fault });
  expect(await tap('Publish')).toBe('Publishing …');
  await see('the sentence', () => told().at(-1)?.includes('is not in the archive'));
  simulator.faults.clear();
  await see('a pause', () => clock.sleepers() > 0);
  clock.advance(60_000);
  await seeCard('The photo was changed or moved after the draft, so I left it alone.');
  expect(simulator.telegram.channelPosts()).toHaveLength(1);
  expect(simulator.dropbox.files().some(({ path }) => path === `/Photos/${name}`)).toBe(true);
  await darkroom().app.whenIdle();
  const { next } = await darkroom().app.queue(9);
  expect(next.map((photo) => photo.name)).not.toContain(name);
});
