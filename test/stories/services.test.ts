import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Fault, ServiceName } from '#simulator/faults.ts';
import { shortenLimits } from '../fakes/short-limits.ts';
import { openWorld, type World } from '../world.ts';

const minute = 60_000;
/** How often the fault was met, so that no story passes beside it. */
let struck = 0;

const services: readonly ServiceName[] = ['telegram', 'dropbox', 'replicate', 'openai', 'instagram', 'smtp'];
const faults: Readonly<Record<string, Fault>> = {
  slow: { kind: 'slow', ms: 150 },
  failing: { kind: 'error', status: 500 },
  'rate-limited': { kind: 'rate-limit', retryAfterSeconds: 20 },
  trickling: { kind: 'trickle', msPerByte: 40 },
  hung: { kind: 'hang' },
};

const cases = services.flatMap((service) =>
  Object.entries(faults).map(([name, fault]): [ServiceName, string, Fault] => [
    service,
    name,
    // A mail server says in its own numbers that it has a fault.
    service === 'smtp' && fault.kind === 'error' ? { kind: 'error', status: 451 } : fault,
  ]),
);

/** The service is so from now on until it has struck and the program has had a moment for it, if it comes to that. */
async function suffer(world: World, service: ServiceName, fault: Fault): Promise<void> {
  const { faults: switches } = world.simulator;
  const strike = vi.spyOn(switches, 'strike');
  const strikes = () => strike.mock.calls.filter(([name]) => name === service).length;
  switches.add({ service, fault });
  for (let wait = 0; wait < 40 && strikes() === 0; wait += 1) await sleep(20);
  struck += strikes();
  await Promise.race([
    world
      .darkroom()
      .app.whenIdle()
      .then(() => sleep(150)),
    sleep(700),
  ]);
  switches.clear(service);
  strike.mockRestore();
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
function answerCard({ cards, phone, simulator }: World): void {
  const card = cards().at(-1);
  const isThere: Readonly<Record<string, boolean>> = {
    'Telegram channel': simulator.telegram.channelPosts().length > 0,
    Instagram: simulator.instagram.posts().length > 0,
    Email: simulator.smtp.mails().length > 0,
  };
  for (const { text, data } of card?.keyboard.flat() ?? []) {
    if (card === undefined || data === undefined) continue;
    const [name] = text.split(':');
    const isRight = isThere[name ?? ''] ? text.endsWith('it is there') : text.endsWith('send again');
    if (text.includes('🔁') || isRight) phone.tapRaw(card.id, data);
  }
}

function newest({ cards }: World) {
  return cards().at(-1);
}

describe('the whole story, while one service', () => {
  it.each(cases)('%s is %s', async (service, _name, fault) => {
    shortenLimits(100);
    struck = 0;
    const world = await openWorld();
    world.phone.send('/post');
    await suffer(world, service, fault);
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
    await suffer(world, service, fault);
    await liveUntil(world, 'the archive, with nothing left to try', () => {
      const { text = '', keyboard = [] } = newest(world) ?? {};
      return text.includes('Archived') && keyboard.flat().every(({ data }) => data === undefined);
    });
    const { telegram, instagram, smtp, dropbox } = world.simulator;
    const counts = [telegram.channelPosts().length, instagram.posts().length, smtp.mails().length];
    expect(counts).toEqual([1, 1, 1]);
    expect(dropbox.files().filter(({ path }) => path.includes('/archive/'))).toHaveLength(1);
    expect(dropbox.files()).toHaveLength(8);
    expect(struck).toBeGreaterThan(0);
  });
});
