import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDisk } from '#simulator/disk.ts';

/** A mail that the server has taken. */
export interface ReceivedMail {
  readonly id: string;
  readonly receivedAt: Date;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** Headers and body as they came, dots unstuffed, below the server's own line on whom it has the mail from. */
  readonly raw: Buffer;
}

interface KeptMail {
  readonly id: string;
  readonly receivedAt: string;
  readonly envelope: ReceivedMail['envelope'];
}

export interface Mailbox {
  /** Oldest first. */
  list(): readonly ReceivedMail[];
  add(envelope: ReceivedMail['envelope'], raw: Buffer): ReceivedMail;
}

/** The mails in a folder: an index and one file each. */
export function openMailbox(folder: string, now: () => number): Mailbox {
  const disk = openDisk<readonly KeptMail[]>(folder, 'smtp-mails');
  const files = join(folder, 'smtp-mails');
  mkdirSync(files, { recursive: true });
  const file = (id: string) => join(files, `${id}.eml`);
  let mails: readonly ReceivedMail[] = (disk.read() ?? []).map((kept) => ({
    ...kept,
    receivedAt: new Date(kept.receivedAt),
    raw: readFileSync(file(kept.id)),
  }));
  return {
    list: () => mails,
    add(envelope, raw) {
      const mail = { id: String(mails.length + 1), receivedAt: new Date(now()), envelope, raw };
      writeFileSync(file(mail.id), raw);
      mails = [...mails, mail];
      disk.write(
        mails.map(({ id, receivedAt, envelope: to }) => ({
          id,
          receivedAt: receivedAt.toISOString(),
          envelope: to,
        })),
      );
      return mail;
    },
  };
}
