import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MailView } from '#simulator/page/mail.ts';
import { plainJpeg } from '../../fakes/plain-pictures.ts';
import { type Answer, type OpenPage, openPage } from './open-page.ts';

let page: OpenPage;
let transport: Transporter;

beforeAll(async () => {
  page = await openPage();
  const { host, port, user, password, certificate } = page.simulator.smtp;
  const auth = { user, pass: password };
  transport = createTransport({ host, port, requireTLS: true, auth, tls: { ca: certificate } });
});

afterAll(async () => {
  transport.close();
  await page.close();
});

const from = 'Anna Example <anna@example.com>';
const to = ['Family <family@example.com>', 'friends@example.org'];
const picture = await plainJpeg(64, 48);
const other = await plainJpeg(64, 48, '#a03010');
const dataUrl = (bytes: Buffer) => `data:image/jpeg;base64,${bytes.toString('base64')}`;

/** Sends a mail; the result is how the list shows it and how it is drawn. */
async function send(mail: SendMailOptions): Promise<{ readonly view: MailView; readonly drawn: Answer }> {
  await transport.sendMail({ from, to, ...mail });
  const { id } = page.simulator.smtp.mails().at(-1) ?? { id: '' };
  const view = (await page.snapshot()).mails.at(-1);
  expect(view?.id).toBe(id);
  return { view: view as MailView, drawn: await page.ask({ path: `/media/mail/${id}` }) };
}

/** A mail as it comes over the line, composed by hand. */
function sendRaw(...lines: readonly string[]) {
  const envelope = { from: 'anna@example.com', to: ['family@example.com'] };
  return send({ envelope, raw: lines.join('\r\n') });
}

const inline = (filename: string, cid: string, content = picture) => ({
  filename,
  cid,
  content,
  contentType: 'image/jpeg',
  contentDisposition: 'inline' as const,
});

describe('the list of mails shows', () => {
  test('who wrote, to whom, when, and what it is about', async () => {
    const beforeSeconds = Math.floor(Date.now() / 1000);
    const { view } = await send({
      subject: 'Grüße vom Leuchtturm — 灯台 ✨',
      text: 'Ein neues Bild.',
      html: '<p>Ein neues Bild. <img src="cid:photo"></p>',
      attachments: [inline('a.jpg', 'photo')],
    });
    expect(view).toEqual({
      id: expect.any(String),
      from: 'Anna Example',
      subject: 'Grüße vom Leuchtturm — 灯台 ✨',
      to: 'Family, friends@example.org',
      recipients: ['family@example.com', 'friends@example.org'],
      date: expect.any(Number),
      attachments: 0,
    });
    expect(view.date).toBeGreaterThanOrEqual(beforeSeconds);
    expect(view.date).toBeLessThanOrEqual(Date.now() / 1000);
  });

  test('who got a mail that names nobody', async () => {
    const { view } = await send({ to: [], bcc: to, subject: 'To all', text: 'Hello' });
    expect(view).toMatchObject({ to: '', recipients: ['family@example.com', 'friends@example.org'] });
  });

  test('a file that comes with it, and no picture inside it, as an attachment', async () => {
    const file = { filename: 'full size.jpg', content: picture };
    const { view } = await send({
      subject: 'Both',
      html: '<img src="cid:photo">',
      attachments: [inline('a.jpg', 'photo'), file],
    });
    expect(view.attachments).toBe(1);
  });

  test.each<[string, SendMailOptions, Partial<MailView>]>([
    ['no subject', { text: 'Hello' }, { subject: '' }],
    ['no name', { from: 'anna@example.com', text: 'Hello' }, { from: 'anna@example.com' }],
    [
      'a name with marks',
      { from: { name: 'O’Neil, "Zoë"', address: 'z@example.com' }, text: '-' },
      { from: 'O’Neil, "Zoë"' },
    ],
    ['no text', { subject: 'Empty' }, { subject: 'Empty' }],
  ])('a mail with %s', async (_what, mail, expected) => {
    expect((await send(mail)).view).toMatchObject(expected);
  });

  test('a mail without any header by its envelope', async () => {
    const { view } = await sendRaw('', 'Only a text.');
    expect(view).toMatchObject({
      from: 'anna@example.com',
      subject: '',
      to: '',
      recipients: ['family@example.com'],
    });
  });
});

describe('a mail is drawn', () => {
  test('with its pictures inside it, the same bytes', async () => {
    const { drawn } = await send({
      subject: 'Dusk',
      html: '<p>Für euch <img src="cid:photo@darkroom" alt="A lake"> <img src=\'cid:photo@darkroom\'></p>',
      attachments: [inline('a.jpg', 'photo@darkroom')],
    });
    expect(drawn.status).toBe(200);
    expect(drawn.headers['content-type']).toMatch(/^text\/html; charset=utf-8$/i);
    const url = dataUrl(picture);
    expect(drawn.text.trim()).toBe(`<p>Für euch <img src="${url}" alt="A lake"> <img src='${url}'></p>`);
  });

  test('with several pictures, each in its place, also when their names begin alike', async () => {
    const { drawn } = await send({
      subject: 'Two',
      html: '<img src="cid:photo1"><img src="cid:photo10">',
      attachments: [inline('1.jpg', 'photo1', picture), inline('10.jpg', 'photo10', other)],
    });
    expect(drawn.text.trim()).toBe(`<img src="${dataUrl(picture)}"><img src="${dataUrl(other)}">`);
  });

  test('as its text when it has no HTML, letter for letter', async () => {
    const { drawn } = await send({
      subject: 'Text',
      text: 'a < b && c > d\n<script>alert(1)</script>\n&lt;',
    });
    expect(drawn.text).toContain('a &lt; b &amp;&amp; c');
    expect(drawn.text).toContain('&lt;script>alert(1)&lt;/script>');
    expect(drawn.text).toContain('&amp;lt;');
    expect(drawn.text).not.toContain('<script');
  });

  test('with scripts that cannot run, forms that cannot be sent and nothing from elsewhere', async () => {
    const html =
      '<script>parent.document.title = "x"</script><img src="https://evil.example/x.gif" onerror="alert(1)"><form action="/act"></form>';
    const { drawn } = await send({ subject: 'Scripts', html });
    expect(drawn.text).toContain('<script>');
    const rules = String(drawn.headers['content-security-policy']).split('; ');
    expect(rules).toContain("default-src 'none'");
    expect(rules).toContain('img-src data:');
    expect(rules).toContain("form-action 'none'");
    expect(rules).toContain("base-uri 'none'");
    expect(rules).toContain("frame-ancestors 'self'");
    expect(rules).toContain('sandbox');
    expect(rules.filter((rule) => /script|connect|frame-src|allow-/.test(rule))).toEqual([]);
    expect(drawn.headers).toMatchObject({
      'x-frame-options': 'SAMEORIGIN',
      'x-content-type-options': 'nosniff',
    });
  });

  test('anew when the world is another one: the number of a mail begins again with it', async () => {
    const { drawn } = await send({ subject: 'Mine', text: 'Mine' });
    expect(drawn.headers['cache-control']).not.toContain('immutable');
  });
});

describe('broken mail is shown as well as it goes, and the page goes on:', () => {
  const open = 'Content-Type: multipart/related; boundary="x"';
  const html = ['--x', 'Content-Type: text/html', '', '<p>Dusk <img src="cid:photo"></p>'];
  const image = [
    '--x',
    'Content-Type: image/jpeg',
    'Content-Id: <photo>',
    'Content-Transfer-Encoding: base64',
    '',
  ];
  const nested = (depth: number) =>
    Array.from(
      { length: depth },
      (_, at) => `${at > 0 ? `--b${at - 1}\r\n` : ''}Content-Type: multipart/mixed; boundary="b${at}"\r\n`,
    );

  test.each<[string, readonly string[], RegExp]>([
    ['no last boundary', [open, '', ...html], /<p>Dusk/],
    ['no boundary at all', [open, '', 'Dusk'], /./],
    ['base64 that is none', [open, '', ...html, ...image, '!!!not base64!!!', '--x--'], /<p>Dusk/],
    ['a picture that is not there', [open, '', ...html, '--x--'], /src="cid:photo"/],
    ['an encoding that there is not', ['Content-Type: text/plain; charset=klingon-8', '', 'Dusk'], /Dusk/],
    ['bytes that are no UTF-8', ['Subject: =?utf-8?Q?=FF=FE?=', '', 'Dusk'], /Dusk/],
    ['a date that is none', ['Date: the day after', '', 'Dusk'], /Dusk/],
    ['nothing in it', ['', ''], /<pre/],
    ['300 parts within each other', [...nested(300), '--b299', '', 'Dusk'], /./],
  ])('%s', async (_what, lines, drawnAs) => {
    const before = page.simulator.smtp.mails().length;
    const { view, drawn } = await sendRaw(...lines);
    expect(view.recipients).toEqual(['family@example.com']);
    expect(page.simulator.smtp.mails()).toHaveLength(before + 1);
    expect(drawn.status).toBe(200);
    expect(drawn.text).toMatch(drawnAs);
  });
});
