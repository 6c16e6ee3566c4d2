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
  const it = { id: platform.id, name: 'It' };
  switch (state.state) {
    case 'waiting':
      if (state.notBefore === undefined || state.problem === undefined) return `⏳ ${name}: waiting`;
      if (state.partly !== undefined) {
        return `⏳ ${name}: sent, but not yet to ${state.partly.missed.join(', ')}. Trying again, for them alone, at ${time(state.notBefore)}.`;
      }
      return `⏳ ${name}: ${problem(it, state.problem)} Trying again at ${time(state.notBefore)}.`;
    case 'sending':
      return `📤 ${name}: sending …`;
    case 'published':
      if (state.kept !== undefined)
        return `📌 ${name}: still there. ${kept(it, state.kept.problem, state.ref)}`;
      return `✅ ${name}: ${published(state)}${state.content.fullSize ? fullSizes[state.fullSize ?? 'unknown'] : ''}`;
    case 'failed':
      return `❌ ${name}: not published. ${problem(it, state.problem)}${canPass.has(state.problem.kind) ? ' Try again later.' : ''}`;
    case 'uncertain':
      if (state.looking !== undefined) {
        return `🔎 ${name}: the connection was lost while sending. I look whether it is there at ${time(state.looking.at)}.`;
      }
      if (state.partly !== undefined) {
        return `❓ ${name}: the connection was lost while sending to ${state.partly.missed.join(', ')}, who may have it or not; the others have it. Please ask there after two minutes, then press what you found.`;
      }
      return `❓ ${name}: the connection was lost while sending, so it may be there or not. Please look there after two minutes, then press what you found.`;
    case 'withdrawn':
      return `🗑 ${name}: taken down${state.content.fullSize && state.fullSize === undefined ? '. Its full-size file may still be there; please look' : ''}`;
    case 'dropped':
      return state.mayBeOut ? `➖ ${name}: left as it is` : `➖ ${name}: left out`;
  }
}

function kept(it: Parameters<typeof problem>[0], why: Problem | undefined, ref: string | undefined): string {
  if (why === undefined && ref === undefined) {
    return 'I do not know its place there, so please take it down there yourself.';
  }
  return why === undefined
    ? 'I cannot take it back from there.'
    : `I could not take it down: ${problem(it, why)}`;
}

function published({ missed, via }: Extract<Delivery, { readonly state: 'published' }>): string {
  if (missed !== undefined) return `published, but not to ${missed.join(', ')}`;
  if (via === 'look') return 'published; the answer was lost, but I found it there';
  return via === 'owner' ? 'published, as you saw' : 'published';
}

/** What became of the file that follows a post. */
const fullSizes = {
  sent: '. Full-size file: sent',
  'not-sent': '. Full-size file: not sent. I do not try it again',
  unknown: '. Full-size file: it may be there or not. I do not send it twice',
} as const;
