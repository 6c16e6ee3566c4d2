import type { Update } from 'grammy/types';
import { expect, it } from 'vitest';
import { openStore } from '#adapters/lowdb.ts';
import { createApp } from '#app.ts';
import { listen, openBot } from '#bot/create-bot.ts';
import { createOpenMenus } from '#bot/open-menus.ts';
import { taken } from '#bot/words/english/answers.ts';
import type { Ports } from '#ports/ports.ts';
import { createFakeLog } from '../fakes/log.ts';
import { settingsWith } from '../fakes/settings.ts';
import { postAfter } from '../fakes/store-posts.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';
import { createTestClock } from '../test-clock.ts';

/** A thousand in all five ways. */
const posts = 200;
const [anna, ben] = [7, 8];
const ids = Array.from({ length: posts }, (_, index) => `2026-11-22-${String(index).padStart(8, '0')}`);

/** The bot and its app over a real state with all these drafts; Telegram and the platform only write down. */
async function openDrafts() {
  const clock = createTestClock();
  const log = createFakeLog();
  const { store } = await openStore(await temporaryFolder(), clock);
  const drafts = Object.fromEntries(ids.map((id) => [id, postAfter(id, 'drafted')]));
  await store.change((state) => ({ ...state, posts: drafts }));
  const published: string[] = [];
  const answers = new Map<string, string[]>();
  const app = createApp(
    {
      ...{ store, clock, log, settings: () => settingsWith(), hashtagsFromAi: 0 },
      library: { look: async () => 'there' },
      pictures: { read: async () => Buffer.alloc(0), remove: async () => undefined },
      ownerChat: { show: async () => undefined, tell: async () => true, busyWith: () => () => undefined },
      platforms: [
        {
          ...{ id: 'telegram', name: 'Telegram channel' },
          pictureLimits: { maxBytes: 1e6, maxLongEdge: 1000, minWidth: 1, minRatio: 0, maxRatio: 100 },
          captionLimits: { maxLength: 100, maxHashtags: 1 },
          // A refusal, so that none of them moves on into the history.
          async publish({ postId }: { readonly postId: string }) {
            published.push(postId);
            return { outcome: 'failed', problem: { kind: 'rejected' } };
          },
        },
      ],
    } as unknown as Ports,
    {
      defaults: settingsWith(),
      owners: [anna, ben],
      budget: { isComplete: true, canBeKept: true },
      onAgenda: () => undefined,
    },
  );
  const bot = openBot('42:AAEabcdefghijklmnopqrstuvwxyz0123456', undefined);
  bot.botInfo = { id: 42, is_bot: true, first_name: 'D', username: 'd_bot' } as typeof bot.botInfo;
  bot.api.config.use(async (_previous, _method, payload) => {
    const { callback_query_id: query = '', text = '' } = payload as Record<string, string>;
    const [post = ''] = query.split(' ');
    answers.set(post, [...(answers.get(post) ?? []), text]);
    return { ok: true, result: true } as never;
  });
  listen(bot, { app, store, log, platforms: [], menus: createOpenMenus(), channel: '@light' });
  return { app, bot, store, log, published, answers };
}

let updates = 0;

/** A tap on this button of the card of a post, as it comes from Telegram. */
function tap(by: number, verb: string, id: string): Update {
  updates += 1;
  const from = { id: by, is_bot: false, first_name: 'Owner' };
  const message = { message_id: 1, date: 0, chat: { id: by, type: 'private', first_name: 'Owner' } };
  const query = { id: `${id} ${updates}`, from, message, chat_instance: '1', data: `${verb}:${id}:1` };
  return { update_id: updates, callback_query: query } as Update;
}

const ways: readonly (readonly [string, (id: string) => readonly Update[]])[] = [
  ['tapped twice', (id) => [tap(anna, 'publish', id), tap(anna, 'publish', id)]],
  ['approved and skipped', (id) => [tap(anna, 'publish', id), tap(anna, 'skip', id)]],
  [
    'approved by one owner and skipped by the other',
    (id) => [tap(anna, 'publish', id), tap(ben, 'skip', id)],
  ],
  ['approved by both owners', (id) => [tap(anna, 'publish', id), tap(ben, 'publish', id)]],
  [
    'approved by an update that comes again',
    (id) => {
      const update = tap(anna, 'publish', id);
      return [update, update];
    },
  ],
];

it.each(ways)(
  'two hundred drafts that are %s at once are each decided once, and it is said',
  async (_, way) => {
    const { app, bot, store, log, published, answers } = await openDrafts();
    await Promise.all(ids.flatMap(way).map((update) => bot.handleUpdate(update)));
    await app.whenIdle();
    const decided = new Set<string>([taken.approved, taken.skipped]);
    const approved = ids.filter((id) => answers.get(id)?.includes(taken.approved));
    const wrong = ids.filter((id) => {
      const said = answers.get(id) ?? [];
      const others = said.filter((text) => !decided.has(text));
      const isPlain = others.every((text) => /^It (is already|was skipped|could not)/.test(text));
      return said.length !== 2 || others.length !== 1 || !isPlain;
    });
    expect(wrong.map((id) => answers.get(id))).toEqual([]);
    // What was said is what happened: each post was tried once or skipped.
    expect(published.toSorted()).toEqual(approved);
    expect(ids.filter((id) => store.post(id)?.state === 'failed')).toEqual(approved);
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  },
);
