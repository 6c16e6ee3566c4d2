import PostalMime, { type Email } from 'postal-mime';
import type { ReceivedMail } from '#simulator/smtp/mailbox.ts';

/** A mail as a list of mails shows it. */
export interface MailView {
  readonly id: string;
  readonly from: string;
  readonly subject: string;
  /** As the header says; empty when it names nobody. */
  readonly to: string;
  /** Who got it. */
  readonly recipients: readonly string[];
  /** Seconds since 1970. */
  readonly date: number;
  readonly attachments: number;
}

export type ReadMails = (mails: readonly ReceivedMail[]) => Promise<readonly MailView[]>;

/** Reads each mail once, however often it is asked for. */
export function createMailReader(): ReadMails {
  const known = new Map<string, MailView>();
  async function read(mail: ReceivedMail): Promise<MailView> {
    const found = known.get(mail.id) ?? viewOf(mail, await parse(mail));
    known.set(mail.id, found);
    return found;
  }
  return (mails) => Promise.all(mails.map(read));
}

/** Undefined for what no mail program could read, such as parts within parts without end. */
function parse({ raw }: ReceivedMail): Promise<Email | undefined> {
  return PostalMime.parse(raw, { attachmentEncoding: 'base64' }).catch(() => undefined);
}

function viewOf({ id, receivedAt, envelope }: ReceivedMail, email: Email | undefined): MailView {
  const attached = email?.attachments.filter(({ disposition }) => disposition === 'attachment');
  return {
    id,
    from: email?.from?.name || (email?.from?.address ?? envelope.from),
    subject: email?.subject ?? '',
    to: (email?.to ?? []).map((each) => each.name || (each.address ?? '')).join(', '),
    recipients: envelope.to,
    date: Math.floor(receivedAt.getTime() / 1000),
    attachments: attached?.length ?? 0,
  };
}

/** The body as a mail program draws it: the HTML with its pictures inside it, or else the plain text. */
export async function mailBody(mail: ReceivedMail): Promise<string> {
  const email = await parse(mail);
  if (email?.html === undefined) {
    const text = email === undefined ? 'This mail cannot be read.' : (email.text ?? '');
    return `<pre style="white-space: pre-wrap">${escaped(text)}</pre>`;
  }
  const pictures = new Map(
    email.attachments.map(({ contentId, mimeType, content }) => [
      contentId?.replace(/^<|>$/g, ''),
      `data:${mimeType};base64,${content}`,
    ]),
  );
  return email.html.replaceAll(/cid:([^"'\s)>]+)/g, (link, id: string) => pictures.get(id) ?? link);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
