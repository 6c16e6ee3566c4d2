import { describe, expect, it } from 'vitest';
import type { ActiveFault } from '#simulator/faults.ts';
import { openWorld, type World } from '../world.ts';

const minute = 60_000;

const lost: ActiveFault = {
  service: 'telegram',
  operation: 'sendPhoto',
  fault: { kind: 'drop', afterWork: true },
  times: 1,
};
const neverSent: ActiveFault = { ...lost, fault: { kind: 'drop', afterWork: false } };

/** A world in which one post is out, so that the channel's newest message is known, and a second draft waits. */
async function openSecondDraft(): Promise<World> {
  const world = await openWorld();
  world.phone.send('/post harbour');
  await world.seeCard(isDraft);
  await world.tap('Publish');
  await world.seeCard('Archived');
  world.phone.send('/post cabin');
  await world.seeCard((card) => card.text.includes('cabin') && isDraft(card));
  return world;
}

function isDraft({ keyboard }: ReturnType<World['cards']>[number]): boolean {
  return keyboard.flat().some(({ text }) => text.includes('Publish'));
}

/** The id of the post on the newest card, from one of its buttons of earlier. */
function nameOf({ phone }: World): string {
  return phone.taps().at(-1)?.data.split(':')[1] ?? '';
}

/** Publishes with this fault, until the card says that the channel is going to be looked at. */
async function loseSight(world: World, fault: ActiveFault): Promise<void> {
  world.simulator.faults.add(fault);
  await world.tap('Publish');
  const card = await world.seeCard('🔎 Telegram channel: the connection was lost while sending.');
  expect(card.keyboard.flat().filter(({ data }) => data !== undefined)).toEqual([]);
  await world.seeCard('✅ Email: published');
}

/** A message in the channel that another administrator has written meanwhile. */
async function writeToChannel({ simulator }: World, method: string, params: object): Promise<void> {
  const { url, token, channel } = simulator.telegram;
  const answer = await fetch(`${url}/bot${token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chat_id: channel.id, ...params }),
  });
  expect(answer.status).toBe(200);
}

describe('a post to the channel that was lost sight of', () => {
  it('is found there by itself, and nobody is asked', async () => {
    const world = await openSecondDraft();
    await loseSight(world, lost);
    await writeToChannel(world, 'sendMessage', { text: 'Somebody else' });
    const before = world.phone.messages().length;
    world.clock.advance(2 * minute);
    const card = await world.seeCard('I found it there');
    await world.seeCard((each) => each.text.includes('I found it there') && each.text.includes('Archived'));
    expect(card.text).not.toContain('❓');
    const urls = world
      .cards()
      .at(-1)
      ?.keyboard.flat()
      .map(({ url }) => url);
    const found = world.simulator.telegram
      .channelPosts()
      .find(({ photo, text }) => photo && text.includes('windows'));
    expect(urls).toContain(`https://t.me/darkroom_demo/${found?.id}`);
    expect(world.simulator.telegram.channelPosts().filter(({ photo }) => photo)).toHaveLength(2);
    // The copies that it looked at are gone again.
    expect(world.phone.messages()).toHaveLength(before);
  });

  it('is asked about after it was looked for twice in vain, and sent again once the owner says so', async () => {
    const world = await openSecondDraft();
    await loseSight(world, neverSent);
    world.clock.advance(2 * minute);
    await world.darkroom().app.whenIdle();
    await world.seeCard('🔎 Telegram channel');
    world.clock.advance(1.5 * minute);
    await world.seeCard('❓ Telegram channel');
    world.clock.advance(60 * minute);
    await world.darkroom().app.whenIdle();
    expect(world.simulator.telegram.channelPosts()).toHaveLength(1);
    expect(await world.tap('not there, send again')).toBe('Trying again …');
    await world.seeCard((card) => card.text.includes('cabin') && card.text.includes('Archived'));
    expect(world.simulator.telegram.channelPosts()).toHaveLength(2);
  });

  it('is not doubled when another post goes out while it is looked for', async () => {
    const world = await openSecondDraft();
    await loseSight(world, lost);
    world.phone.send('/post dunes');
    await world.seeCard((card) => card.text.includes('dunes') && isDraft(card));
    await world.tap('Publish');
    await world.seeCard((card) => card.text.includes('dunes') && card.text.includes('Archived'));
    for (let look = 0; look < 4; look += 1) {
      world.clock.advance(2 * minute);
      await world.darkroom().app.whenIdle();
    }
    expect(world.simulator.telegram.channelPosts()).toHaveLength(3);
  });

  it('is not doubled when it was changed there before it was looked for', async () => {
    const world = await openSecondDraft();
    await loseSight(world, lost);
    const message_id = world.simulator.telegram.channelPosts().at(-1)?.id;
    await writeToChannel(world, 'editMessageCaption', { message_id, caption: 'Mended by hand' });
    for (let look = 0; look < 4; look += 1) {
      world.clock.advance(2 * minute);
      await world.darkroom().app.whenIdle();
    }
    await world.seeCard('❓ Telegram channel');
    expect(world.simulator.telegram.channelPosts()).toHaveLength(2);
  });

  it('is asked about soon, also when the clock goes back a day', async () => {
    const world = await openSecondDraft();
    await loseSight(world, neverSent);
    world.clock.advance(-24 * 60 * minute);
    world.clock.advance(2 * minute);
    await world.restart();
    await world.darkroom().app.whenIdle();
    world.clock.advance(2 * minute);
    await world.seeCard('❓ Telegram channel');
  });

  it('is not doubled when it turns up between the two looks', async () => {
    const world = await openSecondDraft();
    await loseSight(world, neverSent);
    world.clock.advance(2 * minute);
    await world.darkroom().app.whenIdle();
    const late = world.simulator.telegram.calls.findLast(({ operation }) => operation === 'sendPhoto');
    const { photo, caption } = JSON.parse(String(late?.body)) as { photo: string; caption: string };
    await writeToChannel(world, 'sendPhoto', { photo, caption });
    world.clock.advance(1.5 * minute);
    await world.seeCard('I found it there');
    world.clock.advance(60 * minute);
    await world.darkroom().app.whenIdle();
    expect(world.simulator.telegram.channelPosts()).toHaveLength(2);
  });

  it('is asked about when the channel forbids forwarding', async () => {
    const world = await openSecondDraft();
    world.simulator.telegram.setProtectedContent(true);
    await loseSight(world, lost);
    world.clock.advance(2 * minute);
    await world.seeCard('❓ Telegram channel: the connection was lost while sending');
    await world.tap('it is there');
    await world.seeCard('Archived');
    expect(world.simulator.telegram.channelPosts()).toHaveLength(2);
  });

  it('is asked about when there is one with the same words and another picture', async () => {
    const world = await openSecondDraft();
    const other = world.simulator.telegram.channelPosts()[0]?.photo?.fileId;
    await loseSight(world, neverSent);
    const caption = world.cards().at(-1)?.text.split('\n\n———')[0];
    await writeToChannel(world, 'sendPhoto', { photo: other, caption });
    world.clock.advance(2 * minute);
    await world.seeCard('❓ Telegram channel');
    world.clock.advance(60 * minute);
    await world.darkroom().app.whenIdle();
    expect(world.simulator.telegram.channelPosts()).toHaveLength(2);
  });

  it('is looked for after a restart in the middle of it', async () => {
    const world = await openSecondDraft();
    await loseSight(world, lost);
    await world.restart();
    await world.seeCard('🔎 Telegram channel');
    world.clock.advance(2 * minute);
    await world.seeCard('I found it there');
    expect(world.simulator.telegram.channelPosts()).toHaveLength(2);
  });

  it('is asked about as long as no message of the channel is known', async () => {
    const world = await openWorld();
    world.phone.send('/post harbour');
    await world.seeCard(isDraft);
    await loseSight(world, lost);
    world.clock.advance(2 * minute);
    await world.seeCard('❓ Telegram channel');
    expect(world.simulator.telegram.channelPosts()).toHaveLength(1);
  });
});

describe('a post to Instagram that was lost sight of', () => {
  async function loseOnInstagram(afterWork: boolean): Promise<World> {
    const world = await openWorld();
    const fault = { kind: 'drop', afterWork } as const;
    world.simulator.faults.add({ service: 'instagram', operation: 'configure', fault, times: 1 });
    world.phone.send('/post harbour');
    await world.seeCard(isDraft);
    await world.tap('Publish');
    await world.seeCard('🔎 Instagram: the connection was lost while sending.');
    world.clock.advance(2 * minute);
    return world;
  }

  it('is found in the feed by itself', async () => {
    const world = await loseOnInstagram(true);
    await world.seeCard(({ text }) => text.includes('I found it there') && text.includes('Archived'));
    expect(world.simulator.instagram.posts()).toHaveLength(1);
  });

  it.each([
    ['by the answer', false],
    ['by the owner', true],
  ])('is not taken for its twin in the history, known there %s', async (_, isLostFirst) => {
    const world = await openWorld();
    const { faults, instagram } = world.simulator;
    const lose = (afterWork: boolean) =>
      faults.add({
        service: 'instagram',
        operation: 'configure',
        fault: { kind: 'drop', afterWork },
        times: 1,
      });
    async function approve(name: string): Promise<void> {
      world.phone.send(`/post ${name}`);
      await world.seeCard((card) => card.text.includes(name) && isDraft(card));
      const asked = world.told().length;
      await world.tap('Edit');
      await world.see('the question', () => world.told().length > asked);
      world.phone.send('The same words');
      await world.seeCard((card) => card.text.includes(name) && card.text.startsWith('The same words'));
      await world.tap('Publish');
      await world.seeCard((card) => card.text.includes(name) && card.text.includes('✅ Email: published'));
    }
    if (isLostFirst) {
      lose(true);
      faults.add({
        service: 'instagram',
        operation: 'feed',
        fault: { kind: 'error', status: 500 },
        times: 1,
      });
    }
    await approve('harbour');
    if (isLostFirst) {
      await world.seeCard('🔎 Instagram');
      world.clock.advance(2 * minute);
      await world.seeCard('❓ Instagram');
      // The first one's place is not known, and the second one is approved within its time.
      world.clock.advance(-2 * minute);
      await world.tap('Instagram: it is there');
    }
    await world.seeCard('Archived');
    await world.see('that it is filed', () => world.darkroom().app.post(nameOf(world)) === undefined);
    lose(false);
    await approve('cabin');
    await world.seeCard('🔎 Instagram');
    world.clock.advance(2 * minute);
    await world.seeCard((card) => card.text.includes('cabin') && card.text.includes('❓ Instagram'));
    expect(instagram.posts()).toHaveLength(1);
  });

  it('is asked about after it was looked for twice in vain, and sent again once the owner says so', async () => {
    const world = await loseOnInstagram(false);
    await world.darkroom().app.whenIdle();
    world.clock.advance(1.5 * minute);
    await world.seeCard('❓ Instagram');
    expect(world.simulator.instagram.posts()).toEqual([]);
    await world.tap('Instagram: not there, send again');
    await world.seeCard(({ text }) => text.includes('Instagram: published') && text.includes('Archived'));
    expect(world.simulator.instagram.posts()).toHaveLength(1);
    expect(world.simulator.instagram.logins).toBe(1);
  });
});
