import { buttons } from '#bot/words/english/index.ts';
import { menu } from '#bot/words/english/menus.ts';
import type { Post } from '#post/post.ts';
import type { Simulator } from '#simulator/simulator.ts';
import type { ChatMessage } from '#simulator/telegram/chat-message.ts';
import { plainJpeg } from '../fakes/plain-pictures.ts';
import { createHands, type Hands, type Pressed } from './owner.ts';
import type { CrashWorld } from './world.ts';

/** What somebody wants of Darkroom, and what is to become of it whatever happens on the way. */
export interface Story {
  /** In place of the world's own, when the program is first started at this time; undefined takes one away. */
  readonly settings?: (start: Date, services: Simulator) => Readonly<Record<string, string | undefined>>;
  /** How the post may end. */
  readonly ends: readonly Post['state'][];
  /** How often a card appears at the end of the chat where nothing goes wrong; absent: once. */
  readonly cards?: number;
  /** What lies in the library when all is over, besides the photos that were there, by the path in its folder. */
  readonly added?: readonly string[];
  begin(world: CrashWorld): Cast | Promise<Cast>;
}

/** Those who play in a story that has begun. */
export interface Cast {
  /** The first one answers what is asked about places. */
  readonly owners: readonly Hands[];
  /** Does the next thing, if there is any. */
  next(): Pressed;
  isContent(): boolean;
  /** When the post was to go out, in epoch milliseconds; undefined: whenever it is ready. */
  readonly promisedAt?: () => number | undefined;
  /** Nothing is disturbed before. */
  readonly isCalm?: () => boolean;
}

export const storyNames = [
  'post',
  'undo',
  'two-owners',
  'two-minds',
  'later',
  'moved',
  'veto',
  'stopped',
  'reminder',
  'unanswered',
  'full-size',
  'take-down',
  'photo-in',
  'album',
  'official',
  'prepared',
] as const;
export type StoryName = (typeof storyNames)[number];

const minuteMs = 60_000;
const inAnHour = /^In 1 hour/;
const isArchived = (hands: Hands) => hands.reads('🗂 Archived');

/** An owner who asks for a post. */
function asking(world: CrashWorld, userId?: number): Hands {
  const owner = createHands(world, world.simulator.telegram.phone(userId));
  owner.phone.send('/post');
  return owner;
}

function publishing(owner: Hands): Cast {
  return { owners: [owner], next: () => owner.press(buttons.publish), isContent: () => isArchived(owner) };
}

/** Wants one post with another caption than the first; where it can be taken back, that is done once. */
const post: Story = {
  ends: ['archived'],
  begin(world) {
    const owner = asking(world);
    return {
      ...publishing(owner),
      next: () =>
        (owner.reads('· caption 2') ? undefined : owner.press(buttons.regenerate, 2)) ??
        owner.press(buttons.undo, 1) ??
        owner.press(buttons.publish),
    };
  },
};

/** Wants one post whose draft is made before it is asked for, or is just being made; its picture is sent ahead. */
const prepared: Story = {
  settings: (_, { instagram }) => ({
    ...{ PREPARE_AHEAD: 'true', INSTAGRAM_UPLOAD_AHEAD: 'true' },
    // Without a session nothing is sent ahead.
    INSTAGRAM_SESSION: instagram.createSession().sessionid,
  }),
  ends: ['archived'],
  begin: (world) => publishing(asking(world)),
};

const [annasId, bensId] = [4711, 7000];

/** Both have the draft before them, and press what the others do not expect. */
function forTwo(press: (anna: Hands, ben: Hands) => readonly Pressed[]): Story['begin'] {
  return (world) => {
    const ben = createHands(world, world.simulator.telegram.phone(bensId));
    ben.phone.send('/start');
    const anna = asking(world, annasId);
    const owners = [anna, ben];
    const isOver = (hands: Hands) => isArchived(hands) || hands.reads('⏭ Skipped');
    return {
      owners,
      next() {
        const haveIt = owners.every(({ cards }) => cards().some(({ keyboard }) => keyboard.length > 0));
        const pressed = haveIt ? press(anna, ben) : [];
        return pressed.find((each) => each === 'pressed') ?? pressed.find((each) => each === 'waits');
      },
      isContent: () => owners.every(isOver),
    };
  };
}

/** Puts it off by an hour, and perhaps once more after a while. */
function puttingOff(isMoved: boolean): Story {
  return {
    ends: ['archived'],
    begin(world) {
      const owner = asking(world);
      let movesAt: number | undefined;
      let hasMoved = !isMoved;
      const minutes = () => /:(\d+)$/.exec(owner.pressedLast(inAnHour) ?? '')?.[1];
      return {
        ...publishing(owner),
        promisedAt: () => Number(minutes()) * minuteMs,
        next() {
          if (!owner.reads('🕒 Goes out on')) return owner.press(inAnHour) ?? owner.press(menu.later);
          movesAt ??= world.now() + 15 * minuteMs;
          if (hasMoved || world.now() < movesAt) return undefined;
          const pressed = owner.press(inAnHour);
          hasMoved = pressed === 'pressed';
          return pressed ?? owner.press(menu.move);
        },
      };
    },
  };
}

/** A slot comes soon, and its draft goes out by itself unless it is stopped, as it is here or is not. */
function bySchedule(isStopped: boolean): Story {
  return {
    ends: [isStopped ? 'awaiting-approval' : 'archived'],
    settings(start) {
      const slot = new Date(start.getTime() + 25 * minuteMs);
      const at = `${slot.getUTCMinutes()} ${slot.getUTCHours()}`;
      return { MODE: 'veto', VETO_MINUTES: '30', SCHEDULE: `${at} * * *` };
    },
    begin(world) {
      const owner = createHands(world, world.simulator.telegram.phone());
      let stoppedAt: number | undefined;
      let goesOutAt: number | undefined;
      return {
        ...publishing(owner),
        promisedAt: () => goesOutAt,
        next() {
          if (goesOutAt === undefined && owner.reads('unless you stop it')) {
            // The card tells the minute, cut off.
            goesOutAt = world.now() + 29 * minuteMs;
          }
          const pressed = isStopped ? owner.press(buttons.stop) : undefined;
          if (pressed === 'pressed') stoppedAt ??= world.now();
          return pressed;
        },
        isContent() {
          if (!isStopped) return isArchived(owner);
          const isDraft = owner.cards().some(({ keyboard }) => hasPublish(keyboard));
          return isDraft && stoppedAt !== undefined && world.now() > stoppedAt + 60 * minuteMs;
        },
      };
    },
  };
}

function hasPublish(keyboard: ChatMessage['keyboard']): boolean {
  return keyboard.flat().some(({ text }) => text === buttons.publish);
}

/** Does not answer for an hour, and then is reminded and publishes, or leaves it at that. */
function silent(isReminded: boolean): Story {
  const hours = { REMINDER_HOURS: '1', UNANSWERED: 'keep' };
  return {
    ends: ['archived'],
    cards: isReminded ? 2 : 1,
    settings: () =>
      isReminded ? hours : { REMINDER_HOURS: '0', UNANSWERED: 'publish', UNANSWERED_HOURS: '1' },
    begin(world) {
      const owner = asking(world);
      const begun = world.now();
      return {
        ...publishing(owner),
        promisedAt: () => begun + 60 * minuteMs,
        next: () => (owner.reads('⏰') ? owner.press(buttons.publish) : undefined),
      };
    },
  };
}

/** Publishes it with its file in full size, which can be all, or takes it down again. */
function withFile(isTakenDown: boolean): Story {
  return {
    ends: [isTakenDown ? 'withdrawn' : 'archived'],
    settings: () => ({ TELEGRAM_FULL_SIZE: 'true' }),
    begin(world) {
      const owner = asking(world);
      if (!isTakenDown) return publishing(owner);
      const yes = 'Yes, take it down';
      return {
        owners: [owner],
        isCalm: () => owner.pressedLast(yes) === undefined,
        next: () => owner.press(yes) ?? owner.press(buttons.publish) ?? owner.press(buttons.takeDown),
        isContent: () => owner.reads('🗑 Taken down'),
      };
    },
  };
}

/** Sends a photo with a word about it, again where that is asked for, and wants it published. */
const photoIn: Story = {
  ends: ['archived'],
  added: ['ferry.jpg', 'ferry.txt'],
  async begin(world) {
    const owner = createHands(world, world.simulator.telegram.phone());
    const bytes = await plainJpeg(640, 480, '#607020');
    const send = () => owner.phone.sendDocument(bytes, 'ferry.jpg', 'image/jpeg', 'The ferry at dusk');
    send();
    return {
      ...publishing(owner),
      next() {
        const last = owner.phone.messages().at(-1);
        if (last?.from !== 'bot' || !last.text.includes('please send it again'))
          return owner.press(buttons.publish);
        send();
        return 'pressed';
      },
    };
  },
};

/** Sends two photos at once, of which the first one is drafted. */
const album: Story = {
  ends: ['archived'],
  added: ['picture-1.jpg', 'picture-2.jpg'],
  async begin(world) {
    const owner = createHands(world, world.simulator.telegram.phone());
    const pictures = ['#607020', '#206070'].map((colour) => plainJpeg(640, 480, colour));
    await owner.phone.sendAlbum(await Promise.all(pictures), 'files');
    return publishing(owner);
  },
};

const twoOwners = {
  ends: ['archived', 'skipped'],
  settings: () => ({ TELEGRAM_OWNER_ID: `${annasId}, ${bensId}` }),
} as const;

export const stories: Readonly<Record<StoryName, Story>> = {
  post,
  undo: { ...post, settings: () => ({ UNDO_SECONDS: '60' }) },
  'two-owners': {
    ...twoOwners,
    begin: forTwo((anna, ben) => [
      anna.press(buttons.publish),
      ben.press(buttons.publish),
      ben.press(buttons.skip),
    ]),
  },
  'two-minds': {
    ...twoOwners,
    begin: forTwo((anna, ben) => [ben.press(buttons.skip), anna.press(buttons.publish)]),
  },
  later: puttingOff(false),
  moved: puttingOff(true),
  veto: bySchedule(false),
  stopped: bySchedule(true),
  reminder: silent(true),
  unanswered: silent(false),
  'full-size': withFile(false),
  'take-down': withFile(true),
  'photo-in': photoIn,
  album,
  prepared,
  official: {
    ...post,
    settings: (_, { graph }) => ({
      INSTAGRAM_USERNAME: undefined,
      INSTAGRAM_PASSWORD: undefined,
      INSTAGRAM_ACCESS_TOKEN: graph.accessToken,
    }),
  },
};
