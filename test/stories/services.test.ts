import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Fault, ServiceName } from '#simulator/faults.ts';
import { shortenLimits } from '../fakes/short-limits.ts';
import { openWorld, type World } from '../world.ts';

const minute = 60_000;

/** Which step of the story each service has a part in. */
const services = {
  telegram: ['drafting', 'publishing'],
  dropbox: ['drafting', 'publishing'],
  replicate: ['drafting'],
  openai: ['drafting'],
  instagram: ['publishing'],
  graph: ['publishing'],
  smtp: ['publishing'],
} as const satisfies Record<ServiceName, readonly string[]>;
const faults: Readonly<Record<string, Fault>> = {
  slow: { kind: 'slow', ms: 150 },
  failing: { kind: 'error', status: 500 },
  'rate-limited': { kind: 'rate-limit', retryAfterSeconds: 20 },
  trickling: { kind: 'trickle', msPerByte: 40 },
  hung: { kind: 'hang' },
};

const cases = (Object.keys(services) as (keyof typeof services)[]).flatMap((service) =>
  Object.entries(faults).map(([name, fault]): [keyof typeof services, string, Fault] => [
    service,
    name,
    // A mail server says in its own numbers that it has a fault.
    service === 'smtp' && fault.kind === 'error' ? { kind: 'error', status: 451 } : fault,
  ]),
);

/** With the official way of Instagram where that is the service. */
async function openStory(service: ServiceName): Promise<World> {
  const world = await openWorld();
  if (service !== 'graph') return world;
  const { accessToken } = world.simulator.graph;
  await world.restart({
    INSTAGRAM_USERNAME: undefined,
    INSTAGRAM_PASSWORD: undefined,
    INSTAGRAM_ACCESS_TOKEN: accessToken,
  });
  return world;
}

/** Whether a call belongs to the story: polling goes on anyway. In the chat it begins with a picture. */
function isOfStory(service: ServiceName, operation: string, isFirst: boolean): boolean {
  if (service === 'telegram' && isFirst) return operation === 'sendPhoto';
  return !/longpoll|getUpdates/.test(operation);
}

/**
 * The service is so from its next call for the story on, until the program has come to its end with that. Where it
 * does not for long, because it asks again and again, the third time is the last.
 */
async function suffer(world: World, service: ServiceName, fault: Fault): Promise<void> {
  const { faults: switches } = world.simulator;
  const { promise: asksOn, resolve } = Promise.withResolvers<void>();
  const { strike } = switches;
  let struck = 0;
  const spy = vi.spyOn(switches, 'strike').mockImplementation((name, operation) => {
    if (name === service && isOfStory(service, operation, struck === 0)) {
      if (struck === 0) switches.add({ service, fault });
      struck += 1;
      if (struck === 3 && fault.kind !== 'slow') resolve();
    }
    return strike(name, operation);
  });
  await liveUntil(world, `a call to ${service}`, () => {
    // On a slow machine the limits, which are short here, can run out on the way to the service.
    if (struck === 0) press(world, ({ text }) => text.includes('Regenerate'));
    return struck > 0;
  });
  await Promise.race([world.darkroom().app.whenIdle(), asksOn]);
  switches.clear(service);
  spy.mockRestore();
}

function press({ cards, phone }: World, isWanted: (button: { readonly text: string }) => boolean): void {
  const card = cards().at(-1);
  for (const button of card?.keyboard.flat() ?? []) {
    if (card !== undefined && button.data !== undefined && isWanted(button)) {
      phone.tapRaw(card.id, button.data);
    }
  }
}

/** Lets time go by, and does what an owner does, until the newest card is like this. */
async function liveUntil(world: World, what: string, isSo: () => boolean): Promise<void> {
  for (let round = 0; round < 500; round += 1) {
    if (isSo()) return;
    await Promise.race([world.darkroom().app.whenIdle(), sleep(400)]);
    await sleep(25);
    if (isSo()) return;
    answerCard(world);
    world.clock.advance(minute);
  }
  const chat = world.phone.messages().map(({ from, text }) => `${from}: ${text}`);
  throw new Error(
    `It never came to this: ${what}. The chat:\n${chat.join('\n')}\n${world.logged.slice(-8).join('')}`,
  );
}

/** What the card asks is answered by what is really there. */
function answerCard(world: World): void {
  const { telegram, instagram, graph, smtp } = world.simulator;
  const isThere: Readonly<Record<string, boolean>> = {
    'Telegram channel': telegram.channelPosts().length > 0,
    Instagram: instagram.posts().length + graph.posts().length > 0,
    Email: smtp.mails().length > 0,
  };
  press(world, ({ text }) => {
    const [name = ''] = text.split(':');
    return text.includes('🔁') || text.endsWith(isThere[name] ? 'it is there' : 'send again');
  });
}

function newest({ cards }: World) {
  return cards().at(-1);
}

describe('the whole story, while one service', () => {
  it.each(cases)('%s is %s', async (service, _name, fault) => {
    shortenLimits(40);
    const steps: readonly string[] = services[service];
    const world = await openStory(service);
    world.phone.send('/post');
    if (steps.includes('drafting')) await suffer(world, service, fault);
    await liveUntil(
      world,
      'a draft',
      () =>
        newest(world)
          ?.keyboard.flat()
          .some(({ text }) => text.includes('Publish')) ?? false,
    );
    const card = newest(world);
    world.phone.tap(card?.id ?? 0, '✅ Publish');
    if (steps.includes('publishing')) await suffer(world, service, fault);
    await liveUntil(world, 'the archive, with nothing left to try', () => {
      const { text = '', keyboard = [] } = newest(world) ?? {};
      // What is out can be taken down; nothing else is left to press.
      const isOver = keyboard.flat().every(({ data }) => data === undefined || data.startsWith('takedown:'));
      return text.includes('Archived') && isOver;
    });
    const { telegram, instagram, graph, smtp, dropbox } = world.simulator;
    expect(telegram.channelPosts()).toHaveLength(1);
    expect([...instagram.posts(), ...graph.posts()]).toHaveLength(1);
    expect(smtp.mails()).toHaveLength(1);
    expect(dropbox.files().filter(({ path }) => path.includes('/archive/'))).toHaveLength(1);
    expect(dropbox.files()).toHaveLength(8);
  });
});
