/** @import { Snapshot } from '../snapshot.ts' */
/** @import { Done } from '../actions.ts' */
import { state, toast, update } from './store.js';

/** How long a press is shown as unanswered, as in Telegram's apps. */
const patienceMs = 15_000;

/** Keeps the snapshot up to date, also after the server was away. */
export function watch() {
  const stream = new EventSource('/live');
  // A browser has six connections to one host for all its windows; one that nobody looks at leaves its own free.
  const rest = () => {
    if (!document.hidden) return;
    stream.close();
    document.removeEventListener('visibilitychange', rest);
    document.addEventListener('visibilitychange', watch, { once: true });
  };
  document.addEventListener('visibilitychange', rest);
  stream.onmessage = ({ data }) => {
    /** @type {Snapshot} */
    const snapshot = JSON.parse(data);
    update({ snapshot, line: 'on' });
    hearAnswers();
  };
  stream.onerror = async () => {
    const answer = await fetch('/icon.svg').catch(() => undefined);
    update({ line: answer?.status === 401 ? 'locked' : 'lost' });
    // A refused stream is not tried again by the browser itself.
    if (stream.readyState !== EventSource.CLOSED) return;
    document.removeEventListener('visibilitychange', rest);
    setTimeout(watch, 2_000);
  };
}

/**
 * Does something in the simulated world. Says so on the screen when it cannot be done.
 * @param {object} action
 * @returns {Promise<Exclude<Done, { problem: string }> | undefined>} undefined: it was not done
 */
export async function act(action) {
  try {
    const answer = await fetch('/act', {
      method: 'POST',
      signal: AbortSignal.timeout(20_000),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action),
    });
    /** @type {Done} */
    const done = await answer.json();
    if (!('problem' in done)) return done;
    toast(done.problem);
  } catch {
    toast('Darkroom does not answer. Is it still running?');
  }
  return undefined;
}

/**
 * Presses a button below a message.
 * @param {number} messageId
 * @param {string} data
 */
export async function tap(messageId, data) {
  const done = await act({ do: 'tap', messageId, data });
  const id = done?.tapId;
  if (id === undefined) return;
  update({ taps: [...state.taps, { id, messageId, data }] });
  setTimeout(() => update({ taps: state.taps.filter((each) => each.id !== id) }), patienceMs);
  hearAnswers();
}

/** Shows what the bot has answered to presses of this window. */
function hearAnswers() {
  const answered = state.snapshot?.phone.taps.filter(({ answer }) => answer !== undefined) ?? [];
  for (const { id, answer } of answered) {
    if (!state.taps.some((each) => each.id === id)) continue;
    update({ taps: state.taps.filter((each) => each.id !== id) });
    if (answer?.text === undefined) continue;
    if (answer.alert) update({ alert: answer.text });
    else toast(answer.text, 'phone');
  }
}

/**
 * The bytes of a file, as they are sent in JSON.
 * @param {File} file
 * @returns {Promise<string>}
 */
export function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

/** Bots get files of up to 20 MB (Bot API, getFile). */
export const largestFile = 20 * 1024 * 1024;

/**
 * Puts files into the photo folder of Dropbox.
 * @param {Iterable<File>} files
 */
export async function addToDropbox(files) {
  for (const file of files) {
    if (file.size > largestFile) toast(`${file.name} is larger than the 20 MB that this page takes.`);
    else if (file.size === 0) toast(`${file.name} is empty.`);
    else await act({ do: 'add-to-dropbox', name: file.name, bytes: await base64(file) });
  }
}
