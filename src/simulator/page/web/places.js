/** @import { Place } from './store.js' */
import { state, toast, update } from './store.js';

/** What the places are called, in the order of the tabs. */
export const placeNames = /** @type {const} */ ({
  phone: 'Phone',
  channel: 'Channel',
  instagram: 'Instagram',
  mail: 'Mail',
  dropbox: 'Dropbox',
  switches: 'Switches',
});

/**
 * How many things a place has now.
 * @param {Place} place
 * @returns {number}
 */
export function sizeOf(place) {
  const { snapshot } = state;
  if (snapshot === undefined) return 0;
  switch (place) {
    case 'phone':
      return snapshot.phone.messages.filter(({ from }) => from === 'bot').at(-1)?.id ?? 0;
    case 'channel':
      return snapshot.channel.posts.length;
    case 'instagram':
      return snapshot.instagram.posts.length;
    case 'mail':
      return snapshot.mails.length;
    default:
      return 0;
  }
}

/** @param {Place} place */
export function isSeen(place) {
  if (state.width === 'wide') return true;
  return place === state.tab || (state.width === 'medium' && place === 'phone');
}

/** Notes what is on the screen as looked at. */
export function noteSeen() {
  const places = /** @type {Place[]} */ (Object.keys(placeNames));
  state.seen = {
    ...state.seen,
    ...Object.fromEntries(places.filter(isSeen).map((place) => [place, sizeOf(place)])),
  };
}

/**
 * Brings a place onto the screen, and one thing in it into view.
 * @param {Place} place
 * @param {string} [id] of the element; without it the place itself
 */
export function goTo(place, id) {
  update({
    ...(place === 'phone' && state.width === 'medium' ? {} : { tab: place }),
    ...(place === 'switches' && { isSwitchesOpen: true }),
    shine: id ?? `place-${place}`,
  });
  const element = document.getElementById(id ?? `place-${place}`);
  element?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  element?.focus({ preventScroll: true });
  setTimeout(() => update({ shine: undefined }), 1_600);
}

/**
 * Follows a link. What it leads to stands on this page; nothing else is opened, because nothing leaves the machine.
 * @param {string} address
 */
export function follow(address) {
  const { channel, instagram } = /** @type {NonNullable<typeof state.snapshot>} */ (state.snapshot);
  const [, name, number] = /^https:\/\/t\.me\/(\w+)\/(\d+)/.exec(address) ?? [];
  const [, code] = /^https:\/\/(?:www\.)?instagram\.com\/p\/([\w-]+)/.exec(address) ?? [];
  if (name === channel.username && channel.posts.some(({ id }) => String(id) === number)) {
    goTo('channel', `channel-${number}`);
  } else if (instagram.posts.some((post) => post.code === code)) goTo('instagram', `instagram-${code}`);
  else toast(`Nothing leaves your machine here. In life this opens ${address}`);
}
