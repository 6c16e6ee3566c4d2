import { Composer } from 'grammy';
import type { Message } from 'grammy/types';
import type { App } from '#app.ts';
import { ServiceError } from '#errors.ts';
import type { Log } from '#ports/log.ts';
import type { BotContext, BotParts } from './context.ts';
import { fetchFile } from './fetch-file.ts';
import { ignoreUnchanged } from './taps.ts';
import type { PhotoInWords } from './words/views.ts';

/** What came with one album, or with one message, and the answer to all of it. */
interface Arrival {
  readonly album: string | undefined;
  /** Whether the owner is told that Telegram makes photos smaller. */
  readonly isHinted: boolean;
  readonly photos: PhotoInWords[];
  behind?: string;
  answerId?: number;
}

/**
 * Photos that are sent to the bot. An album has one answer, which grows with each of its photos: Telegram does not say
 * which one is the last. A photo is safe before its message is confirmed to Telegram, so that it comes again after a
 * crash.
 */
export function photosIn({ app, log }: BotParts): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  /** The last one of each chat. */
  const arrivals = new Map<number, Arrival>();
  const hinted = new Set<number>();

  function arrivalOf({ chat, media_group_id: album, photo }: Message): Arrival {
    const before = arrivals.get(chat.id);
    if (before !== undefined && album !== undefined && before.album === album) return before;
    const isHinted = photo !== undefined && !hinted.has(chat.id);
    if (isHinted) hinted.add(chat.id);
    const arrival = { album, isHinted, photos: [] };
    arrivals.set(chat.id, arrival);
    return arrival;
  }

  composer.on(['message:photo', 'message:document'], async (ctx) => {
    const arrival = arrivalOf(ctx.message);
    arrival.photos.push(await take(app, ctx, log, arrival));
    const text = ctx.words.photosIn(arrival.photos, arrival.isHinted);
    if (arrival.answerId === undefined) arrival.answerId = (await ctx.reply(text)).message_id;
    else await ctx.api.editMessageText(ctx.chat.id, arrival.answerId, text).catch(ignoreUnchanged);
  });
  return composer;
}

async function take(
  app: App,
  ctx: BotContext & { readonly message: Message },
  log: Log,
  arrival: Arrival,
): Promise<PhotoInWords> {
  const { message } = ctx;
  const { name, fileId } = fileIn(message);
  const fetched = await fetchFile(ctx.api, fileId);
  if ('missing' in fetched) {
    if (fetched.missing === 'too-large') return { name, became: 'too-large' };
    return {
      name,
      became: 'failed',
      trouble: ctx.words.problem({ name: 'Telegram' }, { kind: 'unreachable' }),
    };
  }
  const note = message.caption?.trim() || undefined;
  const by = message.from?.id ?? message.chat.id;
  try {
    const added = await app.addPhoto({ name, bytes: fetched.bytes, note, behind: arrival.behind, by });
    if (!('photo' in added)) return { name, became: added.became };
    arrival.behind = added.photo.id;
    return { name: added.photo.name, became: added.became };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    log.warn(
      { service: error.service, problem: error.problem.kind },
      'A photo that was sent could not be kept',
    );
    return { name, became: 'failed', trouble: ctx.words.problem({ name: error.service }, error.problem) };
  }
}

/** Telegram's copies of photos have no names; the one made up here is the same when the message comes again. */
function fileIn({ document, photo, date, message_id: id }: Message): {
  readonly name: string;
  readonly fileId: string;
} {
  const day = new Date(date * 1000).toISOString().slice(0, 10).replaceAll('-', '');
  const name = document?.file_name ?? `photo-${day}-${id}.jpg`;
  return { name, fileId: document?.file_id ?? photo?.at(-1)?.file_id ?? '' };
}
