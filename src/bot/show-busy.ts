import type { Api } from 'grammy';

/** Telegram shows it for five seconds or less (Bot API, sendChatAction). */
const everyMs = 4500;

/**
 * Shows in the chat with an owner that something is on its way, until the answer is called. It leaves no trace and nobody
 * waits for it; what fails is not tried again. The machine's own time counts, as it does for who is looking.
 */
export function showBusy(api: Api, owner: number, action: 'typing' | 'upload_photo'): () => void {
  const show = () => {
    api.sendChatAction(owner, action).catch(() => clearInterval(timer));
  };
  const timer = setInterval(show, everyMs);
  show();
  return () => clearInterval(timer);
}
