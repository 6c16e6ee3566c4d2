import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { z } from 'zod';
import type { Check } from '#ports/check.ts';
import { definePlatform, type Outcome, type PlatformContext, type Publication } from '#ports/platform.ts';
import { policies } from '#ports/policies.ts';
import { altTextOf, compose, load, messageId, subjectOf } from './email/mail.ts';
import { outcomeOfError } from './email/refusals.ts';

const { limitMs, connectMs } = policies.publishing.email;

const address = z.email('is not a mail address');

/** No provider tells capital letters apart in an address. */
function withoutRepeats(addresses: readonly string[]): readonly string[] {
  return addresses.filter((each, index) => !isAmong(addresses.slice(0, index), each));
}

function isAmong(addresses: readonly string[], address: string): boolean {
  return addresses.some((each) => each.toLowerCase() === address.toLowerCase());
}

/**
 * Mails each post, with the picture in the text, to a list of people who do not see each other. Nobody can take a mail
 * back, so there is no `withdraw`.
 */
export const email = definePlatform({
  id: 'email',
  name: 'Email',
  settings: {
    SMTP_HOST: z
      .string()
      .optional()
      .meta({ where: 'your mail provider calls it "SMTP server"; for Gmail smtp.gmail.com' }),
    SMTP_PORT: z.coerce
      .number('is not a number')
      .int('is not a whole number')
      .min(1, 'is not a port; those go from 1 to 65535')
      .max(65535, 'is not a port; those go from 1 to 65535')
      .default(587)
      .meta({ where: '587, or 465 where your provider says so' }),
    SMTP_USER: z.string().optional().meta({ where: 'mostly your whole mail address' }),
    SMTP_PASSWORD: z
      .string()
      .optional()
      .meta({ where: 'for Gmail an app password from myaccount.google.com/apppasswords', secret: true }),
    EMAIL_FROM: address.optional().meta({ where: 'your mail address; without it SMTP_USER is taken' }),
    EMAIL_TO: z
      .string()
      .transform((list) => list.split(/[\s,;]+/).filter((each) => each !== ''))
      .pipe(z.array(address).min(1, 'names nobody').transform(withoutRepeats))
      .optional()
      .meta({ where: 'who gets the pictures; several addresses with commas between' }),
  },
  needs: ['SMTP_HOST', 'SMTP_USER', 'SMTP_PASSWORD', 'EMAIL_TO'],
  // Gmail takes 25 MB with its encoding; phones should not have to load more than 2 MB.
  pictureLimits: {
    maxBytes: 2_000_000,
    maxLongEdge: 1600,
    minWidth: 1,
    minRatio: 0,
    maxRatio: Number.POSITIVE_INFINITY,
  },
  captionLimits: {
    maxLength: 100_000,
    maxHashtags: Number.POSITIVE_INFINITY,
    maxAltText: 1000,
    hasFormatting: true,
  },
  create(settings, { certificate }) {
    const sender: Sender = {
      host: settings.SMTP_HOST ?? '',
      port: settings.SMTP_PORT,
      user: settings.SMTP_USER ?? '',
      password: settings.SMTP_PASSWORD ?? '',
      from: settings.EMAIL_FROM ?? settings.SMTP_USER ?? '',
      to: settings.EMAIL_TO ?? [],
      certificate,
    };
    return {
      subject: subjectOf,
      altText: altTextOf,
      publish: (publication) => publish(sender, publication),
      load: () => Promise.all([load(), loadConnection()]),
      check: () => check(sender),
    };
  },
});

interface Sender {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly certificate: PlatformContext['certificate'];
}

/**
 * nodemailer reports a connection lost before the mail and one lost after it in the same words. So the mail is
 * handed over as a stream, which is read when the server asks for it: until it was read to its end, nobody can
 * have the mail.
 */
async function publish(sender: Sender, publication: Publication): Promise<Outcome> {
  const { reached = [] } = publication;
  const to = sender.to.filter((each) => !isAmong(reached, each));
  const ref = messageId(sender.from, publication);
  // Those that were still to get it are no longer in the settings.
  if (to.length === 0) return { outcome: 'published', ref };
  const body = Readable.from([await compose(sender.from, publication)]);
  let isHandedOver = false;
  body.once('end', () => {
    isHandedOver = true;
  });
  try {
    const { rejected = [], rejectedErrors = [] } = await send({ ...sender, to }, body);
    if (rejected.length === 0) return { outcome: 'published', ref };
    const missed = rejected.map(String);
    const passing = rejectedErrors.map((each) => outcomeOfError(each, false)).find(isPassing);
    if (passing === undefined) return { outcome: 'published', ref, missed };
    // Also those that are no longer in the settings: they may come back.
    const all = [...reached, ...to.filter((each) => !missed.includes(each))];
    return { outcome: 'partly', ref, problem: passing.problem, reached: all, missed };
  } catch (error) {
    return outcomeOfError(error, isHandedOver);
  }
}

interface Sent {
  readonly rejected?: readonly unknown[] | undefined;
  /** Why, in the same order. */
  readonly rejectedErrors?: readonly unknown[] | undefined;
}

function isPassing(outcome: Outcome): outcome is Extract<Outcome, { readonly outcome: 'not-sent' }> {
  return outcome.outcome === 'not-sent';
}

/** One connection for one mail. */
function send(sender: Sender, body: Readable): Promise<Sent> {
  return signedIn<Sent>(sender, (connection, { resolve, reject }) => {
    connection.send({ from: sender.from, to: [...sender.to] }, body, (error, info) => {
      if (error) reject(error);
      else resolve(info ?? {});
    });
  });
}

/** Signs in and leaves without a mail. */
async function check(sender: Sender): Promise<Check> {
  try {
    await signedIn<void>(sender, (connection, { resolve }) => {
      connection.quit();
      resolve();
    });
    return { state: 'works' };
  } catch (error) {
    const { outcome, ...told } = outcomeOfError(error, false);
    return { state: 'broken', problem: 'problem' in told ? told.problem : { kind: 'unexpected' } };
  }
}

const loadConnection = () => import('nodemailer/lib/smtp-connection');

/** Does something on a connection that is encrypted and signed in. Ends within the limit, however slowly the server speaks. */
async function signedIn<T>(
  sender: Sender,
  work: (connection: SMTPConnection, done: PromiseWithResolvers<T>) => void,
): Promise<T> {
  const { default: SMTPConnection } = await loadConnection();
  const connection = new SMTPConnection({
    host: sender.host,
    port: sender.port,
    secure: sender.port === 465,
    requireTLS: sender.port !== 465,
    // Whom a mail comes from stands in it for all readers; by itself nodemailer gives the machine's own name.
    name: '[127.0.0.1]',
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: limitMs,
    ...(sender.certificate !== undefined && { tls: { ca: sender.certificate } }),
  });
  const done = Promise.withResolvers<T>();
  const limit = setTimeout(() => done.reject({ code: 'ETIMEDOUT' }), limitMs);
  connection.on('error', done.reject);
  connection.connect((refused) => {
    if (refused) return done.reject(refused);
    connection.login(
      { user: sender.user, credentials: { user: sender.user, pass: sender.password } },
      (denied) => {
        if (denied) done.reject(Object.assign(denied, { isSignIn: true }));
        else work(connection, done);
      },
    );
  });
  try {
    return await done.promise;
  } finally {
    clearTimeout(limit);
    connection.close();
  }
}
