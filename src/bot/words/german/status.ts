import { captionLength, namesShown, unseen } from '#bot/words/limits.ts';
import type { PlanWords, QueueWords, SpendingWords, StatusWords } from '#bot/words/views.ts';
import type { CheckedService } from '#flow/check-services.ts';
import { shownName } from '#post/file-name.ts';
import { cutAtWord } from '#post/fit-caption.ts';
import type { Mode } from '#post/settings.ts';
import type { SetAside } from '#post/state.ts';
import { counted, listed, money, noneLeft, place } from './phrases.ts';
import { problem } from './problems.ts';

function spending({ dollars, budget, isComplete }: SpendingWords): string {
  const limit = Number.isFinite(budget) ? ` von ${money(budget)}` : '';
  const rest = isComplete ? '' : ', ohne OpenAI: Ich weiß nicht, was dieses Modell kostet';
  return `KI in diesem Monat: ${money(dollars)}${limit}${rest}`;
}

export function status(view: StatusWords): string {
  const writer = view.hasCaptionWriter ? 'von der KI geschrieben' : 'aus den Angaben im Foto';
  return [
    modes[view.mode],
    ...(view.isPaused ? [`${pausedUntil(view)} /resume beendet sie.`] : []),
    view.next === undefined ? 'Nächster Entwurf: keiner geplant.' : `Nächster Entwurf: ${view.next}`,
    photosLeft(view),
    ...leftAside(view.setAside),
    `Geht an: ${view.platforms.map(place).join(', ')}`,
    `Bildunterschriften: ${writer}${view.hasDescriber ? '' : ', ohne das Bild anzusehen'}`,
    ...(view.spending === undefined ? [] : [spending(view.spending)]),
    ...(view.openDrafts > 0
      ? [
          `Wartet auf dich: ${counted(view.openDrafts, 'Entwurf', 'Entwürfe')}. /post zeigt ${view.openDrafts === 1 ? 'ihn' : 'einen'} wieder.`,
        ]
      : []),
    ...(view.scheduled > 0
      ? [`Geht später raus: ${counted(view.scheduled, 'Beitrag', 'Beiträge')}. /queue zeigt, wann.`]
      : []),
    ...(view.unfinished > 0
      ? [`Nicht fertig: ${counted(view.unfinished, 'Beitrag', 'Beiträge')}; siehe die Karten oben.`]
      : []),
  ].join('\n');
}

const modes: Readonly<Record<Mode, string>> = {
  auto: 'Modus: Ich veröffentliche von selbst.',
  review: 'Modus: Ich frage dich erst.',
  veto: 'Modus: Ich veröffentliche von selbst, wenn du mich nicht rechtzeitig aufhältst.',
};

function photosLeft({ photosLeft: count, photosLastUntil: until }: StatusWords): string {
  const last = until === undefined ? '' : `, reicht bis etwa ${until}`;
  return `Fotos übrig: ${count ?? 'unbekannt, Dropbox antwortet gerade nicht'}${last}`;
}

/** Below the status while the services are asked. */
export const checking = '🩺 Ich frage alle Dienste …';

/** What has become of it: only what needs looking after. */
export function checkup(services: readonly CheckedService[]): string {
  const broken = services.filter(({ check }) => check.state === 'broken');
  return broken.length === 0 ? '✅ Alle Dienste antworten.' : broken.map(checked).join('\n');
}

/** How one service is, in one line. */
export function checked({ id, name, check }: CheckedService): string {
  if (check.state === 'works') return `✅ ${place(name)}: in Ordnung`;
  if (check.state === 'unknown') return `➖ ${place(name)}: lässt sich erst prüfen, wenn es gebraucht wird`;
  return `❌ ${place(name)}: ${problem({ id, name }, check.problem)}`;
}

/** Below the contact sheet: what is under way, then the photos by their numbers. */
export function queue({ names, from, total, setAside, waiting, scheduled }: QueueWords): string {
  const aside = leftAside(setAside).map((line) => `\n\n${line}`);
  const underWay = [
    ...(waiting.length > 0 ? [`📝 Wartet auf dich: ${listed(waiting)}`] : []),
    ...scheduled.slice(0, namesShown).map(({ name, at }) => `⏰ ${at}: ${shownName(name)}`),
  ].map((line) => `${line}\n`);
  const before = underWay.length > 0 ? `${underWay.join('')}\n` : '';
  if (names.length === 0) return cutAtWord([before, noPhotos, ...aside].join(''), captionLength);
  const list = names.map((name, index) => `${from + index + 1}. ${shownName(name)}`).join('\n');
  const rest = total - from - names.length;
  const more = rest > 0 ? `\n… und ${counted(rest, 'weiteres Foto', 'weitere Fotos')}` : '';
  const empty = names.some((name) => unseen.test(name)) ? `\n\n${emptyFrames}` : '';
  return cutAtWord(
    [`${before}Als Nächstes, nach Nummern:\n${list}${more}`, empty, ...aside].join(''),
    captionLength,
  );
}

const emptyFrames =
  'Von HEIC und AVIF macht Dropbox keine kleinen Bilder: Diese Felder bleiben hier leer. Veröffentlicht sehen sie aus wie alle anderen.';

/** The answer to `/pause`. */
export function paused(plan: PlanWords): string {
  return `${pausedUntil(plan)} Von selbst kommen keine Entwürfe, und ohne dich geht nichts raus. /post geht weiterhin, und Entwürfe, die auf dich warten, bleiben. /resume beendet die Pause.`;
}

function pausedUntil({ until }: PlanWords): string {
  return until === undefined ? 'Pause.' : `Pause bis ${until}.`;
}

export const pauseNotUnderstood =
  'Wie lange? /pause macht Pause, bis du /resume schickst, /pause 5 für fünf Tage, /pause 2026-12-24 bis zu diesem Tag; höchstens ein Jahr.';

/** The answer to `/resume`. */
export function resumed({ next }: PlanWords): string {
  return next === undefined
    ? 'Es ist kein Entwurf geplant. /post bringt einen.'
    : `Der nächste Entwurf kommt: ${next}.`;
}

/** What does not come by itself, in a line for each reason. */
function leftAside(photos: readonly SetAside[]): readonly string[] {
  return [...Map.groupBy(photos, ({ reason }) => reason)].map(([reason, group]) => {
    const names = listed(group.map(({ name }) => name));
    if (reason === 'seen-before')
      return `${counted(group.length, 'Foto', 'Fotos')}, schon veröffentlicht: ${names}`;
    if (reason === 'removed')
      return `${counted(group.length, 'Foto', 'Fotos')}, von dir herausgenommen: ${names}`;
    if (reason === 'never')
      return `${counted(group.length, 'Foto', 'Fotos')}, nie wieder zu zeigen: ${names}`;
    const what = counted(group.length, 'Datei', 'Dateien');
    return reason === 'too-large' ? `${what} über 100 MB: ${names}` : `${what} nicht lesbar: ${names}`;
  });
}

const noPhotos = `${noneLeft} Leg ein paar Fotos hinein und schick /post, oder warte auf den nächsten geplanten Zeitpunkt.`;
