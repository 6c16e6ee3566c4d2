import type { Delivery } from '#post/delivery.ts';
import type { Mode } from '#post/settings.ts';

/** The command menu, in the order in which it is shown. */
export const commands = [
  { command: 'post', description: 'Jetzt einen Entwurf zeigen; /post hafen nimmt dieses Foto' },
  { command: 'queue', description: 'Welche Fotos als Nächstes kommen' },
  { command: 'history', description: 'Was veröffentlicht ist; /history hafen sucht' },
  { command: 'stats', description: 'Deine Beiträge in Zahlen' },
  { command: 'status', description: 'Wie es gerade steht' },
  { command: 'retry', description: 'Fehlgeschlagenes noch einmal versuchen' },
  { command: 'auto', description: 'Erst fragen oder von selbst veröffentlichen' },
  { command: 'schedule', description: 'Wann Entwürfe kommen; /schedule werktags um 9' },
  { command: 'settings', description: 'Alles ansehen und ändern' },
  { command: 'pause', description: 'Eine Weile keine Entwürfe; /pause 5 für fünf Tage' },
  { command: 'resume', description: 'Wieder Entwürfe wie geplant' },
  { command: 'cancel', description: 'Abbrechen, was du gerade schreibst' },
  { command: 'help', description: 'So funktioniert Darkroom' },
] as const;

export const greeting =
  'Willkommen bei Darkroom. Einmal am Tag nehme ich ein Foto aus deiner Dropbox, schreibe eine Bildunterschrift und zeige dir hier den Entwurf. Du tippst auf Freigeben, und er geht raus.\n\nMit /post siehst du gleich deinen ersten Entwurf, mit /help alles Weitere.';

export const paired = `Dieses Darkroom gehört jetzt dir. Niemand sonst kann es benutzen.\n\n${greeting}`;

export const help = [
  'Einmal am Tag zeige ich dir einen Entwurf: ein Foto aus deinem Dropbox-Ordner mit Bildunterschrift. Nichts geht raus, bevor du auf Freigeben tippst, außer du hast mit /auto gewählt, dass ich von selbst veröffentliche.',
  'Auf der Karte:\n✅ Freigeben schickt es überallhin zugleich.\n🔄 Neuer Text schreibt eine andere Bildunterschrift.\n✏️ Ändern: du schreibst sie selbst.\n🕒 Später: eine andere Zeit. 📣 Wohin: die Orte.\n⏭ Nicht jetzt legt das Foto für einen Monat zurück.\n⋯ Mehr › Vorschau schickt dir, was wohin geht.\nWeiß, Schwarz, Unscharf, Zuschnitt: wenn Instagram die Form nicht nimmt.\n🗑 Zurückziehen löscht Veröffentlichtes, wo ich es kann.',
  'Befehle:\n/post – jetzt ein Entwurf; /post hafen nimmt das Foto mit diesem Namen\n/queue – die nächsten Fotos; eine Nummer verschiebt eins oder nimmt es heraus\n/history – was draußen ist; /history hafen sucht\n/stats – Zahlen\n/status – wie es steht\n/retry – Fehlgeschlagenes noch einmal\n/auto – ohne Nachfrage oder erst fragen\n/schedule – wann Entwürfe kommen\n/settings – alles, was du ändern kannst\n/pause – keine Entwürfe von selbst; /pause 5 für fünf Tage, /pause 2026-12-24 bis dahin\n/resume – wieder wie geplant\n/cancel – Schreiben abbrechen',
  'Schick mir Fotos hierher, am besten als Datei: Ich lege sie in deinen Dropbox-Ordner.',
  'Nach dem Veröffentlichen kommt das Foto in den Archivordner deiner Dropbox.',
  '❓ auf einer Karte heißt: Ich weiß nicht, ob es angekommen ist. Sieh dort nach und tippe an, was du gefunden hast. 🔁 versucht es noch einmal.',
].join('\n\n');

export const notUnderstood = 'Das habe ich nicht verstanden. /help zeigt, was ich kann.';
export const somethingWentWrong =
  'Bei mir ist etwas schiefgegangen. Sieh dir bitte die neueste Karte an und versuch es dann noch einmal.';

export function autoMode(mode: Mode, minutes: number): string {
  return {
    auto: 'Ich veröffentliche von selbst zur geplanten Zeit und berichte hier.',
    review: 'Ich zeige dir jeden Entwurf und veröffentliche, wenn du es sagst.',
    veto: `Ich zeige dir jeden Entwurf und veröffentliche ihn ${minutes} Minuten später, wenn du mich nicht anhältst.`,
  }[mode];
}

/** Above the finished posts. */
export const history = {
  place: (name: string, state: Exclude<Delivery['state'], 'published'>) => {
    const became = {
      waiting: 'unterwegs',
      sending: 'unterwegs',
      failed: 'nicht veröffentlicht',
      uncertain: 'vielleicht da',
      dropped: 'weggelassen',
      withdrawn: 'zurückgezogen',
    };
    return `${name} (${became[state]})`;
  },
  head: (words: string) =>
    words === ''
      ? 'Deine Beiträge, die neuesten zuerst. Tippe auf eine Nummer, um einen zu sehen.'
      : `Deine Beiträge mit „${words}“. Tippe auf eine Nummer, um einen zu sehen.`,
  none: (words: string) =>
    words === ''
      ? 'Es ist noch nichts veröffentlicht. /post bringt einen Entwurf.'
      : `Ich habe keinen Beitrag mit „${words}“ gefunden.`,
};

/** The answer to `/retry`, with the place of each delivery. */
export function retrying(places: readonly string[]): string {
  if (places.length === 0) return 'Es ist nichts fehlgeschlagen, also gibt es nichts zu wiederholen.';
  const counts = [...Map.groupBy(places, (place) => place)]
    .map(([place, { length }]) => (length > 1 ? `${place} (${length})` : place))
    .join(', ');
  return `🔁 Neuer Versuch: ${counts}. Auf den Karten siehst du, was daraus wird.`;
}
