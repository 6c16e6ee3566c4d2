import type { WireButton, WireDocument, WireEntity, WireMessage } from './wire.ts';
import type { StoredMessage } from './world.ts';

/** A button as the user sees it. */
export interface ChatButton {
  readonly text: string;
  readonly data?: string;
  readonly url?: string;
}

/** A message as a phone shows it, in its current state. */
export interface ChatMessage {
  readonly id: number;
  readonly from: 'bot' | 'user';
  /** Seconds since 1970. */
  readonly date: number;
  /** The text, or the caption of a picture or file; may be empty. */
  readonly text: string;
  readonly entities: readonly WireEntity[];
  /** The largest size; its bytes are to be had from `photo(fileId)`. */
  readonly photo?: { readonly fileId: string; readonly width: number; readonly height: number };
  readonly document?: {
    readonly fileId: string;
    readonly name: string;
    readonly mime: string;
    readonly bytes: number;
  };
  readonly keyboard: readonly (readonly ChatButton[])[];
  readonly replyTo?: number;
  /** The name of the chat or user that the message was forwarded from. */
  readonly forwardedFrom?: string;
  /** Common to all messages of an album. */
  readonly albumId?: string;
  /** The bot asks the app to open a reply to this message. */
  readonly forcesReply: boolean;
  readonly reactions: readonly string[];
  readonly isProtected: boolean;
  /** How often it was edited. */
  readonly edits: number;
}

export function chatMessage(stored: StoredMessage): ChatMessage {
  const { message, isOutgoing, forcesReply, reactions, edits } = stored;
  const { reply_to_message: original, media_group_id: albumId } = message;
  const photo = message.photo?.at(-1);
  const forwardedFrom = originName(message);
  return {
    id: message.message_id,
    from: isOutgoing ? 'bot' : 'user',
    date: message.date,
    text: message.text ?? message.caption ?? '',
    entities: message.entities ?? message.caption_entities ?? [],
    ...(photo && { photo: { fileId: photo.file_id, width: photo.width, height: photo.height } }),
    ...(message.document && { document: documentOf(message.document) }),
    keyboard: (message.reply_markup?.inline_keyboard ?? []).map((row) => row.map(buttonOf)),
    ...(original && { replyTo: original.message_id }),
    ...(forwardedFrom !== undefined && { forwardedFrom }),
    ...(albumId !== undefined && { albumId }),
    forcesReply,
    reactions,
    isProtected: message.has_protected_content === true,
    edits,
  };
}

function documentOf(from: WireDocument) {
  return { fileId: from.file_id, name: from.file_name, mime: from.mime_type, bytes: from.file_size };
}

function buttonOf({ text, callback_data: data, url }: WireButton): ChatButton {
  return { text, ...(data !== undefined && { data }), ...(url !== undefined && { url }) };
}

function originName({ forward_origin: origin }: WireMessage): string | undefined {
  if (origin === undefined) return undefined;
  return origin.type === 'user' ? origin.sender_user.first_name : origin.chat.title;
}
