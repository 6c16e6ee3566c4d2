import type { Problem } from '#post/delivery.ts';
import { place, whereCodeIs } from './phrases.ts';

interface Named {
  readonly id?: string;
  readonly name: string;
}

/** What is wrong and what helps, in one or two sentences. */
export function problem({ id, name: given }: Named, { kind, detail, code }: Problem): string {
  const name = place(given);
  switch (kind) {
    case 'signed-out':
      if (id === 'email') {
        return 'Der Mailserver nimmt den Benutzernamen oder das Passwort nicht an. Gmail will ein App-Passwort: Erstelle eines auf myaccount.google.com/apppasswords und schreib es in SMTP_PASSWORD. Starte Darkroom neu und versuch es dann noch einmal.';
      }
      return name === 'Dropbox'
        ? 'Dropbox lässt mich nicht mehr hinein. Führe npm run connect-dropbox noch einmal aus, trag die neuen Zeilen in .env ein und starte Darkroom neu.'
        : (signedOutOfInstagram(id, name, detail) ??
            `${name} nimmt das Passwort oder Token nicht an. Korrigiere ${secrets.get(id ?? '') ?? 'es'} in deinen Einstellungen, starte Darkroom neu und versuch es dann noch einmal.`);
    case 'check-point':
      return (
        checkPointOfInstagram(id, name, detail, code) ??
        `${name} will wissen, ob du es wirklich bist. Öffne die App dazu, bestätige dort, was sie fragt, und versuch es dann noch einmal.`
      );
    case 'held-back':
      return `${name} hält dieses Konto gerade zurück. Lass es einen Tag in Ruhe und versuch es dann noch einmal.`;
    case 'no-permission':
      if (id === 'telegram') return whyNotPosted(detail);
      if (id === 'owner-chat') {
        return detail?.includes('blocked')
          ? 'Du hast mich blockiert. Öffne in Telegram den Chat mit deinem Bot und tippe auf Neu starten.'
          : 'Ich darf dir noch nicht schreiben. Öffne in Telegram den Chat mit deinem Bot und tippe auf Starten. Wenn das nicht hilft, prüfe TELEGRAM_OWNER_ID.';
      }
      if (name === 'Dropbox' && /^(files\.|missing_scope)/.test(detail ?? '')) {
        const which = detail?.startsWith('files.') ? `: ${detail}` : '';
        return `Deiner Dropbox-App fehlt eine Berechtigung${which}. Öffne auf dropbox.com/developers/apps den Reiter Permissions, setze Häkchen bei files.metadata.read, files.content.read und files.content.write, klicke auf Submit und führe dann npm run connect-dropbox noch einmal aus.`;
      }
      return `${name} erlaubt das nicht${said(detail)}. Prüfe, was dieses Konto darf, und versuch es dann noch einmal.`;
    case 'no-credit':
      return `${name} meldet, dass dein Guthaben aufgebraucht ist. Lade es dort auf.`;
    case 'not-found':
      return whereIsIt(id, name, detail);
    case 'not-set-up':
      if (id === 'owner-chat') {
        return 'Dieser Bot gehört noch niemandem. Starte Darkroom und schick dem Bot die Zeile mit /start, die im Protokoll steht.';
      }
      return `${name} ist nicht mehr eingerichtet.`;
    case 'rate-limited':
      if (id === 'email') {
        return detail?.includes('login')
          ? 'Dein Mailanbieter braucht eine Pause, weil ich mich zu oft angemeldet habe.'
          : 'Dein Mailanbieter nimmt heute keine Mails mehr von dir an.';
      }
      return `${name} braucht eine Pause, es waren zu viele Anfragen.`;
    case 'unsafe':
      return id === 'email'
        ? whyUnsafe(detail)
        : `${name} lässt sich nicht sicher erkennen, darum habe ich nichts gesendet. Versuch es in einem anderen Netz noch einmal.`;
    case 'unreachable':
      return `${name} war nicht zu erreichen.`;
    case 'timeout':
      return `${name} hat nicht rechtzeitig geantwortet.`;
    case 'out-of-order':
      return `${name} hat gerade selbst eine Störung.`;
    case 'rejected':
      return `${name} hat es nicht angenommen${said(detail)}.`;
    case 'unexpected':
      return `Etwas Unerwartetes ist passiert${said(detail)}. Mehr steht im Protokoll.`;
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
    'Trag eine Sitzung aus deinem Browser in INSTAGRAM_SESSION ein (das README zeigt, wie), starte Darkroom neu und versuch es dann noch einmal.';
  if (detail === 'two_factor_required') {
    return code === undefined
      ? `${name} will einen Code von deinem Handy, aber auf einem Weg, den ich nicht kenne. ${useSession}`
      : `${name} will einen Code, bevor ich hinein darf: ${whereCodeIs(code)}. Tippe auf 🔢 und schick ihn mir.`;
  }
  if (detail === 'unsupported_version' || detail === 'needs_upgrade')
    return `${name} findet meine Version der App zu alt. ${useSession} Wenn das nicht hilft, trag eine neuere INSTAGRAM_APP_VERSION mit ihrem INSTAGRAM_APP_VERSION_CODE ein.`;
  return undefined;
}

function signedOutOfInstagram(id: string | undefined, name: string, code = ''): string | undefined {
  if (id !== 'instagram') return undefined;
  if (code === 'login_required' || code === 'user_has_logged_out')
    return `${name} hat mich abgemeldet. Tippe auf 🔁, dann melde ich mich einmal mit deinem Passwort an; ohne Passwort trag eine neue Sitzung in INSTAGRAM_SESSION ein und starte Darkroom neu.`;
  if (code === 'bad_password' || code === 'invalid_credentials')
    return `${name} nimmt das Passwort nicht an; das heißt es auch, wenn einer Anmeldung nicht getraut wird. Korrigiere es in deinen Einstellungen oder trag eine Sitzung aus deinem Browser in INSTAGRAM_SESSION ein, starte Darkroom neu und versuch es dann noch einmal.`;
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
    ? 'Ich bin nicht mehr im Kanal. Mach mich dort wieder zum Administrator und versuch es dann noch einmal.'
    : 'Ich darf dort nichts veröffentlichen. Mach mich zum Administrator des Kanals und versuch es dann noch einmal.';
}

/** By nodemailer's and Node's codes. */
function whyUnsafe(detail = ''): string {
  if (detail === 'no STARTTLS' || detail.startsWith('ERR_SSL_')) {
    return 'Der Mailserver bietet an diesem Port keine Verschlüsselung an, darum habe ich weder dein Passwort noch die Mail gesendet. Prüfe SMTP_HOST und SMTP_PORT (587 oder 465), starte Darkroom neu und versuch es dann noch einmal.';
  }
  if (detail === 'CERT_HAS_EXPIRED') {
    return 'Das Zertifikat des Mailservers ist abgelaufen, darum habe ich weder dein Passwort noch die Mail gesendet. Dein Mailanbieter muss es erneuern; wenn es daran nicht liegt, prüfe das Datum dieses Computers.';
  }
  return 'Ich kann nicht sicher sein, ob das wirklich dein Mailserver ist, darum habe ich weder dein Passwort noch die Mail gesendet. Prüfe, ob in SMTP_HOST genau der Name steht, den dein Anbieter nennt, starte Darkroom neu und versuch es dann noch einmal.';
}

function whereIsIt(id: string | undefined, name: string, detail = ''): string {
  const moved = /upgraded to a supergroup.*: (-\d+)$/.exec(detail)?.[1];
  if (id === 'telegram' && moved !== undefined) {
    return `Die Gruppe hat eine neue Nummer. Trag TELEGRAM_CHANNEL_ID=${moved} in deine Einstellungen ein, starte Darkroom neu und versuch es dann noch einmal.`;
  }
  if (id === 'replicate') return 'Replicate hat dieses Modell nicht. Prüfe REPLICATE_MODEL.';
  if (id === 'openai') {
    return 'OpenAI hat dieses Modell nicht, oder dein Konto darf es nicht benutzen. Prüfe OPENAI_MODEL.';
  }
  if (id === 'telegram')
    return 'Den Kanal gibt es nicht, oder ich bin nicht darin. Prüfe TELEGRAM_CHANNEL_ID.';
  if (id === 'email') return 'Dieses Postfach gibt es nicht. Prüfe die Adressen in EMAIL_TO.';
  if (name === 'Dropbox')
    return 'Ich finde deinen Fotoordner in der Dropbox nicht. Prüfe DROPBOX_IMAGE_FOLDER.';
  return `${name} hat nicht gefunden, wonach ich gefragt habe. Prüfe deine Einstellungen.`;
}

function said(detail: string | undefined): string {
  return detail === undefined ? '' : ` („${detail}“)`;
}
