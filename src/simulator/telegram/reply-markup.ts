import { z } from 'zod';
import type { Params } from './params.ts';
import { badRequest } from './refusal.ts';
import type { WireKeyboard } from './wire.ts';

const Button = z.object({
  text: z.string().min(1),
  callback_data: z.string().optional(),
  url: z.string().optional(),
  switch_inline_query: z.string().optional(),
  switch_inline_query_current_chat: z.string().optional(),
  copy_text: z.object({ text: z.string() }).optional(),
  web_app: z.object({ url: z.string() }).optional(),
  style: z.string().optional(),
  icon_custom_emoji_id: z.string().optional(),
});
type Button = z.infer<typeof Button>;
const Markup = z.union([
  z.object({ inline_keyboard: z.array(z.array(Button)) }),
  z.object({ force_reply: z.literal(true), input_field_placeholder: z.string().max(64).optional() }),
  z.object({ keyboard: z.array(z.array(z.union([z.string(), z.object({ text: z.string() })]))) }),
  z.object({ remove_keyboard: z.literal(true) }),
]);

/** What a request asks to be shown below a message. */
export interface ReplyMarkup {
  readonly keyboard?: WireKeyboard;
  readonly forceReply: boolean;
}

/** The `reply_markup` of a new message: an inline keyboard, or the other kinds, accepted and mostly not shown. */
export function replyMarkup(params: Params): ReplyMarkup {
  const given = params.json('reply_markup');
  if (given === undefined) return { forceReply: false };
  if (typeof given !== 'object' || given === null) throw badRequest('object expected as reply markup');
  const parsed = Markup.safeParse(given);
  if (!parsed.success) throw badRequest("can't parse InlineKeyboardButton: wrong reply markup specified");
  if (!('inline_keyboard' in parsed.data)) return { forceReply: 'force_reply' in parsed.data };
  const rows = parsed.data.inline_keyboard.filter((row) => row.length > 0);
  for (const button of rows.flat()) check(button);
  return rows.length === 0
    ? { forceReply: false }
    : { keyboard: { inline_keyboard: rows }, forceReply: false };
}

/** The `reply_markup` of an edit, where only an inline keyboard is allowed. Absent: the keyboard goes away. */
export function inlineKeyboard(params: Params): WireKeyboard | undefined {
  const given = params.json('reply_markup');
  const result = replyMarkup(params);
  if (typeof given === 'object' && given !== null && !('inline_keyboard' in given)) {
    throw badRequest('inline keyboard expected');
  }
  return result.keyboard;
}

function check(button: Button): void {
  const { callback_data: data, url, copy_text: copied } = button;
  // Bot API: callback_data 1-64 bytes.
  if (data !== undefined && (data === '' || Buffer.byteLength(data) > 64))
    throw badRequest('BUTTON_DATA_INVALID');
  if (url !== undefined && !isLink(url)) {
    throw badRequest(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`);
  }
  // Bot API: CopyTextButton text 1-256.
  if (copied !== undefined && (copied.text === '' || copied.text.length > 256)) {
    throw badRequest('BUTTON_COPY_TEXT_INVALID');
  }
  const hasAction =
    data ??
    url ??
    copied ??
    button.web_app ??
    button.switch_inline_query ??
    button.switch_inline_query_current_chat;
  if (hasAction === undefined) {
    throw badRequest("can't parse InlineKeyboardButton: Text buttons are unallowed in the inline keyboard");
  }
}

function isLink(url: string): boolean {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  return ['http:', 'https:', 'tg:'].includes(protocol);
}
