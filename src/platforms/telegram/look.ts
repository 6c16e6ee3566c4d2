import type { Message } from 'grammy/types';
import type { Finding, Publication } from '#ports/platform.ts';
import { addressOf } from './address.ts';
import { type Copier, copyOf, deleteLeftCopies } from './copies.ts';

export interface Lookout extends Copier {
  /** Where the copies go; undefined as long as there is no owner. */
  readonly ownerChat: (() => number | undefined) | undefined;
}

/** How many messages after the post's beginning are looked at; deleted ones among them leave gaps (RELIABILITY, 2.2). */
const probes = 40;
/** As many misses at the end of them: nothing more has come. */
const missesAtTheEnd = 5;

/**
 * A bot cannot read its channel, but it can forward what is there: each message after the one that was the newest when
 * the post was begun goes to the owner without a sound and is deleted at once. A channel that forbids forwarding
 * cannot be looked at, and a post that was the first ever cannot be looked for.
 */
export async function look(lookout: Lookout, publication: Publication, since: Date): Promise<Finding> {
  await deleteLeftCopies(lookout);
  const scratch = lookout.ownerChat?.();
  const before = await lookout.file.before(publication.postId);
  if (scratch === undefined || before === undefined) return { found: 'unclear' };
  try {
    const uniqueId = await uniqueIdOf(lookout, publication);
    let misses = 0;
    let isOneAlike = false;
    for (let id = before + 1; id <= before + probes; id += 1) {
      const copy = await copyOf(lookout, scratch, id);
      misses = copy === undefined ? misses + 1 : 0;
      const kinship = copy && compare(copy, id, publication, uniqueId, since);
      if (copy !== undefined && kinship === 'same') return there(copy, id);
      isOneAlike ||= kinship === 'alike';
    }
    return { found: isOneAlike || misses < missesAtTheEnd ? 'unclear' : 'absent' };
  } catch (error) {
    lookout.log.warn({ error: String(error) }, 'The channel could not be looked at');
    return { found: 'unclear' };
  }
}

function there({ forward_origin: origin }: Message, id: number): Finding {
  const url = origin?.type === 'channel' ? addressOf(origin.chat, id) : undefined;
  return { found: 'there', ref: String(id), ...(url !== undefined && { url }) };
}

async function uniqueIdOf({ api }: Lookout, { fileId }: Publication): Promise<string | undefined> {
  return fileId === undefined ? undefined : (await api.getFile(fileId)).file_unique_id;
}

/** `alike`: the picture or the text is the same, and the other may have been edited since, or cannot be told. */
function compare(
  { forward_origin: origin, photo, caption = '' }: Message,
  id: number,
  publication: Publication,
  uniqueId: string | undefined,
  since: Date,
): 'same' | 'alike' | 'other' {
  if (origin === undefined || photo === undefined) return 'other';
  // What was forwarded into the channel was first published elsewhere.
  const isForeign = origin.type === 'channel' && origin.message_id !== id;
  const isSameText = plain(caption) === plain(publication.caption);
  if (photo.some((size) => size.file_unique_id === uniqueId))
    return isSameText && !isForeign ? 'same' : 'alike';
  // Seconds, cut off. The same words from before the approval are another post's.
  const isOld = (origin.date + 1) * 1000 <= since.getTime();
  if (isOld || !isSameText || isForeign) return 'other';
  return uniqueId === undefined && plain(caption) !== '' ? 'same' : 'alike';
}

function plain(text: string): string {
  return text.normalize('NFC').trim();
}
