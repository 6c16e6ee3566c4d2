import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWorld } from '../world.ts';

const hour = 60 * 60 * 1000;

it('brings one draft at the planned time, however often the clock looks', async () => {
  const { clock, darkroom, seeCard, see, cards } = await openWorld();
  await darkroom().schedule.check();
  expect(cards()).toEqual([]);
  clock.advance(21 * hour);
  await Promise.all([darkroom().schedule.check(), darkroom().schedule.check()]);
  await seeCard(({ keyboard }) => keyboard.length > 0);
  await darkroom().schedule.check();
  await see('no work', () => darkroom().app.status());
  expect(cards()).toHaveLength(1);
});

it('reminds of the draft that still waits instead of making a second one', async () => {
  const { phone, clock, darkroom, see, seeCard, cards } = await openWorld();
  phone.send('/post');
  const first = await seeCard(({ keyboard }) => keyboard.length > 0);
  clock.advance(21 * hour);
  await darkroom().schedule.check();
  const again = await see('the card at the end', () => cards().find(({ id }) => id > first.id));
  expect(again.keyboard).toEqual(first.keyboard);
  expect((await darkroom().app.status()).open).toHaveLength(1);
});

it('publishes by itself in automatic mode and reports on the card', async () => {
  const { simulator, clock, darkroom, seeCard, cards } = await openWorld({ settings: { MODE: 'auto' } });
  clock.advance(21 * hour);
  await darkroom().schedule.check();
  const card = await seeCard('Archived');
  expect(card.text).toContain('✅ Telegram channel: published');
  expect(cards()).toHaveLength(1);
  expect(simulator.instagram.posts()).toHaveLength(1);
  expect(simulator.smtp.mails()).toHaveLength(1);
  await darkroom().app.whenIdle();
  await darkroom().schedule.check();
  expect(simulator.telegram.channelPosts()).toHaveLength(1);
});

it('makes up for a time at which it was not running, once', async () => {
  const { clock, restart, stop, seeCard, cards } = await openWorld();
  await stop();
  clock.advance(23 * hour);
  const darkroom = await restart();
  await darkroom.schedule.check();
  await seeCard(({ keyboard }) => keyboard.length > 0);
  const again = await restart();
  await again.schedule.check();
  expect(cards()).toHaveLength(1);
});

it('says so when the missed time is too long ago', async () => {
  const { clock, restart, stop, see, told, cards } = await openWorld();
  await stop();
  clock.advance(40 * hour);
  const darkroom = await restart();
  await darkroom.schedule.check();
  await see('the sentence', () => told().some((text) => text.startsWith('I was not running at 09:00')));
  await darkroom.schedule.check();
  expect(told().filter((text) => text.startsWith('I was not running'))).toHaveLength(1);
  expect(cards()).toEqual([]);
});

it('keeps the slot while Dropbox is down, says so once, and drafts when it is back', async () => {
  const { simulator, clock, darkroom, see, seeCard, told, cards } = await openWorld();
  simulator.faults.add({ service: 'dropbox', fault: { kind: 'error', status: 500 } });
  clock.advance(21 * hour);
  await darkroom().schedule.check();
  await see('a pause', () => clock.sleepers() > 0);
  clock.advance(60_000);
  await darkroom().schedule.check();
  await see('another pause', () => clock.sleepers() > 0);
  simulator.faults.clear();
  clock.advance(5 * 60_000);
  await seeCard(({ keyboard }) => keyboard.length > 0);
  await darkroom().schedule.check();
  await darkroom().app.whenIdle();
  expect(told().filter((text) => text.includes('So there is no draft yet'))).toHaveLength(1);
  expect(cards()).toHaveLength(1);
});

it('says that no photos are left, once for a slot', async () => {
  const { simulator, clock, darkroom, told } = await openWorld({ photos: 'none' });
  simulator.dropbox.put('/Photos/notes.txt', Buffer.from('Not a photo'));
  clock.advance(21 * hour);
  await darkroom().schedule.check();
  await darkroom().schedule.check();
  await darkroom().app.whenIdle();
  expect(told().filter((text) => text.startsWith('There are no photos left'))).toHaveLength(1);
});

it('makes no second draft of the day when the time zone or the time is set anew', async () => {
  const { clock, darkroom, restart, seeCard, cards } = await openWorld({
    settings: { TIMEZONE: 'Europe/Berlin' },
  });
  clock.advance(20 * hour);
  await darkroom().schedule.check();
  await seeCard(({ keyboard }) => keyboard.length > 0);
  const settings = [{ TIMEZONE: 'Europe/Vienna' }, { SCHEDULE: '30 8 * * *' }, { SCHEDULE: '10 9 * * *' }];
  for (const changed of settings) {
    clock.advance(20 * 60_000);
    const { schedule, app } = await restart({ TIMEZONE: 'Europe/Berlin', ...changed });
    await schedule.check();
    await app.whenIdle();
  }
  expect(cards()).toHaveLength(1);
});

it('asks about what was going out by itself as soon as it is told to ask', async () => {
  const { simulator, clock, phone, darkroom, see, seeCard, told } = await openWorld({
    settings: { MODE: 'auto' },
  });
  simulator.faults.add({
    service: 'dropbox',
    operation: 'files/download',
    fault: { kind: 'error', status: 500 },
  });
  clock.advance(21 * hour);
  await darkroom().schedule.check();
  await see('the trouble', () => told().some((text) => text.includes('The draft waits')));
  phone.send('/auto off');
  await see('the answer', () => told().includes('From now on I ask you first.'));
  simulator.faults.clear();
  clock.advance(hour);
  await seeCard(({ keyboard }) => keyboard.length > 0);
  await darkroom().app.whenIdle();
  expect(simulator.telegram.channelPosts()).toEqual([]);
});

it('shows a draft that is asked for, even in automatic mode, and waits for the owner', async () => {
  const { simulator, phone, darkroom, seeCard } = await openWorld({ settings: { MODE: 'auto' } });
  phone.send('/post');
  await seeCard(({ keyboard }) => keyboard.length > 0);
  await darkroom().app.whenIdle();
  expect(simulator.telegram.channelPosts()).toEqual([]);
});

it('asks first, even in automatic mode, when the AI wrote a link into the caption', async () => {
  const writer = createServer((_, response) => {
    const message = { role: 'assistant', content: 'Win a prize at https://evil.example now!' };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ choices: [{ index: 0, finish_reason: 'stop', message }] }));
  });
  await new Promise<void>((resolve) => writer.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void writer.close());
  const { port } = writer.address() as AddressInfo;
  const { simulator, clock, darkroom, seeCard, tap } = await openWorld({
    settings: { MODE: 'auto', OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` },
  });
  clock.advance(21 * hour);
  await darkroom().schedule.check();
  const card = await seeCard('There was a link');
  expect(card.text).not.toContain('evil');
  await darkroom().app.whenIdle();
  expect(simulator.telegram.channelPosts()).toEqual([]);
  await tap('Publish');
  await seeCard('Archived');
  expect(simulator.telegram.channelPosts()).toHaveLength(1);
});

it('does not publish a draft whose card was on its way when it was told to ask', async () => {
  const { simulator, clock, phone, darkroom, see, seeCard, told } = await openWorld({
    settings: { MODE: 'auto' },
  });
  simulator.faults.setLatency('telegram', 200, 'sendPhoto');
  clock.advance(21 * hour);
  await darkroom().schedule.check();
  await see('the card on its way', () =>
    simulator.telegram.calls.some(({ operation }) => operation === 'sendPhoto'),
  );
  phone.send('/auto off');
  await see('the answer', () => told().includes('From now on I ask you first.'));
  await seeCard(({ keyboard }) => keyboard.length > 0);
  await darkroom().app.whenIdle();
  expect(simulator.telegram.channelPosts()).toEqual([]);
  expect(simulator.smtp.mails()).toEqual([]);
});

describe('several planned times a day', () => {
  const twiceADay = { settings: { SCHEDULE: '0 9,18 * * *' } };

  it('each bring a draft of another photo', async () => {
    const { clock, darkroom, seeCard, see, tap, cards, simulator } = await openWorld(twiceADay);
    for (const hours of [6, 15, 9]) {
      const before = cards().length;
      clock.advance(hours * hour);
      await darkroom().schedule.check();
      await darkroom().schedule.check();
      await see('one more card', () => cards().length === before + 1);
      await tap('Publish');
      await seeCard(({ text }) => text.includes('Archived') && cards().at(-1)?.text === text);
      await darkroom().app.whenIdle();
    }
    const posts = simulator.telegram.channelPosts();
    expect(posts).toHaveLength(3);
    expect(new Set(posts.map(({ text }) => text)).size).toBe(3);
  });

  it('show the draft that still waits again, instead of a second one', async () => {
    const { clock, darkroom, seeCard, see, cards, phone } = await openWorld(twiceADay);
    clock.advance(21 * hour);
    await darkroom().schedule.check();
    const first = await seeCard(({ keyboard }) => keyboard.length > 0);
    await darkroom().app.whenIdle();
    clock.advance(9 * hour);
    await darkroom().schedule.check();
    const again = await see('the card at the end', () => cards().find(({ id }) => id > first.id));
    expect([again.text, again.keyboard]).toEqual([first.text, first.keyboard]);
    await seeCard('has moved');
    await darkroom().app.whenIdle();
    expect(phone.messages().filter(({ keyboard }) => keyboard.length > 0)).toHaveLength(1);
    expect((await darkroom().app.status()).open).toHaveLength(1);
  });

  it('are made up for by one draft, when the machine was asleep over both', async () => {
    const { clock, darkroom, seeCard, told, cards } = await openWorld(twiceADay);
    clock.advance(31 * hour);
    await darkroom().schedule.check();
    await seeCard(({ keyboard }) => keyboard.length > 0);
    await darkroom().schedule.check();
    await darkroom().app.whenIdle();
    expect(cards()).toHaveLength(1);
    expect(told().filter((text) => text.startsWith('I was not running'))).toEqual([]);
  });
});

describe('/post at the moment of the planned time', () => {
  const sentences = {
    'just before it': 'Preparing a draft of',
    'just after it': 'A draft is being prepared; it will be here in a moment.',
  };
  it.each(Object.entries(sentences))('brings one draft, and says so: %s', async (order, sentence) => {
    const { simulator, clock, phone, darkroom, see, seeCard, told, cards } = await openWorld();
    // Neither is done before the other comes.
    simulator.faults.add({ service: 'dropbox', operation: 'files/download', fault: { kind: 'hang' } });
    const drafting = () => see('the draft', async () => (await darkroom().app.status()).open.length === 1);
    clock.advance(21 * hour);
    const steps = [() => darkroom().schedule.check(), async () => void phone.send('/post')];
    for (const step of order === 'just after it' ? steps : steps.toReversed()) {
      await step();
      await drafting();
    }
    await see('the answer', () => told().some((text) => text.startsWith(sentence)));
    simulator.faults.clear();
    await seeCard(({ keyboard }) => keyboard.length > 0);
    await darkroom().schedule.check();
    await darkroom().app.whenIdle();
    expect(told().filter((text) => /^Preparing|being prepared/.test(text))).toHaveLength(1);
    expect(cards()).toHaveLength(1);
    expect((await darkroom().app.status()).open).toHaveLength(1);
  });
});

it.each([-3_000, 60_000])(
  'brings one draft when the clock steps by %d ms at the very moment of the planned time',
  async (step) => {
    const { clock, darkroom, seeCard, cards } = await openWorld();
    // Nine sharp, or half a minute before, so that the moment itself never comes.
    clock.advance(21 * hour - (step > 0 ? 30_000 : 0));
    await darkroom().schedule.check();
    clock.advance(step);
    await darkroom().schedule.check();
    await seeCard(({ keyboard }) => keyboard.length > 0);
    for (let minute = 0; minute < 3; minute += 1) {
      await darkroom().schedule.check();
      clock.advance(60_000);
    }
    await darkroom().app.whenIdle();
    expect(cards()).toHaveLength(1);
  },
);

describe('a pause', () => {
  it('lets the planned times pass, and ends by itself', async () => {
    const { phone, clock, darkroom, see, told, seeCard, cards } = await openWorld();
    phone.send('/pause 2');
    await see('the answer', () => told().at(-1)?.startsWith('Paused until Tuesday 24 November at 12:00.'));
    for (let day = 0; day < 2; day += 1) {
      clock.advance(21 * hour);
      await darkroom().schedule.check();
      clock.advance(3 * hour);
      await darkroom().schedule.check();
    }
    await darkroom().app.whenIdle();
    expect(cards()).toEqual([]);
    clock.advance(21 * hour);
    await darkroom().schedule.check();
    await seeCard(({ keyboard }) => keyboard.length > 0);
  });

  it('is kept over a restart, says so in the status, and still brings what is asked for', async () => {
    const { phone, clock, darkroom, restart, see, told, seeCard, cards } = await openWorld();
    phone.send('/pause');
    await see('the answer', () => told().at(-1)?.startsWith('Paused.'));
    await restart();
    clock.advance(21 * hour);
    await darkroom().schedule.check();
    clock.advance(40 * hour);
    await darkroom().schedule.check();
    await darkroom().app.whenIdle();
    expect(cards()).toEqual([]);
    expect(told().filter((text) => text.includes('I was not running'))).toEqual([]);
    phone.send('/status');
    await see('the status', () => told().at(-1)?.includes('Paused. /resume ends it now.'));
    phone.send('/post');
    await seeCard(({ keyboard }) => keyboard.length > 0);
    phone.send('/resume');
    await see('the answer', () => told().at(-1)?.startsWith('The next draft comes on'));
    clock.advance(24 * hour);
    await darkroom().schedule.check();
    expect((await darkroom().app.status()).open).toHaveLength(1);
  });

  it('makes what was going out by itself wait for the owner', async () => {
    const { simulator, phone, clock, darkroom, see, told, seeCard } = await openWorld({
      settings: { MODE: 'auto' },
    });
    simulator.faults.add({ service: 'dropbox', operation: 'files/download', fault: { kind: 'hang' } });
    clock.advance(21 * hour);
    await darkroom().schedule.check();
    await see('the post', async () => (await darkroom().app.status()).open.length === 1);
    phone.send('/pause');
    await see('the answer', () => told().at(-1)?.startsWith('Paused.'));
    simulator.faults.clear();
    const card = await seeCard(({ keyboard }) =>
      keyboard.flat().some(({ text }) => text.includes('Publish')),
    );
    expect(card.text).not.toContain('goes out by itself');
    expect(simulator.telegram.channelPosts()).toEqual([]);
  });

  it('is not begun by words that are no time', async () => {
    const { phone, clock, darkroom, see, told, seeCard } = await openWorld();
    phone.send('/pause until the snow melts');
    await see('the answer', () => told().at(-1)?.startsWith('For how long?'));
    clock.advance(21 * hour);
    await darkroom().schedule.check();
    await seeCard(({ keyboard }) => keyboard.length > 0);
  });
});
