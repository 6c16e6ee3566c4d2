import { type Api, GrammyError } from 'grammy';
import type { Check } from '#ports/check.ts';
import type { Problem } from '#post/delivery.ts';

/**
 * Whether the bot is there and may write to each owner: "typing …" is refused by the same rules as a message, and
 * leaves no trace. Telegram has nothing more silent that knows of a block.
 */
export async function checkOwnerChat(api: Api, owners: readonly number[]): Promise<Check> {
  try {
    await api.getMe();
    if (owners.length === 0) return { state: 'broken', problem: { kind: 'not-set-up' } };
    for (const owner of owners) await api.sendChatAction(owner, 'typing');
    return { state: 'works' };
  } catch (error) {
    return { state: 'broken', problem: problemOf(error) };
  }
}

/** 403 is a chat that was never opened, or a bot that is blocked; 400 a user that Telegram does not know. */
function problemOf(error: unknown): Problem {
  if (!(error instanceof GrammyError)) return { kind: 'unreachable' };
  const { error_code: code, description: detail } = error;
  if (code === 401 || code === 404) return { kind: 'signed-out', detail };
  if (code === 429) return { kind: 'rate-limited', detail };
  return code >= 500 ? { kind: 'out-of-order', detail } : { kind: 'no-permission', detail };
}
