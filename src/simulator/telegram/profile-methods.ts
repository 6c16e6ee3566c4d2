import { z } from 'zod';
import type { Methods } from './method.ts';
import type { Params } from './params.ts';
import { badRequest } from './refusal.ts';
import type { WireCommand } from './wire.ts';
import type { Stage } from './world.ts';

const Commands = z.array(z.object({ command: z.string(), description: z.string() }));
const Scope = z.object({ type: z.string(), chat_id: z.union([z.int(), z.string()]).optional() });
const scopes = new Set([
  'default',
  'all_private_chats',
  'all_group_chats',
  'all_chat_administrators',
  'chat',
  'chat_administrators',
  'chat_member',
]);
const MenuButton = z.object({ type: z.enum(['default', 'commands']) });

/** What the bot says about itself: its commands, descriptions and menu button. */
export function profileMethods(stage: Stage): Methods {
  const { world } = stage;

  function replaceCommands(params: Params, commands: readonly WireCommand[]): true {
    const scope = scopeOf(stage, params);
    const language = languageOf(params);
    world.commands = world.commands.filter((each) => each.scope !== scope || each.language !== language);
    if (commands.length > 0) world.commands.push({ scope, language, commands });
    stage.changed();
    return true;
  }

  /** A pair of set and get methods for a text of the profile in each language. */
  function profileText(kind: string, field: string, longest: number): Methods {
    return {
      [`setMy${kind}`](params: Params) {
        const text = params.text(field);
        if (text.length > longest) throw badRequest(`BOT_${field.toUpperCase()}_TOO_LONG`);
        world.profile[`${field} ${languageOf(params)}`] = text;
        stage.changed();
        return true;
      },
      [`getMy${kind}`](params: Params) {
        const text = world.profile[`${field} ${languageOf(params)}`] ?? world.profile[`${field} `];
        return { [field]: text ?? (field === 'name' ? stage.bot.first_name : '') };
      },
    };
  }

  return {
    setMyCommands: (params) => replaceCommands(params, commandsOf(params)),
    deleteMyCommands: (params) => replaceCommands(params, []),
    getMyCommands(params) {
      const scope = scopeOf(stage, params);
      const language = languageOf(params);
      return (
        world.commands.find((each) => each.scope === scope && each.language === language)?.commands ?? []
      );
    },
    ...profileText('Name', 'name', 64),
    ...profileText('Description', 'description', 512),
    ...profileText('ShortDescription', 'short_description', 120),
    setChatMenuButton(params) {
      const button = MenuButton.optional().safeParse(params.json('menu_button'));
      if (!button.success)
        throw badRequest("can't parse menu button: the simulator takes default and commands");
      world.profile[`menu_button ${params.text('chat_id')}`] = button.data ?? { type: 'default' };
      stage.changed();
      return true;
    },
    getChatMenuButton: (params) =>
      world.profile[`menu_button ${params.text('chat_id')}`] ??
      world.profile['menu_button '] ?? { type: 'commands' },
  };
}

/** The menu that a user sees: the narrowest scope wins, and in it the user's language (Bot API, BotCommandScope). */
export function commandsFor(stage: Stage, userId: number, language: string): readonly WireCommand[] {
  const order = [scopeKey('chat', String(userId)), scopeKey('all_private_chats'), scopeKey('default')];
  for (const scope of order) {
    for (const wanted of [language, '']) {
      const found = stage.world.commands.find((each) => each.scope === scope && each.language === wanted);
      if (found !== undefined) return found.commands;
    }
  }
  return [];
}

function scopeKey(type: string, chatId = ''): string {
  return chatId === '' ? type : `${type} ${chatId}`;
}

function scopeOf(stage: Stage, params: Params): string {
  const given = Scope.optional().safeParse(params.json('scope'));
  if (!given.success || (given.data !== undefined && !scopes.has(given.data.type))) {
    throw badRequest("can't parse BotCommandScope: Unsupported type specified");
  }
  if (given.data === undefined) return scopeKey('default');
  const { type, chat_id: chatId } = given.data;
  if (!['chat', 'chat_administrators', 'chat_member'].includes(type)) return scopeKey(type);
  const chat = stage.world.chats[String(chatId ?? '')];
  if (chat === undefined) throw badRequest('chat not found');
  return scopeKey(type, String(chatId));
}

function languageOf(params: Params): string {
  const language = params.text('language_code');
  if (!/^(?:[a-z]{2})?$/.test(language)) throw badRequest('invalid language code specified');
  return language;
}

/** Bot API, BotCommand: 1-32 of a-z, 0-9 and _; description 1-256; at most 100 commands. */
function commandsOf(params: Params): readonly WireCommand[] {
  const parsed = Commands.safeParse(params.json('commands'));
  if (!parsed.success) throw badRequest("can't parse commands: expected an Array of BotCommand");
  if (parsed.data.length > 100) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  return parsed.data.map(({ command, description }) => {
    const name = command.replace(/^\//, '');
    if (!/^[a-z0-9_]{1,32}$/.test(name)) throw badRequest('BOT_COMMAND_INVALID');
    if (description.trim() === '') throw badRequest('command description must be non-empty');
    if (description.length > 256) throw badRequest('command description length must not exceed 256');
    return { command: name, description };
  });
}
