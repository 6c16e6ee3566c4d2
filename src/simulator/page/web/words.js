/** @import { ChatMessage } from '#simulator/telegram/chat-message.ts' */

const time = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long' });

/**
 * The time of day, like 09:00.
 * @param {number} seconds since 1970
 */
export function clock(seconds) {
  return time.format(seconds * 1000);
}

/**
 * Day and time, like "22 November, 09:00".
 * @param {number} seconds since 1970
 */
export function dayAndClock(seconds) {
  return `${day.format(seconds * 1000)}, ${clock(seconds)}`;
}

/**
 * A size as people read it, like "1.4 MB".
 * @param {number} bytes
 */
export function size(bytes) {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/**
 * The first words of a message, as a reply quotes it.
 * @param {ChatMessage} message
 */
export function beginning({ text: whole, photo }) {
  const [line = ''] = whole.split('\n');
  return line === '' ? (photo === undefined ? 'File' : 'Picture') : line.slice(0, 80);
}
