import { InputFile } from 'grammy';
import type { App } from '#app.ts';
import type { Preview } from '#flow/preview-post.ts';
import { describeError } from '#flow/tell-trouble.ts';
import { isRefusal } from '#post/lifecycle.ts';
import type { BotContext, BotParts } from './context.ts';
import { captionLength } from './words/limits.ts';
import type { Words } from './words/words.ts';

/** Begins to send what each platform would get, in answer to a tap. */
export type PreviewSender = (ctx: BotContext, id: string, revision: number) => Promise<string>;

/**
 * The answer to the tap is there at once; the pictures follow, as files, which Telegram does not compress again. While
 * they are on their way a second tap sends nothing.
 */
export function createPreviewSender({ app, log }: Pick<BotParts, 'app' | 'log'>): PreviewSender {
  const underway = new Set<string>();

  return async (ctx, id, revision) => {
    const key = `${ctx.chatId}:${id}`;
    if (underway.has(key)) return ctx.words.preview.underway;
    underway.add(key);
    const previews = await previewsOf(app, ctx.words, id, revision).catch((error: unknown) => {
      underway.delete(key);
      throw error;
    });
    if (typeof previews === 'string') {
      underway.delete(key);
      return previews;
    }
    void sendAll(ctx, previews)
      .catch(async (error: unknown) => {
        log.warn({ post: id, error: describeError(error) }, 'A preview could not be sent');
        await ctx.reply(ctx.words.preview.failed).catch(() => undefined);
      })
      .finally(() => underway.delete(key));
    return ctx.words.preview.coming;
  };
}

/** A sentence in place of the previews where there are none. */
async function previewsOf(
  app: App,
  words: Words,
  id: string,
  revision: number,
): Promise<readonly Preview[] | string> {
  const previews = await app.preview(id, revision);
  if (previews === undefined) return words.notTaken(undefined);
  if (isRefusal(previews)) return words.notTaken(previews.post, previews.refused);
  return previews.length === 0 ? words.preview.nothing : previews;
}

async function sendAll(ctx: BotContext, previews: readonly Preview[]): Promise<void> {
  for (const preview of previews) await send(ctx, preview);
}

/** With the text below the picture, or in messages of its own where it is too long for that. */
async function send(ctx: BotContext, preview: Preview): Promise<void> {
  const { name, picture, content } = preview;
  const head = ctx.words.preview.head(preview);
  const whole = content.caption === '' ? head : `${head}\n\n${content.caption}`;
  const isOne = whole.length <= captionLength;
  await replyWithPicture(ctx, name, { picture, caption: isOne ? whole : head });
  if (!isOne) await replyWithText(ctx, content.caption);
  if (preview.fullSize === undefined) return;
  await replyWithPicture(ctx, name, {
    picture: preview.fullSize,
    caption: ctx.words.preview.fullSize(preview),
  });
}

async function replyWithPicture(
  ctx: BotContext,
  name: string,
  { picture, caption }: { readonly picture: Buffer; readonly caption: string },
): Promise<void> {
  const card = ctx.callbackQuery?.message?.message_id;
  // The name of a file goes over the wire without quotes.
  await ctx.replyWithDocument(new InputFile(picture, `${name.replaceAll(' ', '-')}.jpg`), {
    caption,
    disable_content_type_detection: true,
    ...(card !== undefined && {
      reply_parameters: { message_id: card, allow_sending_without_reply: true },
    }),
  });
}

/** Bot API: a message holds 4096 characters; here as many as fit if each takes two units. */
const messageLength = 2048;

/** A text of any length, in as many messages as it needs; split by characters, so that none is cut in half. */
export async function replyWithText(ctx: BotContext, text: string): Promise<void> {
  const characters = [...text];
  for (let from = 0; from < characters.length; from += messageLength) {
    await ctx.reply(characters.slice(from, from + messageLength).join(''));
  }
}
