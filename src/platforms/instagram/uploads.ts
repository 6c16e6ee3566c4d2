import { createHash } from 'node:crypto';
import type { IgApiClient } from 'instagram-private-api';
import type { Clock } from '#ports/clock.ts';
import type { Refusal } from './account.ts';

/** A picture at Instagram that is in no post yet, or why it is not there. */
export type Upload = { readonly uploadId: string; readonly isAhead: boolean } | { readonly refusal: Refusal };

/** The pictures that were uploaded and have not become a post; what nobody takes within half an hour is forgotten. */
export interface Uploads {
  /** Uploads this picture for a later `take`, unless it is there already. */
  ahead(ig: IgApiClient, picture: Buffer): Promise<void>;
  /** The picture as it was uploaded ahead, or uploaded now. It is for one post alone. */
  take(ig: IgApiClient, picture: Buffer): Promise<Upload>;
}

/** Instagram does not say how long it keeps one; in its app a picture is uploaded while the caption is written. */
const freshMs = 30 * 60_000;

/** `send`: uploads a picture under this number, and says what it was refused with. */
export function openUploads(
  clock: Clock,
  send: (ig: IgApiClient, picture: Buffer, uploadId: string) => Promise<Refusal | undefined>,
): Uploads {
  const waiting = new Map<string, { readonly upload: Promise<Upload>; readonly at: number }>();
  let last = 0;

  /** Milliseconds, as the package has it, but never the same for two pictures. */
  function nextId(): string {
    last = Math.max(Date.now(), last + 1);
    return String(last);
  }

  async function upload(ig: IgApiClient, picture: Buffer, isAhead: boolean): Promise<Upload> {
    const uploadId = nextId();
    const refusal = await send(ig, picture, uploadId);
    return refusal === undefined ? { uploadId, isAhead } : { refusal };
  }

  function forgetOld(): void {
    const now = clock.now().getTime();
    for (const [name, { at }] of waiting) {
      if (Math.abs(now - at) > freshMs) waiting.delete(name);
    }
  }

  return {
    async ahead(ig, picture) {
      forgetOld();
      const name = nameOf(picture);
      if (waiting.has(name)) return;
      const uploading = { upload: upload(ig, picture, true), at: clock.now().getTime() };
      waiting.set(name, uploading);
      // Who publishes meanwhile waits for it, and it is their attempt; later ones begin anew.
      if ('refusal' in (await uploading.upload) && waiting.get(name) === uploading) waiting.delete(name);
    },
    take(ig, picture) {
      forgetOld();
      const name = nameOf(picture);
      const ahead = waiting.get(name);
      waiting.delete(name);
      return ahead?.upload ?? upload(ig, picture, false);
    },
  };
}

function nameOf(picture: Buffer): string {
  return createHash('sha256').update(picture).digest('hex');
}
