import { type Api, GrammyError, HttpError, InputFile } from 'grammy';
import { NotSaved, ServiceError } from '#errors.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Notice, OwnerChat, Showing } from '#ports/owner-chat.ts';
import { policies } from '#ports/policies.ts';
import type { Agenda } from '#post/agenda.ts';
import type { Card, Post } from '#post/post.ts';
import type { Language } from '#post/state.ts';
import { cardOf } from './card.ts';
import { type CardPlatform, type CardView, markupOf, type Reader } from './card-view.ts';
import { checkOwnerChat } from './check-owner-chat.ts';
import { captioned } from './formatting.ts';
import type { OpenMenus } from './open-menus.ts';
import { says } from './refusals.ts';
import { showBusy } from './show-busy.ts';
import { type Words, wordsFor } from './words/words.ts';

export interface OwnerChatParts {
  readonly api: Api;
  /** Telegram user ids; a private chat has the id of its user. */
  readonly owners: () => readonly number[];
  readonly platforms: readonly CardPlatform[];
  readonly clock: Clock;
  readonly log: Log;
  /** As it is now. */
  readonly agenda: () => Agenda;
  readonly menus: OpenMenus;
  readonly languageOf: (owner: number) => Language;
  /** Undefined: nothing was heard of them yet. */
  readonly nameOf: (owner: number) => string | undefined;
}

/** What stops everything at once is told once in this time, and not by each post that it stops. */
const notSavedEveryMs = 60 * 60 * 1000;

/** The chat with each owner. What is shown of one post is shown in the order in which it was asked for. */
export function createOwnerChat(parts: OwnerChatParts): OwnerChat {
  const { log, owners } = parts;
  const last = new Map<string, Promise<unknown>>();
  let notSavedAt = Number.NEGATIVE_INFINITY;

  async function showNow(showing: Showing): Promise<void> {
    let isBehind = false;
    for (const owner of owners()) {
      try {
        await showTo(owner, showing);
      } catch (error) {
        if (error instanceof NotSaved) throw error;
        log.warn({ owner, post: showing.postId, error: String(error) }, whyNotShown(error));
        isBehind ||= canPass(error);
      }
    }
    if (isBehind) throw new ServiceError('Telegram', { kind: 'unreachable' });
  }

  async function showTo(owner: number, showing: Showing): Promise<void> {
    const post = showing.latest();
    if (post === undefined) return;
    const old = post.cards.find((card) => card.chatId === owner);
    const isNew = showing.asNew || isReminder(post, old);
    if (old !== undefined && !isNew && (await changeCard(parts, old, post))) return;
    const card = await sendCard(parts, owner, post, showing);
    if (card === undefined) return;
    await showing.remember(card);
    if (old !== undefined) await retire(parts, old);
  }

  function noticeTo(owner: number, told: Notice): string {
    const words = wordsOf(parts, owner);
    const { timeZone } = parts.agenda();
    return words.notice(told, timeIn(timeZone, words.locale), dateIn(timeZone, words.locale));
  }

  return {
    show(showing) {
      const before = last.get(showing.postId) ?? Promise.resolve();
      const shown = before.then(() => showNow(showing));
      const settled = shown
        .catch(() => undefined)
        .then(() => {
          if (last.get(showing.postId) === settled) last.delete(showing.postId);
        });
      last.set(showing.postId, settled);
      return shown;
    },
    async tell(told, owner) {
      if (told.kind === 'not-saved') {
        const now = parts.clock.now().getTime();
        if (Math.abs(now - notSavedAt) < notSavedEveryMs) return true;
        notSavedAt = now;
      }
      const reached = await Promise.all(
        (owner === undefined ? owners() : [owner]).map((each) =>
          patiently(parts, () => parts.api.sendMessage(each, noticeTo(each, told))).then(
            () => true,
            (error: unknown) => {
              log.warn(
                { owner: each, notice: told.kind, error: String(error) },
                says(error, 'blocked by the user') ? whyNotShown(error) : 'An owner could not be told',
              );
              return false;
            },
          ),
        ),
      );
      const isTold = reached.includes(true);
      if (told.kind === 'not-saved' && !isTold) notSavedAt = Number.NEGATIVE_INFINITY;
      return isTold;
    },
    busyWith(what) {
      const action = what === 'picture' ? 'upload_photo' : 'typing';
      const stops = owners().map((owner) => showBusy(parts.api, owner, action));
      return () => {
        for (const stop of stops) stop();
      };
    },
    check: () => checkOwnerChat(parts.api, owners()),
  };
}

function wordsOf({ languageOf }: OwnerChatParts, owner: number): Words {
  return wordsFor(languageOf(owner));
}

function readerOf(parts: OwnerChatParts, owner: number): Reader {
  return readerIn(wordsOf(parts, owner), parts.agenda().timeZone, (id) =>
    id === owner || parts.owners().length < 2 ? undefined : parts.nameOf(id),
  );
}

/** The card as this owner sees it, with the menu that they have opened. */
function viewFor(parts: OwnerChatParts, owner: number, post: Post): CardView {
  const { platforms, clock, agenda, menus } = parts;
  const reader = readerOf(parts, owner);
  const now = clock.now();
  const card = cardOf(post, platforms, reader, now);
  return menus.on(owner, post, card, { platforms, reader, agenda: agenda(), now });
}

/** Who reads a card in this language and time zone. */
export function readerIn(words: Words, timeZone: string, nameOf: Reader['nameOf']): Reader {
  const day = dayIn(timeZone, words.locale);
  return { words, time: timeIn(timeZone, words.locale), day: (iso) => day(new Date(iso)), nameOf };
}

/** Whether the card still has to move to the end of the chat, so that the draft is seen again. */
function isReminder({ state, remindedAt }: Post, card: Card | undefined): boolean {
  return state === 'awaiting-approval' && remindedAt !== undefined && card?.remindedAt !== remindedAt;
}

/** Sends a new card; undefined where there is nothing to be seen yet. */
async function sendCard(
  parts: OwnerChatParts,
  owner: number,
  post: Post,
  { picture }: Showing,
): Promise<Card | undefined> {
  const { api } = parts;
  const shown = post.draft?.pictures['telegram'] ?? Object.values(post.draft?.pictures ?? {})[0];
  if (shown === undefined) return undefined;
  const { sha256 } = shown;
  parts.menus.closeUnlessAsked(owner, post.id);
  const card = viewFor(parts, owner, post);
  const held = post.cards.find((card) => card.sha256 === sha256)?.fileId;
  const photo = held ?? new InputFile(await picture(sha256), `${post.id}.jpg`);
  const message = await api.sendPhoto(owner, photo, {
    ...captioned(card),
    ...markupOf(card.keyboard),
  });
  const fileId = message.photo.at(-1)?.file_id;
  return {
    ...{ chatId: owner, messageId: message.message_id, sha256 },
    ...(fileId !== undefined && { fileId }),
    ...(post.remindedAt !== undefined && { remindedAt: post.remindedAt }),
  };
}

/** Changes a card; false where the message is gone and a new one is needed. */
async function changeCard(parts: OwnerChatParts, card: Card, post: Post): Promise<boolean> {
  const view = viewFor(parts, card.chatId, post);
  const edit = () =>
    parts.api.editMessageCaption(card.chatId, card.messageId, {
      ...captioned(view),
      ...markupOf(view.keyboard),
    });
  try {
    await patiently(parts, edit);
    return true;
  } catch (error) {
    if (says(error, 'message is not modified')) return true;
    if (says(error, 'message to edit not found')) return false;
    throw error;
  }
}

async function retire(parts: OwnerChatParts, old: Card): Promise<void> {
  await patiently(parts, () =>
    parts.api.editMessageCaption(old.chatId, old.messageId, {
      caption: wordsOf(parts, old.chatId).card.moved,
      reply_markup: { inline_keyboard: [] },
    }),
  ).catch((error: unknown) => parts.log.warn({ error: String(error) }, 'An old card could not be retired'));
}

const { pausesMs } = policies.telegramBot;

/** A failed connection, a fault of Telegram's own, or a wait that it asks for; other answers are final. */
function canPass(error: unknown): boolean {
  // JSON that is not Telegram's has no code; what stands in between can give it.
  if (error instanceof GrammyError) return !(error.error_code < 500) || error.error_code === 429;
  return error instanceof HttpError;
}

/** Telegram answers 403 for a chat that was never opened or is blocked, and 400 for a user it does not know. */
function whyNotShown(error: unknown): string {
  if (says(error, 'blocked by the user')) {
    return 'This owner has blocked the bot; they have to unblock it in Telegram';
  }
  const isClosed =
    error instanceof GrammyError && (error.error_code === 403 || says(error, 'chat not found'));
  return isClosed
    ? 'This owner has to open the chat with the bot and press Start first'
    : 'An owner could not be shown the card';
}

/** For calls that may be repeated: a connection that fails is given three tries. */
async function patiently<T>({ clock }: OwnerChatParts, call: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const pause = pausesMs[attempt];
      if (!canPass(error) || pause === undefined) throw error;
      await clock.sleep(pause);
    }
  }
}

/** A time as the owner reads it, in their own zone. */
export function timeIn(timeZone: string, locale: string): (iso: string) => string {
  const format = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' });
  return (iso) => format.format(new Date(iso));
}

/** A day and time as the owner reads it, such as "Monday, 23 November, 09:00". */
export function dayIn(timeZone: string, locale: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (at) => format.format(at);
}

/** A date as the owner reads it, such as "1 December". */
export function dateIn(timeZone: string, locale: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'long' });
  return (at) => format.format(at);
}
