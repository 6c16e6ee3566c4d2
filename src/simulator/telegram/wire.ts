/** The objects of the Bot API that the simulator makes, named and written as in the documentation. */

export interface WireUser {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly username?: string | undefined;
  readonly language_code?: string | undefined;
}

export interface WireChat {
  readonly id: number;
  readonly type: 'private' | 'channel';
  readonly title?: string | undefined;
  readonly username?: string | undefined;
  readonly first_name?: string | undefined;
}

export interface WireEntity {
  readonly type: string;
  /** In UTF-16 units, as is `length`. */
  readonly offset: number;
  readonly length: number;
  readonly url?: string | undefined;
  readonly language?: string | undefined;
  readonly custom_emoji_id?: string | undefined;
}

export interface WirePhotoSize {
  readonly file_id: string;
  readonly file_unique_id: string;
  readonly width: number;
  readonly height: number;
  readonly file_size: number;
}

export interface WireDocument {
  readonly file_id: string;
  readonly file_unique_id: string;
  readonly file_name: string;
  readonly mime_type: string;
  readonly file_size: number;
}

export interface WireButton {
  readonly text: string;
  readonly callback_data?: string | undefined;
  readonly url?: string | undefined;
  readonly switch_inline_query?: string | undefined;
  readonly switch_inline_query_current_chat?: string | undefined;
  readonly copy_text?: { readonly text: string } | undefined;
  readonly web_app?: { readonly url: string } | undefined;
  readonly style?: string | undefined;
  readonly icon_custom_emoji_id?: string | undefined;
}

export interface WireKeyboard {
  readonly inline_keyboard: readonly (readonly WireButton[])[];
}

export type WireOrigin =
  | { readonly type: 'user'; readonly date: number; readonly sender_user: WireUser }
  | { readonly type: 'channel'; readonly date: number; readonly chat: WireChat; readonly message_id: number };

/** What an edit can replace in a message. */
export interface WireContent {
  readonly text?: string | undefined;
  readonly entities?: readonly WireEntity[] | undefined;
  readonly link_preview_options?: object | undefined;
  readonly photo?: readonly WirePhotoSize[] | undefined;
  readonly document?: WireDocument | undefined;
  readonly caption?: string | undefined;
  readonly caption_entities?: readonly WireEntity[] | undefined;
  readonly show_caption_above_media?: true | undefined;
  readonly has_media_spoiler?: true | undefined;
}

export interface WireMessage extends WireContent {
  readonly message_id: number;
  readonly from?: WireUser | undefined;
  readonly sender_chat?: WireChat | undefined;
  readonly date: number;
  readonly chat: WireChat;
  readonly forward_origin?: WireOrigin | undefined;
  readonly reply_to_message?: WireMessage | undefined;
  readonly edit_date?: number | undefined;
  readonly has_protected_content?: true | undefined;
  readonly media_group_id?: string | undefined;
  readonly reply_markup?: WireKeyboard | undefined;
}

export interface WireCallbackQuery {
  readonly id: string;
  readonly from: WireUser;
  readonly message: WireMessage | { readonly chat: WireChat; readonly message_id: number; readonly date: 0 };
  readonly chat_instance: string;
  readonly data: string;
}

export interface WireChatMemberUpdated {
  readonly chat: WireChat;
  readonly from: WireUser;
  readonly date: number;
  readonly old_chat_member: object;
  readonly new_chat_member: object;
}

/** How often a message of a channel got each reaction, whoever gave it. */
export interface WireReactionCountUpdated {
  readonly chat: WireChat;
  readonly message_id: number;
  readonly date: number;
  readonly reactions: readonly {
    readonly type: { readonly type: 'emoji'; readonly emoji: string };
    readonly total_count: number;
  }[];
}

/** The updates that the simulator sends, without their number. */
export type WireUpdateBody =
  | { readonly message: WireMessage }
  | { readonly callback_query: WireCallbackQuery }
  | { readonly my_chat_member: WireChatMemberUpdated }
  | { readonly message_reaction_count: WireReactionCountUpdated };

export type WireUpdate = { readonly update_id: number } & WireUpdateBody;

export interface WireCommand {
  readonly command: string;
  readonly description: string;
}
