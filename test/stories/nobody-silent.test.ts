import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { openWorld, type World, type WorldOptions } from '../world.ts';

const hour = 60 * 60 * 1000;
const down = { kind: 'error', status: 500 } as const;

/** Something that stops a post or a slot. */
interface Trouble {
  /** Absent: the samples and the settings of the simulator. */
  readonly options?: WorldOptions;
  /** Makes it happen. */
  readonly happen: (world: World) => Promise<unknown>;
  /** What the owner reads of it. */
  readonly says: string;
  /** What mends it: the words in the same message, or the button below. */
  readonly mends: string;
  /** It is over, as far as it is in somebody's way; absent: it stays for the rest of the story. */
  readonly ends?: (world: World) => unknown;
}

const keepNotes = ({ simulator }: World) =>
  simulator.dropbox.put('/Photos/notes.txt', Buffer.from('Not a photo'));

/** The machine runs until the planned time has come. */
async function liveToSlot({ clock, darkroom }: World): Promise<void> {
  clock.advance(21 * hour);
  await darkroom()
    .schedule.check()
    .catch(() => undefined);
}

async function draft(world: World): Promise<void> {
  world.phone.send('/post');
  await world.seeCard(({ keyboard }) => keyboard.length > 0);
  await world.darkroom().app.whenIdle();
}

/** A draft is published while this is so. */
const publishing = (prepare: (world: World) => unknown) => async (world: World) => {
  await draft(world);
  await prepare(world);
  await world.tap('Publish');
};

/** It is stopped, something becomes of its files, and it is started again. */
const meanwhile = (change: (world: World) => unknown) => async (world: World) => {
  await draft(world);
  await world.stop();
  await change(world);
  await world.restart();
};

/** Until this was tried to be told, and nobody could be reached. */
async function missed({ see, logged, clock }: World, notice: string): Promise<void> {
  await see('a notice in vain', () => logged.some((line) => line.includes(`"notice":"${notice}"`)));
  await see('a pause', () => clock.sleepers() > 0);
}

async function breakDisk({ folder }: World): Promise<void> {
  await mkdir(join(folder, 'darkroom.json.new'), { recursive: true });
}

const mendDisk = ({ folder }: World) => rm(join(folder, 'darkroom.json.new'), { recursive: true });

const troubles: Readonly<Record<string, Trouble>> = {
  'the machine was off at the planned time': {
    happen: async (world) => {
      await world.stop();
      world.clock.advance(40 * hour);
      await (await world.restart()).schedule.check();
    },
    says: 'I was not running at 09:00',
    mends: '/post',
  },
  'the machine was off, and at its start the owner could not be reached': {
    happen: async (world) => {
      await world.stop();
      world.clock.advance(40 * hour);
      world.phone.block();
      await (await world.restart()).schedule.check();
      world.phone.unblock();
      await world.darkroom().schedule.check();
    },
    says: 'I was not running at 09:00',
    mends: '/post',
  },
  'the photos are out': {
    options: { photos: 'none' },
    happen: async (world) => {
      keepNotes(world);
      await liveToSlot(world);
    },
    says: 'There are no photos left',
    mends: '/post',
  },
  'the photos are out, and the owner could not be reached': {
    options: { photos: 'none' },
    happen: async (world) => {
      keepNotes(world);
      world.phone.block();
      await liveToSlot(world);
      await missed(world, 'no-photos');
      world.phone.unblock();
      world.clock.advance(60_000);
    },
    says: 'There are no photos left',
    mends: '/post',
  },
  'Dropbox is down': {
    happen: async (world) => {
      world.simulator.faults.add({ service: 'dropbox', fault: down });
      await liveToSlot(world);
    },
    says: 'So there is no draft yet; I keep trying',
    mends: 'nothing is lost',
  },
  'Dropbox is down for twelve hours': {
    happen: async (world) => {
      world.simulator.faults.add({ service: 'dropbox', fault: down });
      await liveToSlot(world);
      await world.see('the trouble', () => world.told().some((text) => text.includes('I keep trying')));
      await world.see('a pause', () => world.clock.sleepers() > 0);
      world.clock.advance(13 * hour);
    },
    says: 'It did not work for twelve hours',
    mends: '/post',
  },
  'Dropbox lets nobody in, and the owner could not be reached': {
    happen: async (world) => {
      world.simulator.dropbox.revoke();
      world.phone.block();
      await liveToSlot(world);
      await missed(world, 'service-down');
      world.phone.unblock();
      world.clock.advance(60_000);
    },
    says: 'Dropbox no longer lets me in',
    mends: 'npm run connect-dropbox',
  },
  'a draft is stuck': {
    happen: async (world) => {
      world.simulator.faults.add({ service: 'dropbox', operation: 'files/download', fault: down });
      await liveToSlot(world);
    },
    says: 'The draft waits; I keep trying',
    mends: 'nothing is lost',
  },
  'a draft is stuck, and the owner could not be reached': {
    happen: async (world) => {
      world.simulator.faults.add({ service: 'dropbox', operation: 'files/download', fault: down });
      world.phone.block();
      await liveToSlot(world);
      await missed(world, 'service-down');
      world.phone.unblock();
      world.clock.advance(60_000);
    },
    says: 'The draft waits; I keep trying',
    mends: 'nothing is lost',
  },
  'the disk takes nothing at the planned time': {
    happen: async (world) => {
      await breakDisk(world);
      await liveToSlot(world);
    },
    says: 'I cannot save anything: the disk reports EISDIR',
    mends: 'Nothing goes out until that is mended',
    ends: mendDisk,
  },
  'the disk takes nothing and the planned time is long over': {
    happen: async (world) => {
      await breakDisk(world);
      world.clock.advance(40 * hour);
      await world
        .darkroom()
        .schedule.check()
        .catch(() => undefined);
    },
    says: 'I was not running at 09:00',
    mends: '/post',
    ends: mendDisk,
  },
  'the disk takes no decision': {
    happen: async (world) => {
      await draft(world);
      await breakDisk(world);
      const answer = await world.tap('Publish');
      world.phone.send(answer);
      await mendDisk(world);
      expect(answer).toBe(
        'I could not save that: the disk reports EISDIR. Nothing was done; please press again later.',
      );
    },
    says: '📷',
    mends: 'Publish',
  },
  'the memory is damaged': {
    happen: meanwhile(({ folder }) => writeFile(join(folder, 'darkroom.json'), 'damaged')),
    says: 'My memory was damaged',
    mends: 'the card asks you',
  },
  'the memory is damaged, and at the start the owner could not be reached': {
    happen: async (world) => {
      await meanwhile(({ folder, phone }) => {
        phone.block();
        return writeFile(join(folder, 'darkroom.json'), 'damaged');
      })(world);
      await missed(world, 'state-recovered');
      world.phone.unblock();
      world.clock.advance(60_000);
    },
    says: 'My memory was damaged',
    mends: 'the card asks you',
  },
  'an older memory is put back': {
    happen: async (world) => {
      const path = join(world.folder, 'darkroom.json');
      const before = await readFile(path);
      await meanwhile(() => writeFile(path, before))(world);
    },
    says: 'My memory was put back',
    mends: '/auto',
  },
  'a month of the record is damaged': {
    happen: meanwhile(async ({ folder }) => {
      await mkdir(join(folder, 'history'), { recursive: true });
      await writeFile(join(folder, 'history', '2026-10.json'), 'damaged');
    }),
    says: 'My record of 2026-10 was damaged',
    mends: 'look closely',
  },
  'a token is about to die': {
    happen: async (world) => {
      const { graph, faults } = world.simulator;
      await world.restart({
        INSTAGRAM_USERNAME: undefined,
        INSTAGRAM_PASSWORD: undefined,
        INSTAGRAM_ACCESS_TOKEN: graph.accessToken,
      });
      await draft(world);
      faults.add({ service: 'graph', operation: 'refresh_access_token', fault: down });
      world.clock.advance(24 * hour);
      await world.see('the question', async () => {
        await world.darkroom().schedule.check();
        return graph.calls.some(({ operation }) => operation === 'refresh_access_token');
      });
    },
    says: 'did not renew my access',
    mends: 'make a new token',
  },
  'Instagram wants to know that it is you': {
    happen: publishing(({ simulator }) => simulator.instagram.setCondition('checkpoint')),
    says: 'Instagram: not published. It wants to know that it is you',
    mends: 'Try Instagram again',
  },
  'Instagram holds the account back': {
    happen: publishing(({ simulator }) => simulator.instagram.setCondition('feedback-required')),
    says: 'It holds this account back for now',
    mends: 'Try Instagram again',
  },
  'Instagram has ended the sign-in and does not take the password': {
    options: { settings: { INSTAGRAM_PASSWORD: 'wrong' } },
    happen: publishing(() => undefined),
    says: 'It does not accept the password',
    mends: 'Try Instagram again',
  },
  'Instagram wants a long break': {
    happen: publishing(({ simulator }) => {
      const fault = { kind: 'rate-limit', retryAfterSeconds: 3600 } as const;
      simulator.faults.add({ service: 'instagram', fault });
    }),
    says: 'It wants a break because of too many requests',
    mends: 'Try Instagram again',
  },
  'Instagram is left alone, because it did not answer': {
    happen: publishing(({ simulator }) => {
      const fault = { kind: 'drop', afterWork: false } as const;
      simulator.faults.add({ service: 'instagram', operation: 'upload', fault });
    }),
    says: 'Instagram: It could not be reached',
    mends: 'Trying again at',
  },
  'the bot may no longer post': {
    happen: publishing(({ simulator }) => simulator.telegram.setBotInChannel('member')),
    says: 'Make me an administrator of the channel',
    mends: 'Try Telegram channel again',
  },
  'the mail server knows no such mailbox': {
    happen: publishing(({ simulator }) =>
      simulator.smtp.setUnknownRecipients(['family@example.com', 'friends@example.org']),
    ),
    says: 'There is no such mailbox. Check the addresses in EMAIL_TO.',
    mends: 'Try Email again',
  },
  'the photo was edited while its draft waited': {
    options: { photos: 'none' },
    happen: async (world) => {
      world.simulator.dropbox.put('/Photos/dusk.jpg', await plainJpeg(800, 600));
      await publishing(async () =>
        world.simulator.dropbox.put('/Photos/dusk.jpg', await plainJpeg(900, 600)),
      )(world);
    },
    says: 'the photo was changed after this draft',
    mends: '/post brings the next draft',
  },
  'the picture cannot be read': {
    options: { photos: 'none' },
    happen: async (world) => {
      world.simulator.dropbox.put('/Photos/broken.jpg', Buffer.from('this is no picture'));
      await liveToSlot(world);
    },
    says: 'I cannot open broken.jpg',
    mends: 'I leave it aside',
  },
  'the AI is down': {
    happen: async (world) => {
      world.simulator.faults.add({ service: 'openai', fault: down });
      await draft(world);
    },
    says: 'The AI did not answer',
    mends: 'Regenerate',
  },
  'the budget is used up': {
    options: { settings: { MONTHLY_BUDGET: '0.0001' } },
    happen: draft,
    says: 'left of this month’s budget',
    mends: 'Edit',
  },
};

/** Each message in which this is said, with its buttons. */
function heard({ phone }: World, says: string): readonly string[] {
  return phone
    .messages()
    .filter(({ from, text }) => from === 'bot' && text.includes(says))
    .map(({ text, keyboard }) => [text, ...keyboard.flat().map((button) => button.text)].join('\n'));
}

it.each(Object.entries(troubles))('tells the owner once that %s, and what mends it', async (_, trouble) => {
  const world = await openWorld(trouble.options);
  await trouble.happen(world);
  await world.see(trouble.says, () => heard(world, trouble.says).length > 0);
  for (let look = 0; look < 3; look += 1) {
    await world
      .darkroom()
      .schedule.check()
      .catch(() => undefined);
    await world.darkroom().app.whenIdle();
    world.clock.advance(60_000);
  }
  await trouble.ends?.(world);
  await world.darkroom().app.whenIdle();
  const [message, ...more] = heard(world, trouble.says);
  expect(message).toContain(trouble.mends);
  expect(more).toEqual([]);
});
