import sharp from 'sharp';
import type { Simulator } from '#simulator/simulator.ts';
import { mailBody } from './mail.ts';

/** Something that the page shows by its address: a picture, a drawing in its place, or a file to keep. */
export interface Medium {
  readonly kind: 'picture' | 'drawing' | 'file';
  readonly body: Uint8Array<ArrayBuffer> | string;
}

/** The HTML of a mail. */
export interface MailMedium {
  readonly kind: 'mail';
  readonly body: string;
}

const thumbnailEdge = 480;
/** What stands for a file that cannot be opened as a picture. */
const noPicture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 32"><path d="M19 8h7l4 4v12H19zM26 8v4h4" fill="none" stroke="#b5a79c"/></svg>';

/** `telegram/<file id>`, `instagram/<code>`, `dropbox/<content hash>` or `mail/<id>`; undefined: not there. */
export async function findMedium(
  { telegram, instagram, dropbox, smtp }: Simulator,
  place: string,
  id: string,
): Promise<Medium | MailMedium | undefined> {
  switch (place) {
    case 'telegram':
      return pictureOf(telegram.photo(id));
    case 'telegram-file': {
      const bytes = telegram.photo(id);
      return bytes && { kind: 'file', body: new Uint8Array(bytes) };
    }
    case 'instagram':
      return pictureOf(instagram.posts().find((each) => each.code === id)?.picture);
    case 'dropbox': {
      const file = dropbox.files().find((each) => each.contentHash === id);
      const bytes = file && dropbox.read(file.path);
      return bytes && (pictureOf(await thumbnail(bytes)) ?? { kind: 'drawing', body: noPicture });
    }
    case 'mail': {
      const mail = smtp.mails().find((each) => each.id === id);
      return mail && { kind: 'mail', body: await mailBody(mail) };
    }
    default:
      return undefined;
  }
}

function pictureOf(bytes: Buffer | undefined): Medium | undefined {
  return bytes && { kind: 'picture', body: new Uint8Array(bytes) };
}

/** Undefined for what is no picture. */
function thumbnail(bytes: Buffer): Promise<Buffer | undefined> {
  return sharp(bytes)
    .autoOrient()
    .resize(thumbnailEdge, thumbnailEdge, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 80 })
    .toBuffer()
    .catch(() => undefined);
}
