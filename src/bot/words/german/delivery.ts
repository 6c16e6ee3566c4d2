import { canPass } from '#bot/words/limits.ts';
import type { Delivery, Problem } from '#post/delivery.ts';
import { problem } from './problems.ts';

/** How a delivery stands, in one line. */
export function delivery(
  platform: { readonly id: string; readonly name: string },
  { ...state }: Delivery,
  time: (iso: string) => string,
): string {
  const { name } = platform;
  // The line begins with the name already.
  const it = { id: platform.id, name: 'Der Dienst' };
  switch (state.state) {
    case 'waiting':
      if (state.notBefore === undefined || state.problem === undefined) return `⏳ ${name}: wartet`;
      if (state.partly !== undefined) {
        return `⏳ ${name}: gesendet, aber noch nicht an ${state.partly.missed.join(', ')}. Neuer Versuch, nur dorthin, um ${time(state.notBefore)}.`;
      }
      return `⏳ ${name}: ${problem(it, state.problem)} Neuer Versuch um ${time(state.notBefore)}.`;
    case 'sending':
      return `📤 ${name}: wird gesendet …`;
    case 'published':
      if (state.kept !== undefined) return `📌 ${name}: noch da. ${kept(it, state.kept.problem, state.ref)}`;
      return `✅ ${name}: ${published(state)}${state.content.fullSize ? fullSizes[state.fullSize ?? 'unknown'] : ''}`;
    case 'failed':
      return `❌ ${name}: nicht veröffentlicht. ${problem(it, state.problem)}${canPass.has(state.problem.kind) ? ' Versuch es später noch einmal.' : ''}`;
    case 'uncertain':
      if (state.looking !== undefined) {
        return `🔎 ${name}: Beim Senden brach die Verbindung ab. Um ${time(state.looking.at)} sehe ich nach, ob es da ist.`;
      }
      if (state.partly !== undefined) {
        return `❓ ${name}: Beim Senden an ${state.partly.missed.join(', ')} brach die Verbindung ab. Vielleicht ist es dort, vielleicht nicht; alle anderen haben es. Frag bitte nach zwei Minuten dort nach und tippe dann an, was du erfahren hast.`;
      }
      return `❓ ${name}: Beim Senden brach die Verbindung ab. Vielleicht ist es da, vielleicht nicht. Sieh bitte nach zwei Minuten dort nach und tippe dann an, was du gefunden hast.`;
    case 'withdrawn':
      return `🗑 ${name}: zurückgezogen${state.content.fullSize && state.fullSize === undefined ? '. Die Datei in voller Größe kann noch dort sein, sieh bitte nach' : ''}`;
    case 'dropped':
      return state.mayBeOut ? `➖ ${name}: bleibt, wie es ist` : `➖ ${name}: ausgelassen`;
  }
}

function kept(it: Parameters<typeof problem>[0], why: Problem | undefined, ref: string | undefined): string {
  if (why === undefined && ref === undefined) {
    return 'Ich kenne seine Stelle dort nicht, bitte lösche es dort selbst.';
  }
  return why === undefined
    ? 'Von dort kann ich es nicht zurückholen.'
    : `Ich konnte es nicht zurückziehen: ${problem(it, why)}`;
}

function published({ missed, via }: Extract<Delivery, { readonly state: 'published' }>): string {
  if (missed !== undefined) return `veröffentlicht, aber nicht an ${missed.join(', ')}`;
  if (via === 'look') return 'veröffentlicht; die Antwort ging verloren, aber ich habe es dort gefunden';
  return via === 'owner' ? 'veröffentlicht, wie du gesehen hast' : 'veröffentlicht';
}

/** What became of the file that follows a post. */
const fullSizes = {
  sent: '. Datei in voller Größe: gesendet',
  'not-sent': '. Datei in voller Größe: nicht gesendet. Ich versuche es nicht noch einmal',
  unknown: '. Datei in voller Größe: vielleicht da, vielleicht nicht. Ich sende sie nicht zweimal',
} as const;
