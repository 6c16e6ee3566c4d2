/** @import { ChatMessage } from '#simulator/telegram/chat-message.ts' */
/** @import { Snapshot } from '../snapshot.ts' */
/** @import { Place } from './store.js' */

/**
 * Where a visitor stands on the way from opening the page to a published photo.
 * @typedef {object} Step
 * @property {'off' | 'waiting' | 'decide' | 'asked' | 'working' | 'stuck' | 'published'} name
 * @property {string} title
 * @property {string} text
 * @property {number} [messageId] the message with the button to press
 */

/**
 * What the visitor is told now. It knows nothing of Darkroom but what the phone shows: a card is a picture with
 * buttons, or one that was changed; buttons that lead out show that something was published, and what a button says to
 * the bot begins with what it is for.
 * @param {Snapshot} snapshot
 * @returns {Step}
 */
export function stepOf({ program, phone }) {
  if (program === 'off') {
    return {
      name: 'off',
      title: 'Darkroom is off, as after a power cut.',
      text: 'Nothing is lost: switch it on, and it goes on where it stood.',
    };
  }
  const card = phone.messages.findLast(isCard);
  if (card === undefined) {
    return {
      name: 'waiting',
      title: 'A draft is on its way to your phone.',
      text: 'Once a day Darkroom takes a photo from your Dropbox, looks at it, writes a caption and asks you. A few seconds.',
    };
  }
  const buttons = card.keyboard.flat();
  const isOut = buttons.some(({ url }) => url !== undefined);
  const button = buttonFor(buttons, ['publish']);
  const trouble = buttonFor(buttons, ['retry', 'seen', 'drop', 'code']);
  if (button === undefined && trouble === undefined) {
    return isOut
      ? {
          name: 'published',
          title: 'Published. That was all the work there is.',
          text: 'The same picture and text went to all your places, and the photo moved to the archive.',
        }
      : {
          name: 'working',
          title: 'Darkroom is on it.',
          text: 'The card on the phone tells how it stands. When it is done, ask for another photo.',
        };
  }
  if (button === undefined) {
    return {
      name: 'stuck',
      title: 'Not everything went well, and the card on the phone says so.',
      text: 'The other places are not held up. Read the card: its buttons are what you can do about it.',
    };
  }
  const newest = phone.messages.at(-1);
  if (newest !== card && newest?.from === 'bot' && newest.photo === undefined) {
    return {
      name: 'asked',
      title: 'Read the newest message on the phone.',
      text: `The draft above it still waits: “${button.text}” is what sends it out.`,
    };
  }
  return {
    name: 'decide',
    title: `A draft is on the phone. Press “${button.text}”.`,
    text: 'With this one press it goes to your channel, Instagram and email at once. Nothing goes out before; try the other buttons first if you like.',
    messageId: card.id,
  };
}

/**
 * @param {readonly ChatMessage['keyboard'][number][number][]} buttons
 * @param {readonly string[]} purposes
 */
function buttonFor(buttons, purposes) {
  return buttons.find(({ data }) => purposes.includes(data?.split(':')[0] ?? ''));
}

/**
 * Other pictures, as that of the queue, do not name a photo.
 * @param {ChatMessage} message
 */
function isCard({ from, photo, text, keyboard, edits }) {
  return from === 'bot' && photo !== undefined && /^📷/mu.test(text) && (keyboard.length > 0 || edits > 0);
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
  if (folders.some(isArchive)) reached.push('dropbox');
  return reached;
}

/** @param {{ readonly path: string }} folder */
export function isArchive({ path }) {
  return path.endsWith('/archive');
}
