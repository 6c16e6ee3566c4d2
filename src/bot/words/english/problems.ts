import type { Problem } from '#post/delivery.ts';
import { whereCodeIs } from './phrases.ts';

interface Named {
  readonly id?: string;
  readonly name: string;
}

/** What is wrong and what helps, in one or two sentences. */
export function problem({ id, name }: Named, { kind, detail, code }: Problem): string {
  switch (kind) {
    case 'signed-out':
      if (id === 'email') {
        return 'The mail server does not accept the user name or the password. Gmail wants an app password: make one on myaccount.google.com/apppasswords and write it to SMTP_PASSWORD. Start Darkroom again, then try again.';
      }
      return name === 'Dropbox'
        ? 'Dropbox no longer lets me in. Run npm run connect-dropbox again, put the new lines into .env, and start Darkroom again.'
        : (signedOutOfInstagram(id, name, detail) ??
            `${name} does not accept the password or token. Correct ${secrets.get(id ?? '') ?? 'it'} in your settings, start Darkroom again, then try again.`);
    case 'check-point':
      return (
        checkPointOfInstagram(id, name, detail, code) ??
        `${name} wants to know that it is you. Open its app, confirm what it asks, then try again.`
      );
    case 'held-back':
      return `${name} holds this account back for now. Leave it alone for a day, then try again.`;
    case 'no-permission':
      if (id === 'telegram') return whyNotPosted(detail);
      if (id === 'owner-chat') {
        return detail?.includes('blocked')
          ? 'You have blocked me. Open the chat with your bot in Telegram and press Restart.'
          : 'I may not write to you yet. Open the chat with your bot in Telegram and press Start. If that does not help, check TELEGRAM_OWNER_ID.';
      }
      if (name === 'Dropbox' && /^(files\.|missing_scope)/.test(detail ?? '')) {
        const which = detail?.startsWith('files.') ? `: ${detail}` : '';
        return `Your Dropbox app lacks a permission${which}. On dropbox.com/developers/apps open Permissions, tick files.metadata.read, files.content.read and files.content.write, press Submit, then run npm run connect-dropbox again.`;
      }
      return `${name} does not allow this${said(detail)}. Check what this account may do, then try again.`;
    case 'no-credit':
      return `Your credit at ${name} is used up. Top it up there.`;
    case 'not-found':
      return whereIsIt(id, name, detail);
    case 'not-set-up':
      if (id === 'owner-chat') {
        return 'This bot has no owner yet. Start Darkroom and send the bot the line with /start that the log shows.';
      }
      return `${name} is no longer set up.`;
    case 'rate-limited':
      if (id === 'email') {
        return detail?.includes('login')
          ? 'Your mail provider wants a break because of too many sign-ins.'
          : 'Your mail provider takes no more mails from you today.';
      }
      return `${name} wants a break because of too many requests.`;
    case 'unsafe':
      return id === 'email'
        ? whyUnsafe(detail)
        : `I cannot be sure that this is really ${name}, so I sent it nothing. Try again from another network.`;
    case 'unreachable':
      return `${name} could not be reached.`;
    case 'timeout':
      return `${name} did not answer in time.`;
    case 'out-of-order':
      return `${name} has a fault of its own right now.`;
    case 'rejected':
      return `${name} did not take it${said(detail)}.`;
    case 'unexpected':
      return `Something unexpected happened${said(detail)}. The log has more.`;
  }
}

/** Instagram's own codes tell what exactly it wants; a session from the browser is the way out of most of it. */
function checkPointOfInstagram(
  id: string | undefined,
  name: string,
  detail = '',
  code: Problem['code'] = undefined,
): string | undefined {
  if (id !== 'instagram') return undefined;
  const useSession =
    'Put a session from your browser into INSTAGRAM_SESSION (the README shows how), start Darkroom again, then try again.';
  if (detail === 'two_factor_required') {
    return code === undefined
      ? `${name} wants a code from your phone, but not in a way that I know. ${useSession}`
      : `${name} wants a code before it lets me in: ${whereCodeIs(code)}. Press 🔢 and send it to me.`;
  }
  if (detail === 'unsupported_version' || detail === 'needs_upgrade')
    return `${name} finds my version of its app too old. ${useSession} If that does not help, set a newer INSTAGRAM_APP_VERSION with its INSTAGRAM_APP_VERSION_CODE.`;
  return undefined;
}

function signedOutOfInstagram(id: string | undefined, name: string, code = ''): string | undefined {
  if (id !== 'instagram') return undefined;
  if (code === 'login_required' || code === 'user_has_logged_out')
    return `${name} has ended my sign-in. Press 🔁 and I sign in once with your password; without one, put a new session into INSTAGRAM_SESSION and start Darkroom again.`;
  if (code === 'bad_password' || code === 'invalid_credentials')
    return `${name} does not accept the password; it also says so when it does not trust a sign-in. Correct it in your settings, or put a session from your browser into INSTAGRAM_SESSION, start Darkroom again, then try again.`;
  return undefined;
}

/** Where the owner corrects what was not accepted, by the service. */
const secrets = new Map([
  ['telegram', 'TELEGRAM_BOT_TOKEN'],
  ['owner-chat', 'TELEGRAM_BOT_TOKEN'],
  ['instagram-official', 'INSTAGRAM_ACCESS_TOKEN'],
  ['replicate', 'REPLICATE_API_TOKEN'],
  ['openai', 'OPENAI_API_KEY'],
]);

/** Telegram tells these apart only in its words (telegram-bot-api, Client.cpp). */
function whyNotPosted(detail = ''): string {
  return /kicked|not a member/.test(detail)
    ? 'I am no longer in the channel. Make me an administrator there again, then try again.'
    : 'I may not post there. Make me an administrator of the channel, then try again.';
}

/** By nodemailer's and Node's codes. */
function whyUnsafe(detail = ''): string {
  if (detail === 'no STARTTLS' || detail.startsWith('ERR_SSL_')) {
    return 'The mail server offers no encryption at this port, so I sent it neither your password nor the mail. Check SMTP_HOST and SMTP_PORT (587 or 465), start Darkroom again, then try again.';
  }
  if (detail === 'CERT_HAS_EXPIRED') {
    return 'The certificate of the mail server has run out, so I sent it neither your password nor the mail. Your mail provider has to renew it; if that is not it, check the date of this computer.';
  }
  return 'I cannot be sure that this is really your mail server, so I sent it neither your password nor the mail. Check that SMTP_HOST is exactly the name that your provider gives, start Darkroom again, then try again.';
}

function whereIsIt(id: string | undefined, name: string, detail = ''): string {
  const moved = /upgraded to a supergroup.*: (-\d+)$/.exec(detail)?.[1];
  if (id === 'telegram' && moved !== undefined) {
    return `The group has a new number. Write TELEGRAM_CHANNEL_ID=${moved} into your settings, start Darkroom again, then try again.`;
  }
  if (id === 'replicate') return 'Replicate does not have this model. Check REPLICATE_MODEL.';
  if (id === 'openai') {
    return 'OpenAI does not have this model, or your account may not use it. Check OPENAI_MODEL.';
  }
  if (id === 'telegram') return 'The channel is not there, or I am not in it. Check TELEGRAM_CHANNEL_ID.';
  if (id === 'email') return 'There is no such mailbox. Check the addresses in EMAIL_TO.';
  if (name === 'Dropbox') return 'I cannot find your photo folder in Dropbox. Check DROPBOX_IMAGE_FOLDER.';
  return `${name} did not find what I asked for. Check your settings.`;
}

function said(detail: string | undefined): string {
  return detail === undefined ? '' : ` (“${detail}”)`;
}
