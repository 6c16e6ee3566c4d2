import type { Misfit } from '#post/content.ts';
import type { PictureRef } from '#post/delivery.ts';
import { shownName } from '#post/file-name.ts';
import type { FittedCaption } from '#post/fit-caption.ts';
import type { DecidedBy, Draft, LookAlike, PostIn } from '#post/post.ts';
import { cutOff, isEnlarged, ratioOf, type Shape } from '#post/shape.ts';
import { counted, locale } from './phrases.ts';

export const card = {
  noCaption: '(Noch keine Bildunterschrift. Tippe auf „Ändern“ und schreib eine.)',
  photo: (name: string, which: number, texts: number) =>
    texts > 1 ? `📷 ${shownName(name)} · Text ${which}/${texts}` : `📷 ${shownName(name)}`,
  nowhere:
    '👉 Gerade geht es nirgendwohin, darum fehlt „Freigeben“. Tippe auf 📣 Wohin und schalte einen Ort ein.',
  skippedForever: '🚫 Es kommt nicht wieder von selbst. /post und sein Name bringen es trotzdem.',
  lookAlike: ({ name, day, isSame }: LookAlike) =>
    isSame
      ? `👯 Es sieht genauso aus wie ${shownName(name)}, veröffentlicht am ${dayInWords(day)}.`
      : `👯 Es sieht ${shownName(name)} vom ${dayInWords(day)} sehr ähnlich.`,
  writingAnother: '✍️ Ich schreibe eine andere Bildunterschrift …',
  goingOut: 'Dieser Entwurf geht jetzt von selbst raus.',
  waits: {
    undo: (time: string) => `⏳ Geht um ${time} raus.`,
    later: (time: string) => `🕒 Geht raus: ${time}.`,
    veto: (time: string) => `🕒 Geht von selbst raus, wenn du es nicht aufhältst: ${time}.`,
  },
  notThere: (platform: string) => `${platform}: diesmal nicht`,
  withdrawing: '🗑 Wird zurückgezogen …',
  withdrawn: (path: string) =>
    `🗑 Zurückgezogen. Das Foto ist wieder da: ${shownName(path)}. Von selbst kommt es nicht wieder; /post mit seinem Namen bringt es.`,
  withdrawnGone:
    '🗑 Zurückgezogen. Das Foto habe ich nicht mehr gefunden, darum liegt es nicht wieder in deinem Ordner.',
  mayStillBeThere: (places: readonly string[]) =>
    `Es kann noch dort sein: ${places.join(', ')}. Sieh bitte nach und lösche es dort selbst.`,
  moved: 'Diese Karte steht jetzt am Ende des Chats ⬇️',
  skipped: '⏭ Übersprungen. Das Foto kommt in etwa einem Monat wieder.',
  dropped:
    '⏭ Niemand hat geantwortet, darum habe ich es zurückgelegt. Das Foto kommt in etwa einem Monat wieder.',
  reminder: '⏰ Dieser Entwurf wartet noch auf dich.',
  nobodyAnswered: 'Niemand hat geantwortet, darum habe ich es veröffentlicht, wie du es wolltest.',
  archiving: '🗂 Das Foto kommt ins Archiv …',
  archived: (path: string) => `🗂 Archiviert: ${shownName(path)}`,
  notArchived:
    '🗂 Das Foto wurde nach dem Entwurf geändert oder verschoben, darum habe ich es liegen lassen. Von selbst kommt es nicht wieder.',
  failed: 'Es wurde nirgends veröffentlicht. Das Foto bleibt in deinem Ordner.',
  onlyBeginning: '✂️ Hier passt nur der Anfang des Textes hin. „Ganzer Text“ zeigt dir alles.',
  putAway: 'Eine Woche ist um, darum lässt sich das nicht mehr wiederholen.',
  altText: (text: string) => `Alternativtext: ${text}`,
  suspicious:
    '⚠️ Im Text der KI war ein Link, eine Erwähnung, eine Telefonnummer oder ein Hashtag. Ich habe das entfernt: Bitte lies ihn genau.',
};

/** "12.11.2026" for `2026-11-12`. */
function dayInWords(day: string): string {
  const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'medium' });
  return format.format(new Date(day));
}

/** Why there will be nothing of a draft, and what comes next. */
export function expired(reason: PostIn<'expired'>['reason'], isNextTaken: boolean): string {
  const next = isNextTaken ? 'Ich nehme ein anderes.' : '/post bringt den nächsten Entwurf.';
  switch (reason) {
    case 'unreadable':
    case 'gone':
      return 'Dieses Foto kann ich nicht verwenden. Ich nehme ein anderes.';
    case 'edited':
      return `🚫 Nicht veröffentlicht: Das Foto wurde nach diesem Entwurf geändert. ${next}`;
    case 'moved':
      return `🚫 Nicht veröffentlicht: Das Foto wurde nach diesem Entwurf aus deinem Fotoordner verschoben. ${next}`;
    case 'deleted':
      return `🚫 Nicht veröffentlicht: Das Foto ist nicht mehr in deiner Dropbox. ${next}`;
    case 'put-back':
      return '🚫 Dieser Entwurf ist von früher, bevor mein Gedächtnis zurückgesetzt wurde. Ob er schon draußen ist, weiß ich nicht. Wenn nicht, macht /post mit dem Namen des Fotos einen neuen.';
  }
}

/** How a draft came to be, where that is worth a word. */
export function remark(kind: NonNullable<Draft['remark']>): string {
  switch (kind) {
    case 'no-words':
      return 'ℹ️ Die KI kann das Bild nicht sehen, und die Datei hat weder Titel noch Beschreibung. Mit „Ändern“ schreibst du selbst eine Bildunterschrift.';
    case 'no-ai':
      return 'ℹ️ Es ist keine KI eingerichtet, die Bildunterschriften schreibt. Mit „Ändern“ schreibst du deine eigene.';
    case 'not-described':
      return 'ℹ️ Replicate konnte das Bild nicht ansehen, darum entstand der Text aus den Angaben im Foto. „Neuer Text“ fragt noch einmal.';
    case 'ai-failed':
      return 'ℹ️ Die KI hat nicht geantwortet, darum ist dieser Text ein Notbehelf. „Neuer Text“ fragt noch einmal, mit „Ändern“ schreibst du selbst.';
    case 'over-budget':
      return 'ℹ️ Die KI zu fragen hätte mehr gekostet, als vom Budget dieses Monats übrig ist, darum ging es ohne. Mit „Ändern“ schreibst du selbst.';
    case 'no-credit':
      return 'ℹ️ Dein Guthaben bei OpenAI ist aufgebraucht, darum ging es ohne KI. Lade es auf platform.openai.com unter Billing auf und tippe dann auf „Neuer Text“.';
    case 'no-credit-to-look':
      return 'ℹ️ Dein Guthaben bei Replicate ist aufgebraucht, darum hat niemand das Bild angesehen. Lade es auf replicate.com/account/billing auf und tippe dann auf „Neuer Text“.';
    case 'same-again':
      return 'ℹ️ Der KI fielen nur dieselben Worte ein, darum bleibt die Bildunterschrift. „Neuer Text“ fragt sie noch einmal.';
    case 'caption-kept':
      return 'ℹ️ Die KI hat nicht geantwortet, darum bleibt die Bildunterschrift. „Neuer Text“ fragt sie noch einmal.';
  }
}

/** What a platform will change about the draft, in one line. */
export function changes(
  platform: string,
  picture: PictureRef,
  caption: FittedCaption,
  isWhole: boolean,
): string {
  const { hashtags, droppedHashtags, droppedMentions, shortenedBy, isUnformatted } = caption;
  const list = [
    ...(picture.shape === undefined ? [] : [reshaped(picture, picture.shape)]),
    ...(isEnlarged(picture) ? ['vergrößert, weil es klein ist'] : []),
    ...(droppedHashtags > 0
      ? [`${hashtags} → ${counted(hashtags - droppedHashtags, 'Hashtag', 'Hashtags')}`]
      : []),
    ...(droppedMentions > 0 ? [`${counted(droppedMentions, 'Name', 'Namen')} ohne @`] : []),
    ...(shortenedBy > 0 ? [`Text um ${counted(shortenedBy, 'Zeichen', 'Zeichen')} gekürzt`] : []),
    ...(isUnformatted ? ['ohne Formatierung'] : []),
  ];
  const unchanged = isWhole ? 'wie gezeigt' : 'unverändert';
  return `${platform}: ${list.length === 0 ? unchanged : list.join(', ')}`;
}

/** The file that follows a post, as part of the line about its platform. */
export function fullSizeFollows({ width, height }: PictureRef): string {
  return `, danach die Datei in voller Größe (${width} × ${height})`;
}

/** As in "2:3 → 4:5 mit weißem Rand"; without the numbers where they are not known or the same. */
function reshaped(picture: PictureRef, shape: Shape): string {
  const from = picture.from && ratioOf(picture.from);
  const to = ratioOf(picture);
  const isKnown = from !== undefined && from !== to;
  const what = {
    white: 'mit weißem Rand',
    black: 'mit schwarzem Rand',
    blurred: 'mit unscharfem Rand',
  };
  const cut = Math.max(1, Math.round(cutOff(picture) * 100));
  const lost = from === undefined ? 'zugeschnitten' : `${cut} % abgeschnitten`;
  if (shape === 'crop') return isKnown ? `${from} → ${to}, ${lost}` : lost;
  return isKnown ? `${from} → ${to} ${what[shape]}` : what[shape];
}

/** Why a platform is left out: what was made for it breaks one of its limits. */
export function leftOut(platform: string, misfit: Misfit): string {
  return `🚫 ${platform}: ausgelassen, denn ${misfits[misfit]}. Das ist mein Fehler; mehr steht im Protokoll.`;
}

/** Why a platform is left out: there is no picture for it. */
export function notMadeFor(platform: string): string {
  return `🚫 ${platform}: ausgelassen, denn dieser Entwurf ist älter als die Einrichtung von ${platform}.`;
}

/** That a platform got nothing of a post that has gone out elsewhere. */
export function wasLeftOut(platform: string): string {
  return `🚫 ${platform}: ausgelassen, denn dort wäre das abgelehnt worden. Das ist mein Fehler; mehr steht im Protokoll.`;
}

const misfits = {
  format: 'Bilder dieser Art gehen dort nicht',
  bytes: 'das Bild hat dafür zu viele Megabyte',
  size: 'Bilder dieser Größe gehen dort nicht',
  ratio: 'Bilder mit diesem Seitenverhältnis gehen dort nicht',
  'text-length': 'der Text ist dafür zu lang',
  hashtags: 'so viele Hashtags gehen dort nicht',
  mentions: 'so viele Namen mit @ gehen dort nicht',
} as const;

/** Which of several owners has decided. */
export function decidedBy(did: DecidedBy['did'], name: string): string {
  return `👤 ${decisions[did]} ${shownName(name)}`;
}

const decisions = {
  approved: 'Freigegeben von',
  published: 'Veröffentlicht von',
  skipped: 'Übersprungen von',
  withdrawn: 'Zurückgezogen von',
} as const;
