/** @import { Snapshot } from '../snapshot.ts' */
/** @import { Place } from './store.js' */

/**
 * Where a visitor stands on the way from opening the page to a published photo.
 * @typedef {object} Step
 * @property {'off' | 'waiting' | 'decide' | 'going-out' | 'stuck' | 'published'} name
 * @property {string} title
 * @property {string} text
 * @property {number} [messageId] the message with the button to press
 */

/**
 * What the visitor is told now. It knows nothing of Darkroom but what the phone and the places show.
 * @param {Snapshot} snapshot
 * @returns {Step}
 */
export function stepOf(snapshot) {
  const { program, phone } = snapshot;
  const reached = reachedPlaces(snapshot);
  if (program === 'off') {
    return {
      name: 'off',
      title: 'Darkroom is off, as after a power cut.',
      text: 'Nothing is lost: switch it on, and it goes on where it stood.',
    };
  }
  const card = phone.messages.findLast(({ from, photo }) => from === 'bot' && photo !== undefined);
  const button = card?.keyboard.flat().find(({ data }) => data !== undefined);
  if (reached.length === 4) {
    return {
      name: 'published',
      title: 'Published. That was all the work there is.',
      text: 'The same picture and text went to all your places, and the photo moved to the archive.',
    };
  }
  if (card !== undefined && button !== undefined && reached.length > 0) {
    return {
      name: 'stuck',
      title: 'Not everything went well, and the card on the phone says so.',
      text: 'The other places are not held up. Read the card: its buttons are what you can do about it.',
      messageId: card.id,
    };
  }
  if (card !== undefined && button !== undefined) {
    return {
      name: 'decide',
      title: `A draft is on the phone. Press “${button.text}”.`,
      text: 'A photo from your Dropbox, with a caption written for it. The other buttons are yours to try first; nothing goes out before you say so.',
      messageId: card.id,
    };
  }
  if (card !== undefined) {
    return {
      name: 'going-out',
      title: 'It is on its way.',
      text: 'Watch it arrive in the channel, on Instagram and in the mailbox.',
    };
  }
  return {
    name: 'waiting',
    title: 'A draft is on its way to your phone.',
    text: 'Darkroom takes a photo from your Dropbox, looks at it and writes a caption. A few seconds.',
  };
}

/**
 * The places to which anything has gone so far.
 * @param {Snapshot} snapshot
 * @returns {readonly Place[]}
 */
export function reachedPlaces({ channel, instagram, mails, folders }) {
  /** @type {Place[]} */
  const reached = [];
  if (channel.posts.length > 0) reached.push('channel');
  if (instagram.posts.length > 0) reached.push('instagram');
  if (mails.length > 0) reached.push('mail');
  if (folders.some(({ path }) => /\/archive$/.test(path))) reached.push('dropbox');
  return reached;
}
