import { type Api, GrammyError } from 'grammy';
import { surelyNotSent } from '#adapters/http.ts';
import type { Clock } from '#ports/clock.ts';
import type { OutThere, Withdrawal } from '#ports/platform.ts';
import type { ChannelFile } from './channel-file.ts';
import { isRefused, problemOfError } from './refusals.ts';

interface Channel {
  readonly api: Api;
  readonly channel: string;
  readonly file: ChannelFile;
  readonly clock: Clock;
}

/** Bots delete no message that is older, whatever their rights (Bot API, deleteMessage; TDLib, can_delete_message). */
const deletableMs = 48 * 60 * 60 * 1000;

/**
 * Deletes the post and the file that follows it in one call, which skips what is not there any more. Of a file whose
 * answer got lost nobody knows the number: it stays. What Telegram has copied into a group is Telegram's to take away.
 */
export async function withdraw(
  { api, channel, file, clock }: Channel,
  { postId, ref, at }: OutThere,
): Promise<Withdrawal> {
  // The number could be that of another message in a channel that was set since.
  if (!(await file.hasBegun(postId))) {
    return {
      withdrawal: 'refused',
      problem: { kind: 'not-found', detail: 'the post is in another channel' },
    };
  }
  const follower = await file.fileOf(ref);
  try {
    const numbers = [Number(ref), ...(follower === undefined ? [] : [follower])];
    const isDone: unknown = await api.deleteMessages(channel, numbers);
    return isDone === true
      ? { withdrawal: 'withdrawn' }
      : { withdrawal: 'unknown', problem: { kind: 'unexpected' } };
  } catch (error) {
    if (isUndeletable(error)) {
      const isYoung = clock.now().getTime() - at.getTime() < deletableMs;
      const { detail } = problemOfError(error);
      const kind = isYoung ? 'no-permission' : 'rejected';
      return { withdrawal: 'refused', problem: { kind, ...(detail !== undefined && { detail }) } };
    }
    const isSurelyThere = isRefused(error) || surelyNotSent(error);
    return { withdrawal: isSurelyThere ? 'refused' : 'unknown', problem: problemOfError(error) };
  }
}

function isUndeletable(error: unknown): boolean {
  return error instanceof GrammyError && /message can't be deleted/i.test(error.description);
}
