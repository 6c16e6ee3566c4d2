import type { Problem } from '#post/delivery.ts';
import { shownName } from '#post/file-name.ts';
import type { Refusal } from '#post/lifecycle.ts';
import { isApproved, type Post } from '#post/post.ts';
import type { Mode } from '#post/settings.ts';
import { place, whereCodeIs } from './phrases.ts';

/** The short answer to a tap that was taken. */
export const taken = {
  approved: 'Wird veröffentlicht …',
  scheduled: 'In Ordnung, dann geht es raus.',
  approvedSoon: 'Es geht gleich raus. „Rückgängig“ hält es auf.',
  undone: 'Angehalten. Es ist nichts rausgegangen.',
  withdrawing: 'Wird zurückgezogen …',
  saved: 'Gespeichert.',
  regenerated: 'Ich schreibe eine andere Bildunterschrift …',
  versionChosen: 'Jetzt gilt dieser Text.',
  skipped: 'Übersprungen.',
  neverAgain: 'Es kommt nicht wieder.',
  shaped: 'Geändert. Mehr › Vorschau zeigt dir das Bild.',
  retried: 'Neuer Versuch …',
  seen: 'Gut, ist notiert.',
  dropped: 'In Ordnung.',
  mode: (mode: Mode, minutes: number) =>
    ({
      auto: 'Ab jetzt veröffentliche ich von selbst.',
      review: 'Ab jetzt frage ich dich erst.',
      veto: `Ab jetzt veröffentliche ich von selbst, und du hast ${minutes} Minuten, um mich anzuhalten.`,
    })[mode],
};

/** The short answer to a tap that could not be taken. */
export function notTaken(post: Post | undefined, refused: Refusal['refused'] = 'not-now'): string {
  if (post === undefined) return 'Diese Karte ist von früher. Hier gibt es nichts mehr zu tun.';
  if (refused === 'too-soon') {
    return 'Warte bitte zwei Minuten und sieh noch einmal nach: Es kann noch auftauchen.';
  }
  if (refused === 'outdated') {
    return isApproved(post)
      ? 'Dieser Knopf ist von früher. Sieh dir bitte die Karte noch einmal an.'
      : 'Der Entwurf hat sich inzwischen geändert. Sieh ihn dir bitte noch einmal an.';
  }
  switch (post.state) {
    case 'drafting':
      return 'Eine andere Bildunterschrift entsteht gerade. Einen Moment.';
    case 'awaiting-approval':
      return 'Dieser Knopf ist von früher. Nimm bitte die neueste Karte.';
    case 'scheduled':
      return 'Es ist schon freigegeben und wartet auf seine Zeit. Die Knöpfe stehen auf der Karte.';
    case 'publishing':
      return 'Es ist schon unterwegs.';
    case 'published':
    case 'archived':
      return 'Es ist schon veröffentlicht.';
    case 'withdrawing':
      return 'Es wird gerade zurückgezogen.';
    case 'withdrawn':
      return 'Es wurde zurückgezogen.';
    case 'failed':
      return 'Es ließ sich nicht veröffentlichen. Auf der Karte steht, warum.';
    case 'skipped':
      return 'Es wurde übersprungen.';
    case 'expired':
      return post.reason === 'gone' || post.reason === 'unreadable'
        ? 'Dieser Entwurf ist vorbei.'
        : 'Nicht veröffentlicht: Das Foto ist nicht mehr dasselbe oder nicht mehr dort. Auf der Karte steht mehr.';
  }
}

export const editing = {
  soFar: 'So lautet der Text jetzt, zum Kopieren:',
  outdated:
    'Über den Entwurf wurde inzwischen entschieden, oder er hat sich geändert. Darum habe ich nichts übernommen.',
  notSaved:
    'Ich konnte das nicht speichern, denn die Festplatte nimmt nichts an. Schick ihn bitte später noch einmal, oder /cancel.',
  nothingToCancel: 'Es gibt nichts abzubrechen.',
};

/** The talk about a code that a platform wants. */
export const codeEntry = {
  ask: (platform: string, code: NonNullable<Problem['code']>) =>
    `Schick mir bitte den sechsstelligen Code von ${place(platform)}: ${whereCodeIs(code)}. Danach lösche ich deine Nachricht. /cancel bricht ab.`,
  digitsPlease: 'Ein Code hat sechs Ziffern, etwa 123 456. Schick bitte nur diese, oder /cancel.',
  wrong: (platform: string) =>
    `${place(platform)} sagt, das ist nicht der Code. Sieh bitte noch einmal nach und schick ihn noch einmal, oder /cancel.`,
  unanswered: (trouble: string) => `${trouble} Schick mir den Code bitte noch einmal, oder /cancel.`,
  over: (platform: string) =>
    `${place(platform)} wartet nicht mehr auf diesen Code. Tippe auf der Karte auf „🔁 ${place(platform)} noch einmal“, dann kommt ein neuer.`,
  refused: (trouble: string) => `Der Code hat nicht geholfen. ${trouble}`,
  taken: (platform: string) =>
    `Danke, ${place(platform)} hat mich hereingelassen. Ich versuche es jetzt noch einmal mit deinem Beitrag.`,
  takenButNotSaved: (platform: string) =>
    `${place(platform)} hat mich hereingelassen, aber die Festplatte nimmt gerade nichts an. Tippe später auf der Karte auf „🔁 ${place(platform)} noch einmal“.`,
  notAwaited:
    'Es wird kein Code mehr erwartet. Tippe auf 🔁 für einen neuen Versuch: Wenn ein Code nötig ist, kommt ein neuer.',
  cancelled: 'In Ordnung, kein Code. Die Karte hat ihre Knöpfe noch.',
};

/** The talk about a post that is to be taken down. */
export const takeDown = {
  ask: (name: string) =>
    `${shownName(name)} überall zurückziehen? Ich lösche es, wo ich kann, und das Foto kommt wieder in deinen Ordner.`,
  yes: 'Ja, zurückziehen',
  no: 'Nein, behalten',
  kept: 'In Ordnung, es bleibt.',
};

/** A decision that is not on disk does not count. */
export function notSaved(code: string): string {
  return `Ich konnte das nicht speichern: ${code === 'ENOSPC' ? 'Die Festplatte ist voll' : `Die Festplatte meldet ${code}`}. Es ist nichts geschehen; tippe bitte später noch einmal.`;
}
