import { posix } from 'node:path';
import type { SimulatedFile } from '#simulator/dropbox.ts';
import type { Simulator } from '#simulator/simulator.ts';
import type { ChatMessage } from '#simulator/telegram/chat-message.ts';
import type { TapState } from '#simulator/telegram/phone.ts';
import type { MailView, ReadMails } from './mail.ts';
import type { Program, ProgramState } from './program.ts';
import type { ServiceSwitch, Switches } from './switches.ts';

/** Everything that the page shows, as it now stands. Pictures and mail texts have addresses of their own. */
export interface Snapshot {
  readonly program: ProgramState;
  readonly phone: PhoneView;
  readonly channel: {
    readonly title: string;
    readonly username: string;
    /** Oldest first, as the chat of the phone. */
    readonly posts: readonly ChatMessage[];
  };
  /** Oldest first; the newest 100, as are the mails. */
  readonly instagram: { readonly username: string; readonly posts: readonly InstagramView[] };
  readonly mails: readonly MailView[];
  /** By path; a folder is there as long as it holds a file. */
  readonly folders: readonly FolderView[];
  readonly switches: readonly ServiceSwitch[];
}

export interface PhoneView {
  readonly owner: string;
  /** Oldest first; the newest 200. */
  readonly messages: readonly ChatMessage[];
  /** Oldest first; the newest 20. */
  readonly taps: readonly TapState[];
  readonly commands: readonly { readonly command: string; readonly description: string }[];
  readonly isTyping: boolean;
  readonly hasBlocked: boolean;
}

export interface InstagramView {
  readonly code: string;
  readonly caption: string;
  readonly altText: string;
  /** Seconds since 1970. */
  readonly date: number;
  readonly width: number;
  readonly height: number;
}

export interface FolderView {
  readonly path: string;
  readonly count: number;
  /** The first 60 by name. */
  readonly files: readonly FileView[];
}

export interface FileView {
  readonly path: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly contentHash: string;
}

const shownMessages = 200;
const shownTaps = 20;
const shownPosts = 100;
const shownFiles = 60;

/** What there is to see at this moment. */
export async function takeSnapshot(
  { telegram, instagram, smtp, dropbox }: Simulator,
  program: Program,
  switches: Switches,
  readMails: ReadMails,
): Promise<Snapshot> {
  const phone = telegram.phone();
  return {
    program: program.state(),
    phone: {
      owner: telegram.owner.name,
      messages: phone.messages().slice(-shownMessages),
      taps: phone.taps().slice(-shownTaps),
      commands: phone.commands(),
      isTyping: phone.isTyping(),
      hasBlocked: phone.hasBlocked(),
    },
    channel: {
      title: telegram.channel.title,
      username: telegram.channel.username,
      posts: telegram.channelPosts().slice(-shownMessages),
    },
    instagram: {
      username: instagram.username,
      posts: instagram
        .posts()
        .slice(-shownPosts)
        .map(({ code, caption, altText = '', takenAt, width, height }) => ({
          code,
          caption,
          altText,
          date: Math.floor(takenAt.getTime() / 1000),
          width,
          height,
        })),
    },
    mails: await readMails(smtp.mails().slice(-shownPosts)),
    folders: foldersOf(dropbox.files()),
    switches: switches.list(),
  };
}

function foldersOf(files: readonly SimulatedFile[]): readonly FolderView[] {
  const folders = Map.groupBy(files, ({ path }) => posix.dirname(path));
  return [...folders]
    .map(([path, inside]) => ({
      path,
      count: inside.length,
      files: inside
        .toSorted((left, right) => left.name.localeCompare(right.name))
        .slice(0, shownFiles)
        .map(({ path: whole, name, size, contentHash }) => ({ path: whole, name, size, contentHash })),
    }))
    .toSorted((left, right) => left.path.localeCompare(right.path));
}
