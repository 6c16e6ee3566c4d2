import { type Api, GrammyError } from 'grammy';
import { expect, it } from 'vitest';
import { createOpenMenus } from '#bot/open-menus.ts';
import { createOwnerChat } from '#bot/owner-chat.ts';
import { createFakeLog } from '../fakes/log.ts';
import { postIn } from '../fakes/posts.ts';
import { createTestClock } from '../test-clock.ts';

it('tells once an hour that nothing can be saved, however many posts that stops, and again where nobody was reached', async () => {
  const clock = createTestClock();
  const sent: string[] = [];
  let isReachable = false;
  const sendMessage = async (_: number, text: string) => {
    if (!isReachable) throw new Error('no network');
    sent.push(text);
  };
  const chat = createOwnerChat({
    api: { sendMessage } as unknown as Api,
    owners: () => [7],
    platforms: [],
    clock,
    log: createFakeLog(),
    agenda: () => ({ patterns: [], timeZone: 'UTC' }),
    menus: createOpenMenus(),
    languageOf: () => 'en',
    nameOf: () => undefined,
  });
  const tell = () => chat.tell({ kind: 'not-saved', code: 'ENOSPC' });
  expect(await tell()).toBe(false);
  isReachable = true;
  expect(await Promise.all([tell(), tell(), tell()])).toEqual([true, true, true]);
  expect(sent).toHaveLength(1);
  clock.advance(60 * 60 * 1000);
  expect(await tell()).toBe(true);
  expect(sent).toHaveLength(2);
});

it('takes JSON that is not Telegram’s for one that cannot be reached, and never falls over it', async () => {
  const foreign = () =>
    Promise.reject(new GrammyError('failed', { error: 'bad gateway' } as never, 'sendPhoto', {}));
  const post = postIn('awaiting-approval', { cards: [{ chatId: 7, messageId: 1 }] });
  const chat = createOwnerChat({
    api: { sendMessage: foreign, editMessageCaption: foreign } as unknown as Api,
    owners: () => [7],
    platforms: [],
    clock: createTestClock(),
    log: createFakeLog(),
    agenda: () => ({ patterns: [], timeZone: 'UTC' }),
    menus: createOpenMenus(),
    languageOf: () => 'en',
    nameOf: () => undefined,
  });
  const showing = {
    postId: post.id,
    asNew: false,
    latest: () => post,
    picture: async () => Buffer.alloc(0),
    remember: async () => undefined,
  };
  await expect(chat.show(showing)).rejects.toMatchObject({ problem: { kind: 'unreachable' } });
  expect(await chat.tell({ kind: 'no-photos' })).toBe(false);
});
