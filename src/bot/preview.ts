import { InputFile } from 'grammy';
import type { App } from '#app.ts';
import type { Preview } from '#flow/preview-post.ts';
import { describeError } from '#flow/tell-trouble.ts';
import { type FormattedText, join, slice } from '#post/formatted-text.ts';
import { isRefusal } from '#post/lifecycle.ts';
import type { BotContext, BotParts } from './context.ts';
import { captioned, entitiesOf } from './formatting.ts';
import { captionLength, messageLength } from './words/limits.ts';
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
  const head = { text: ctx.words.preview.head(preview) };
  const text = { text: content.caption, entities: content.entities };
  const whole = content.caption === '' ? head : join(head, { text: '\n\n' }, text);
  const isOne = whole.text.length <= captionLength;
  await replyWithPicture(ctx, name, picture, isOne ? whole : head);
  if (!isOne) await replyWithText(ctx, text);
  if (preview.fullSize === undefined) return;
  await replyWithPicture(ctx, name, preview.fullSize, { text: ctx.words.preview.fullSize(preview) });
}

async function replyWithPicture(
  ctx: BotContext,
  name: string,
  picture: Buffer,
  text: FormattedText,
): Promise<void> {
  const card = ctx.callbackQuery?.message?.message_id;
  // The name of a file goes over the wire without quotes.
  await ctx.replyWithDocument(new InputFile(picture, `${name.replaceAll(' ', '-')}.jpg`), {
    ...captioned(text),
    disable_content_type_detection: true,
    ...(card !== undefined && {
      reply_parameters: { message_id: card, allow_sending_without_reply: true },
    }),
  });
}

/** As many as fit into a message if each takes two units. */
const charactersEach = messageLength / 2;

/** A text of any length, in as many messages as it needs; split by characters, so that none is cut in half. */
export async function replyWithText(ctx: BotContext, given: FormattedText): Promise<void> {
  const characters = [...given.text];
  for (let place = 0, from = 0; place < characters.length; place += charactersEach) {
    const { length } = characters.slice(place, place + charactersEach).join('');
    const part = slice(given, from, from + length);
    await ctx.reply(part.text, entitiesOf(part));
    from += length;
  }
}
