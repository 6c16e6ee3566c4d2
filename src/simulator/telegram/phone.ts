import { randomInt } from 'node:crypto';
import { addMessage } from './add-message.ts';
import { findMessage } from './chat-access.ts';
import { type ChatButton, type ChatMessage, chatMessage } from './chat-message.ts';
import { formatted } from './formatted-text.ts';
import { captioned } from './media.ts';
import { commandsFor } from './profile-methods.ts';
import { typedText } from './typed-text.ts';
import type { UpdateQueue } from './update-queue.ts';
import type { WireCommand, WireContent } from './wire.ts';
import type { Stage, StoredTap } from './world.ts';

/** The bot's answer to a press: a toast when it has text, a box to be closed when it is an alert. */
export interface TapAnswer {
  readonly text?: string;
  readonly alert: boolean;
}

/** A press of a button. */
export interface Tap {
  readonly id: string;
  /** Resolves when the bot answers, never if it does not. */
  readonly answer: Promise<TapAnswer>;
}

/** A press as it stands now; without `answer` the button still shows its spinner. */
export interface TapState {
  readonly id: string;
  readonly messageId: number;
  readonly data: string;
  readonly answer?: TapAnswer;
}

/** One of several that are sent at once. Without a name it gets one. */
export type AlbumPicture = Buffer | { readonly bytes: Buffer; readonly name: string; readonly mime: string };

/** Telegram on the phone of one user, open at the private chat with the bot. */
export interface Phone {
  readonly userId: number;
  /** The app's language, which the bot sees as `language_code`. */
  languageCode: string;
  /** The chat as it now stands, oldest first; deleted messages are gone. */
  messages(): readonly ChatMessage[];
  /** Types a text, with **bold** and the like, and sends it. */
  send(text: string): ChatMessage;
  reply(messageId: number, text: string): ChatMessage;
  sendPhoto(bytes: Buffer, caption?: string): Promise<ChatMessage>;
  sendDocument(bytes: Buffer, name: string, mime: string, caption?: string): ChatMessage;
  /** Sends 2 to 10 pictures at once, as photos or as files; the caption stands at the first one. */
  sendAlbum(
    pictures: readonly AlbumPicture[],
    as: 'photos' | 'files',
    caption?: string,
  ): Promise<readonly ChatMessage[]>;
  /** Presses the button with this text or data. Throws if the message shows no such button. */
  tap(messageId: number, textOrData: string): Tap;
  /** A press with data that need not be on the screen: forged, or from a message that is gone. */
  tapRaw(messageId: number, data: string): Tap;
  /** All presses, oldest first. */
  taps(): readonly TapState[];
  /** The texts that answers showed, oldest first. */
  toasts(): readonly { readonly text: string; readonly alert: boolean }[];
  /** The bot's menu as this user sees it. */
  commands(): readonly WireCommand[];
  isTyping(): boolean;
  hasBlocked(): boolean;
  block(): void;
  unblock(): void;
}

export function openPhone(stage: Stage, queue: UpdateQueue, userId: number): Phone {
  const { world } = stage;
  const { account, chat } = stage.person(userId);

  function say(content: WireContent & { media_group_id?: string }, replyTo?: number): ChatMessage {
    if (account.hasBlocked) throw new Error('The user has blocked the bot; unblock it first.');
    const original = replyTo === undefined ? undefined : findMessage(chat, replyTo)?.message;
    if (replyTo !== undefined && original === undefined) throw new Error(`There is no message ${replyTo}.`);
    account.hasStarted = true;
    const stored = addMessage(stage, chat, { ...content, reply_to_message: original }, { isOutgoing: false });
    queue.push({ message: stored.message });
    stage.changed();
    return chatMessage(stored);
  }

  function write(text: string, replyTo?: number): ChatMessage {
    const found = formatted(typedText(text));
    if (found.text === '') throw new Error('The app does not send an empty message.');
    const entities = found.entities.length === 0 ? undefined : found.entities;
    return say({ text: found.text, entities }, replyTo);
  }

  function tapRaw(messageId: number, data: string): Tap {
    const id = `${randomInt(1e9, 9e9)}${String(world.nextTapId).padStart(8, '0')}`;
    const tap: StoredTap = { id, userId, messageId, data, atMs: stage.now() };
    world.nextTapId += 1;
    world.taps.push(tap);
    const answer = new Promise<TapAnswer>((resolve) => {
      const stop = stage.onChange(() => {
        if (tap.answer === undefined) return;
        stop();
        resolve(tap.answer);
      });
    });
    const message = findMessage(chat, messageId)?.message;
    queue.push({
      callback_query: {
        id,
        from: account.user,
        // Bot API, InaccessibleMessage: the date is always 0.
        message: message ?? { chat: chat.chat, message_id: messageId, date: 0 },
        chat_instance: String(userId * 7919),
        data,
      },
    });
    stage.changed();
    return { id, answer };
  }

  function setBlocked(hasBlocked: boolean): void {
    if (account.hasBlocked === hasBlocked) return;
    account.hasBlocked = hasBlocked;
    const member = { status: 'member', user: stage.bot };
    const kicked = { status: 'kicked', user: stage.bot, until_date: 0 };
    const [old_chat_member, new_chat_member] = hasBlocked ? [member, kicked] : [kicked, member];
    const date = stage.nowSeconds();
    queue.push({
      my_chat_member: { chat: chat.chat, from: account.user, date, old_chat_member, new_chat_member },
    });
    stage.changed();
  }

  return {
    userId,
    get languageCode() {
      return account.user.language_code ?? '';
    },
    set languageCode(code) {
      account.user = { ...account.user, language_code: code === '' ? undefined : code };
      stage.changed();
    },
    messages: () => chat.messages.map(chatMessage),
    send: (text) => write(text),
    reply: (messageId, text) => write(text, messageId),
    async sendPhoto(bytes, caption = '') {
      const photo = await stage.files.addPhoto({ name: 'photo.jpg', bytes });
      return say({ photo, ...captioned(formatted({ text: caption })) });
    },
    sendDocument(bytes, name, mime, caption = '') {
      const document = stage.files.addDocument({ name, bytes }, mime);
      return say({ document, ...captioned(formatted({ text: caption })) });
    },
    async sendAlbum(pictures, as, caption = '') {
      if (pictures.length < 2 || pictures.length > 10) throw new Error('An album has 2 to 10 pictures.');
      const contents = await Promise.all(
        pictures.map(async (given, index): Promise<WireContent> => {
          const nameless = { name: `picture-${index + 1}.jpg`, mime: undefined };
          const { bytes, name, mime } = Buffer.isBuffer(given) ? { bytes: given, ...nameless } : given;
          if (as === 'photos') return { photo: await stage.files.addPhoto({ name, bytes }) };
          return { document: stage.files.addDocument({ name, bytes }, mime) };
        }),
      );
      const media_group_id = String(stage.now() * 1000 + chat.nextMessageId);
      return contents.map((content, index) => {
        const words = index === 0 ? captioned(formatted({ text: caption })) : {};
        return say({ ...content, ...words, media_group_id });
      });
    },
    tap(messageId, textOrData) {
      const stored = findMessage(chat, messageId);
      const buttons: readonly ChatButton[] = stored === undefined ? [] : chatMessage(stored).keyboard.flat();
      const button =
        buttons.find((each) => each.data === textOrData) ?? buttons.find((each) => each.text === textOrData);
      if (button?.data === undefined) {
        const shown = buttons.map((each) => `"${each.text}"`).join(', ');
        throw new Error(
          `Message ${messageId} has no button "${textOrData}" to press; it shows: ${shown || 'none'}.`,
        );
      }
      return tapRaw(messageId, button.data);
    },
    tapRaw,
    taps: () =>
      world.taps
        .filter((each) => each.userId === userId)
        .map(({ id, messageId, data, answer }) => ({ id, messageId, data, ...(answer && { answer }) })),
    toasts: () =>
      world.taps.flatMap(({ userId: by, answer }) =>
        by !== userId || answer?.text === undefined ? [] : [{ text: answer.text, alert: answer.alert }],
      ),
    commands: () => commandsFor(stage, userId, account.user.language_code ?? ''),
    isTyping: () => (stage.typingUntilMs.get(userId) ?? 0) > stage.now(),
    hasBlocked: () => account.hasBlocked,
    block: () => setBlocked(true),
    unblock: () => setBlocked(false),
  };
}
