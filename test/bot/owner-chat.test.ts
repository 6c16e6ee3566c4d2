import type { Api } from 'grammy';
import { expect, it } from 'vitest';
import { createOpenMenus } from '#bot/open-menus.ts';
import { createOwnerChat } from '#bot/owner-chat.ts';
import { createFakeLog } from '../fakes/log.ts';
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
