import { openDisk } from '#simulator/disk.ts';
import { createFileStore, type FileStore } from './file-store.ts';
import type { WireChat, WireCommand, WireMessage, WireUpdate, WireUser } from './wire.ts';

export interface StoredUser {
  user: WireUser;
  /** Has written to the bot, so that the bot may write back. */
  hasStarted: boolean;
  hasBlocked: boolean;
}

export interface StoredMessage {
  message: WireMessage;
  readonly isOutgoing: boolean;
  readonly forcesReply: boolean;
  edits: number;
  reactions: readonly string[];
}

export interface StoredChat {
  readonly chat: WireChat;
  nextMessageId: number;
  messages: StoredMessage[];
}

export interface StoredTap {
  readonly id: string;
  readonly userId: number;
  readonly messageId: number;
  readonly data: string;
  readonly atMs: number;
  answer?: { readonly text?: string; readonly alert: boolean };
}

export interface PendingUpdate {
  readonly update: WireUpdate;
  readonly expiresMs: number;
}

export interface CommandList {
  /** The scope as JSON text with sorted keys, and the language, '' for all. */
  readonly scope: string;
  readonly language: string;
  readonly commands: readonly WireCommand[];
}

export type BotInChannel = 'administrator' | 'member' | 'left' | 'kicked';

/** Everything that outlives a restart. */
export interface World {
  nextUpdateId: number;
  nextTapId: number;
  updates: PendingUpdate[];
  /** As the last getUpdates set it; absent: the default list. */
  allowedUpdates?: readonly string[];
  readonly users: Record<string, StoredUser>;
  readonly chats: Record<string, StoredChat>;
  taps: StoredTap[];
  commands: CommandList[];
  /** Names, descriptions and menu buttons of the bot, by kind and language or chat. */
  readonly profile: Record<string, unknown>;
  botInChannel: BotInChannel;
  isChannelProtected: boolean;
  /** As an administrator whose Post Messages is switched off. */
  mayNotPost?: boolean;
}

/** What all parts of the simulated service share. */
export interface Stage {
  readonly world: World;
  readonly files: FileStore;
  readonly bot: WireUser;
  readonly owner: WireUser;
  readonly channel: WireChat;
  now(): number;
  nowSeconds(): number;
  /** Who is being shown "typing" and until when, by chat id. */
  readonly typingUntilMs: Map<number, number>;
  /** Saves the world and tells all listeners. To be called after each change. */
  changed(): void;
  onChange(listener: () => void): () => void;
  /** The user's account and private chat, made when new. */
  person(userId: number): { readonly account: StoredUser; readonly chat: StoredChat };
}

const ownerId = 700100200;
const channelId = -1002000000001;
const rememberedTaps = 500;

export interface StageOptions {
  readonly folder: string;
  readonly token: string;
  readonly ownerStarted: boolean;
  readonly now: () => number;
}

/** Opens the world kept in the folder, or a fresh one with the owner and the channel. */
export function openStage({ folder, token, ownerStarted, now }: StageOptions): Stage {
  const disk = openDisk<World>(folder, 'world');
  const listeners = new Set<() => void>();
  const botId = Number(token.split(':')[0]);
  const bot = { id: botId, is_bot: true, first_name: 'Darkroom', username: 'darkroom_demo_bot' };
  const channel: WireChat = {
    id: channelId,
    type: 'channel',
    title: 'Darkroom Demo',
    username: 'darkroom_demo',
  };
  const world: World = disk.read() ?? {
    nextUpdateId: 500_000_001,
    nextTapId: 1,
    updates: [],
    users: {},
    chats: { [channelId]: { chat: channel, nextMessageId: 2, messages: [] } },
    taps: [],
    commands: [],
    profile: {},
    botInChannel: 'administrator',
    isChannelProtected: false,
  };

  function person(userId: number) {
    const name = userId === ownerId ? 'Alex' : `User ${userId}`;
    const user = { id: userId, is_bot: false, first_name: name, language_code: 'en' };
    const hasStarted = userId === ownerId && ownerStarted;
    world.users[userId] ??= { user, hasStarted, hasBlocked: false };
    world.chats[userId] ??= {
      chat: { id: userId, type: 'private', first_name: name },
      nextMessageId: 1,
      messages: [],
    };
    return { account: world.users[userId], chat: world.chats[userId] };
  }

  const owner = person(ownerId).account.user;
  return {
    world,
    files: createFileStore(folder),
    bot,
    owner,
    channel,
    now,
    nowSeconds: () => Math.floor(now() / 1000),
    typingUntilMs: new Map(),
    changed() {
      world.taps = world.taps.slice(-rememberedTaps);
      disk.write(world);
      for (const listener of [...listeners]) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    person,
  };
}
