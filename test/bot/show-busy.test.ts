import type { Api } from 'grammy';
import { expect, it, onTestFinished, vi } from 'vitest';
import { showBusy } from '#bot/show-busy.ts';

/** A chat whose time is driven; what was shown in it. */
function openChat(answer: () => Promise<true>) {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const shown: unknown[] = [];
  const sendChatAction = (...said: unknown[]) => {
    shown.push(said);
    return answer();
  };
  return { shown, stop: showBusy({ sendChatAction } as unknown as Api, 7, 'upload_photo') };
}

it('is shown at once and before Telegram forgets it, until it is over', async () => {
  const { shown, stop } = openChat(async () => true);
  expect(shown).toEqual([[7, 'upload_photo']]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(shown).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(5000);
  expect(shown).toHaveLength(3);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(shown).toHaveLength(3);
});

it('is not tried again where it fails', async () => {
  const { shown } = openChat(async () => {
    throw new Error('no network');
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(shown).toHaveLength(1);
});
