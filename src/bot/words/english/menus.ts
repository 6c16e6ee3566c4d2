import { shownName } from '#post/file-name.ts';

/** The menus of a card. */
export const menu = {
  later: '🕒 Later',
  move: '🕒 Move',
  where: '📣 Where',
  style: '🎨 Style',
  more: '⋯ More',
  back: '‹ Back',
  at: {
    hour: (time: string) => `In 1 hour, ${time}`,
    tonight: (time: string) => `Tonight, ${time}`,
    tomorrow: (time: string) => `Tomorrow, ${time}`,
  },
  otherTime: '⌨️ Other time',
  yesAt: (day: string) => `Yes, ${day}`,
  styles: {
    shorter: 'Shorter',
    longer: 'Longer',
    plain: 'Plain',
    poetic: 'Poetic',
    playful: 'Playful',
    'no-emoji': 'No emoji',
  },
  sayHow: '✍️ Say how',
  altText: '📝 Alt text',
  fullSize: (place: string) => `Full-size file: ${place}`,
  never: '🚫 Never show again',
  neverAsked: 'Never show this photo again?',
  yesNever: '🚫 Yes, never again',
};

/** A file in full size that is to follow. */
export const fullSize = {
  making: 'Making the file …',
  gone: 'I cannot make the full-size file: the photo was moved or changed in your folder. The draft stays as it is.',
  impossible:
    'I cannot make a full-size file of this photo: it would be too large. The draft stays as it is.',
};

/** What is asked about a draft, for a text. */
export const asking = {
  caption: {
    ask: (name: string) =>
      `Send me the caption for ${shownName(name)}, all of it, hashtags too. /cancel leaves it as it is.`,
    textPlease: 'Please send the caption as text, or /cancel.',
    cancelled: 'All right, the caption stays as it is.',
  },
  direction: {
    ask: (name: string) =>
      `How should the next caption for ${shownName(name)} sound? For example: “shorter, no emoji”. You can also just reply to the card. /cancel leaves it as it is.`,
    textPlease: 'Please send it as text, such as “shorter, no emoji”, or /cancel.',
    cancelled: 'All right, the caption stays as it is.',
  },
  'alt-text': {
    ask: (name: string) =>
      `Send me the alt text for ${shownName(name)}: what somebody who cannot see the picture should know. A single “-” removes it, /cancel leaves it as it is.`,
    textPlease: 'Please send the alt text as text, or /cancel.',
    cancelled: 'All right, the alt text stays as it is.',
  },
  time: {
    ask: (name: string) =>
      `When should ${shownName(name)} go out? For example: “tomorrow at 9”, “Friday 18:30”, “24 December 8:00” or “in 3 hours”. /cancel leaves it as it is.`,
    textPlease: 'Please send the time as text, such as “tomorrow at 9”, or /cancel.',
    cancelled: 'All right, no other time.',
  },
};

/** The owner has said how the next text should sound. */
export function directed(direction: string): string {
  const shown = direction.length > 100 ? `${[...direction].slice(0, 100).join('')} …` : direction;
  return `Writing another caption, as you say: “${shown}”`;
}

/** A time is shown back before it counts. */
export function timeAsked(day: string): string {
  return `Should it go out on ${day}?`;
}

/** Why a time cannot be taken. */
export const wrongTime = {
  unclear:
    'I do not understand that time. Try “tomorrow at 9”, “24 December 18:30” or “in 3 hours”, or /cancel.',
  'no-time-of-day': 'And at what time of the day? For example: “Friday at 18:30”. Or /cancel.',
  past: 'That time is over already. Please choose a later one.',
  'too-far': 'That is more than a year away. Please choose an earlier time, or /cancel.',
};
