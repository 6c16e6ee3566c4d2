import { readableChat } from './chat-access.ts';
import type { Methods } from './method.ts';
import { badRequest } from './refusal.ts';
import type { WireUser } from './wire.ts';
import type { Stage } from './world.ts';

/** Bots can download files of up to 20 MB (Bot API, getFile). */
const largestDownload = 20 * 1024 * 1024;

/** What can be asked about the bot, chats, their members, and files. */
export function chatMethods(stage: Stage): Methods {
  return {
    getMe: () => ({
      ...stage.bot,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_guest_queries: false,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
      has_topics_enabled: false,
      allows_users_to_create_topics: false,
      can_manage_bots: false,
      supports_join_request_queries: false,
    }),
    getChat(params) {
      const { chat } = readableChat(stage, params);
      return {
        ...chat,
        accent_color_id: 0,
        max_reaction_count: 11,
        accepted_gift_types: {
          unlimited_gifts: false,
          limited_gifts: false,
          unique_gifts: false,
          premium_subscription: false,
          gifts_from_channels: false,
        },
        active_usernames: chat.username === undefined ? undefined : [chat.username],
        has_protected_content: chat.type === 'channel' && stage.world.isChannelProtected ? true : undefined,
      };
    },
    getChatMember(params) {
      const { chat } = readableChat(stage, params);
      const id = params.integer('user_id');
      const user = id === stage.bot.id ? stage.bot : stage.world.users[id]?.user;
      if (user === undefined) throw badRequest('user not found');
      if (chat.type === 'private') return { status: 'member', user };
      if (user.id === stage.bot.id) return botMember(stage);
      if (stage.world.botInChannel !== 'administrator') throw badRequest('member list is inaccessible');
      return user.id === stage.owner.id ? creator(user) : { status: 'left', user };
    },
    getChatMemberCount(params) {
      readableChat(stage, params);
      return 2;
    },
    getChatAdministrators(params) {
      const { chat } = readableChat(stage, params);
      if (chat.type === 'private') throw badRequest('there are no administrators in the private chat');
      if (stage.world.botInChannel !== 'administrator') throw badRequest('member list is inaccessible');
      return [creator(stage.owner), botMember(stage)];
    },
    leaveChat(params) {
      const { chat } = readableChat(stage, params);
      if (chat.type === 'private') throw badRequest("private chats can't be left");
      stage.world.botInChannel = 'left';
      stage.changed();
      return true;
    },
    getFile(params) {
      const id = params.text('file_id');
      if (id === '') throw badRequest('invalid file_id');
      const file = stage.files.find(id);
      if (file === undefined) throw badRequest('wrong file_id or the file is temporarily unavailable');
      if (file.bytes > largestDownload) throw badRequest('file is too big');
      return { file_id: id, file_unique_id: file.uniqueId, file_size: file.bytes, file_path: file.path };
    },
  };
}

function creator(user: WireUser): object {
  return { status: 'creator', user, is_anonymous: false };
}

function botMember({ bot, world }: Stage): object {
  if (world.botInChannel === 'kicked') return { status: 'kicked', user: bot, until_date: 0 };
  if (world.botInChannel !== 'administrator') return { status: world.botInChannel, user: bot };
  return {
    status: 'administrator',
    user: bot,
    can_be_edited: false,
    is_anonymous: false,
    can_manage_chat: true,
    can_delete_messages: true,
    can_manage_video_chats: false,
    can_restrict_members: false,
    can_promote_members: false,
    can_change_info: false,
    can_invite_users: false,
    can_post_stories: false,
    can_edit_stories: false,
    can_delete_stories: false,
    can_post_messages: world.mayNotPost !== true,
    can_edit_messages: true,
  };
}
