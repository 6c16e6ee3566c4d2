import type { Publication } from '#ports/platform.ts';
import { firstSentence } from '#post/fit-caption.ts';
import { escapeHtml, htmlOf, plainOf } from './html.ts';

/** Loads what mails are made with. */
export function load(): Promise<typeof import('nodemailer')> {
  return import('nodemailer');
}

/** The mail as it goes out: text, HTML with the picture in it, and no word of who else gets it. */
export async function compose(from: string, publication: Publication): Promise<Buffer> {
  const { createTransport } = (await load()).default;
  const composer = createTransport({ streamTransport: true, buffer: true });
  const { caption, entities, picture, postId, altText = altTextOf(caption) } = publication;
  const words = { text: caption, entities };
  const { message } = await composer.sendMail({
    from,
    to: from,
    subject: subjectOf(caption),
    messageId: messageId(from, publication),
    text: plainOf(words),
    html: page(htmlOf(words), altText),
    attachments: [
      {
        filename: `${postId}.jpg`,
        content: picture,
        contentType: 'image/jpeg',
        cid: 'photo',
        contentDisposition: 'inline',
      },
    ],
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  if (!Buffer.isBuffer(message)) throw new Error('nodemailer did not buffer the mail');
  return message;
}

/** One line, at most 80 UTF-16 units. */
export function subjectOf(caption: string): string {
  return firstSentence(caption, 80) || 'A new photo';
}

/** Where nothing was said about the picture; at most 200 UTF-16 units. */
export function altTextOf(caption: string): string {
  return firstSentence(caption, 200);
}

/** The same for every attempt, so that a mail program shows two copies as one. */
export function messageId(from: string, { postId }: Publication): string {
  return `<${postId}.email@${from.slice(from.indexOf('@') + 1)}>`;
}

function page(paragraphs: string, alt: string): string {
  return [
    '<div style="max-width:680px;margin:0 auto;font:16px/1.5 -apple-system,Segoe UI,Roboto,sans-serif">',
    `<img src="cid:photo" alt="${escapeHtml(alt)}" style="display:block;width:100%;height:auto;margin:0 0 1.25em">`,
    paragraphs,
    '</div>',
  ].join('\n');
}
