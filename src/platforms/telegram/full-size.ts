import { type Api, InputFile } from 'grammy';
import type { Log } from '#ports/log.ts';
import type { FullSize } from '#ports/platform.ts';
import type { Followed } from '#post/delivery.ts';
import { outcomeOfError } from './refusals.ts';
import { sentMessage } from './sent.ts';

/** Bots send files of up to 50 MB (Bot API, sendDocument). */
export const largestDocument = 50_000_000;

interface Channel {
  readonly api: Api;
  readonly channel: string;
  readonly log: Log;
  /** Notes a message of the channel, and which one it follows. */
  saw(messageId: number, follows: string): Promise<void>;
}

/** The picture as a document in answer to its post, without a sound; none where the post is gone meanwhile. */
export async function sendFullSize(
  { api, channel, log, saw }: Channel,
  { postId, ref, picture }: FullSize,
): Promise<Followed | undefined> {
  try {
    // Never the name that it has in the library: people write places and names of others there.
    const sent = await api.sendDocument(channel, new InputFile(picture, `${postId}.jpg`), {
      reply_parameters: { message_id: Number(ref) },
      disable_notification: true,
      disable_content_type_detection: true,
    });
    const message = sentMessage(sent);
    await saw(message.message_id, ref);
    return 'sent';
  } catch (error) {
    const outcome = outcomeOfError(error);
    log.warn({ post: postId, outcome }, 'The file in full size was not sent, or its answer is lost');
    return outcome.outcome === 'uncertain' ? undefined : 'not-sent';
  }
}
