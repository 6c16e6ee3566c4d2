/** @import { WireEntity } from '#simulator/telegram/wire.ts' */
/** @import { TemplateResult } from 'lit-html' */
import { html } from 'lit-html';

/** @typedef {string | TemplateResult} Piece */

/**
 * A text with its formatting, as Telegram shows it.
 * @param {string} text
 * @param {readonly WireEntity[]} entities offsets and lengths in UTF-16 units, sorted, outer before inner
 * @param {{ open(address: string): void, say(command: string): void }} actions
 * @returns {readonly Piece[]}
 */
export function richText(text, entities, actions) {
  return between(text, 0, text.length, entities, actions);
}

/**
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @param {readonly WireEntity[]} entities
 * @param {Parameters<typeof richText>[2]} actions
 * @returns {readonly Piece[]}
 */
function between(text, start, end, entities, actions) {
  /** @type {Piece[]} */
  const pieces = [];
  let at = start;
  entities.forEach((entity, index) => {
    const from = Math.max(entity.offset, start);
    const to = Math.min(entity.offset + entity.length, end);
    if (from < at || to <= from) return;
    if (from > at) pieces.push(text.slice(at, from));
    const inner = between(text, from, to, entities.slice(index + 1), actions);
    pieces.push(formatted(entity, inner, text.slice(from, to), actions));
    at = to;
  });
  if (at < end) pieces.push(text.slice(at, end));
  return pieces;
}

/**
 * @param {WireEntity} entity
 * @param {readonly Piece[]} inner
 * @param {string} plain
 * @param {Parameters<typeof richText>[2]} actions
 * @returns {Piece}
 */
function formatted({ type, url }, inner, plain, { open, say }) {
  switch (type) {
    case 'bold':
      return html`<b>${inner}</b>`;
    case 'italic':
      return html`<i>${inner}</i>`;
    case 'underline':
      return html`<u>${inner}</u>`;
    case 'strikethrough':
      return html`<s>${inner}</s>`;
    case 'code':
      return html`<code>${inner}</code>`;
    case 'pre':
      return html`<pre>${inner}</pre>`;
    case 'blockquote':
    case 'expandable_blockquote':
      return html`<blockquote>${inner}</blockquote>`;
    case 'spoiler':
      return html`<span class="spoiler" tabindex="0">${inner}</span>`;
    case 'bot_command':
      return html`<button class="link" @click=${() => say(plain)}>${inner}</button>`;
    case 'url':
      return html`<button class="link" @click=${() => open(plain)}>${inner}</button>`;
    case 'text_link':
      return html`<button class="link" title=${url ?? ''} @click=${() => open(url ?? '')}>${inner}</button>`;
    default:
      return html`<span class="link">${inner}</span>`;
  }
}
