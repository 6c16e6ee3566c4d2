/** @import { Snapshot } from '../snapshot.ts' */

/** @typedef {'phone' | 'channel' | 'instagram' | 'mail' | 'dropbox' | 'switches'} Place */

/**
 * Everything that is on the screen follows from this.
 * @typedef {object} State
 * @property {Snapshot | undefined} snapshot undefined until the first one has come
 * @property {'on' | 'lost' | 'locked'} line to the server; locked: it no longer knows this browser
 * @property {'narrow' | 'medium' | 'wide'} width
 * @property {Place} tab the place that is seen where not all are
 * @property {Readonly<Record<string, number>>} seen how many things a place had when it was last looked at
 * @property {boolean} isSwitchesOpen where all places are seen
 * @property {boolean} isGuideHidden
 * @property {readonly Toast[]} toasts
 * @property {readonly PendingTap[]} taps presses of this window that the bot has not answered
 * @property {number | undefined} replyTo
 * @property {number | undefined} notReplyTo the message that asked for a reply and does not get one
 * @property {string} draft what is being written
 * @property {boolean} isMenuOpen
 * @property {readonly File[]} outgoing the files that are about to be sent
 * @property {string | undefined} mailId the mail that is open; undefined: the newest
 * @property {string | undefined} shine the element that a link has led to
 * @property {{ readonly source: string, readonly alt: string } | undefined} picture shown large
 * @property {string | undefined} alert
 * @property {boolean} isGoingLive
 */

/** @typedef {{ readonly id: number, readonly text: string, readonly place: 'phone' | 'page' }} Toast */
/** @typedef {{ readonly id: string, readonly messageId: number, readonly data: string }} PendingTap */

/** @type {State} */
export const state = {
  snapshot: undefined,
  line: 'on',
  width: 'wide',
  tab: 'phone',
  seen: {},
  isSwitchesOpen: false,
  isGuideHidden: localStorage.getItem('guide') === 'hidden',
  toasts: [],
  taps: [],
  replyTo: undefined,
  notReplyTo: undefined,
  draft: '',
  isMenuOpen: false,
  outgoing: [],
  mailId: undefined,
  shine: undefined,
  picture: undefined,
  alert: undefined,
  isGoingLive: false,
};

let draw = () => {};

/** @param {() => void} listener called after each change */
export function onChange(listener) {
  draw = listener;
}

/** @param {Partial<State>} change */
export function update(change) {
  Object.assign(state, change);
  draw();
}

const toastMs = 4_000;
let toasts = 0;

/**
 * Shows a text for a few seconds. On the phone it takes the place of the one before, as in Telegram.
 * @param {string} text
 * @param {Toast['place']} [place]
 */
export function toast(text, place = 'page') {
  const id = ++toasts;
  const others = state.toasts.filter(
    (each) => each.text !== text && (place === 'page' || each.place !== place),
  );
  update({ toasts: [...others, { id, text, place }] });
  setTimeout(() => update({ toasts: state.toasts.filter((each) => each.id !== id) }), toastMs);
}
