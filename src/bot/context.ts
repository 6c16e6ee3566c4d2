import type { ConversationFlavor } from '@grammyjs/conversations';
import type { Context } from 'grammy';

export type BotContext = ConversationFlavor<Context>;
