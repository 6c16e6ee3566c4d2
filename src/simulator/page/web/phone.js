/** @import { ChatMessage, ChatButton } from '#simulator/telegram/chat-message.ts' */
/** @import { PhoneView } from '../snapshot.ts' */
import { html, nothing } from 'lit-html';
import { classMap } from 'lit-html/directives/class-map.js';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { composer, reply, say } from './composer.js';
import { icon } from './icons.js';
import { follow } from './places.js';
import { richText } from './rich-text.js';
import { tap } from './server.js';
import { state, update } from './store.js';
import { beginning, clock, size } from './words.js';

/**
 * The owner's phone, open at the chat with the bot.
 * @param {PhoneView} phone
 * @param {number | undefined} shining the message whose first button is the one to press
 */
export function phoneScreen(phone, shining) {
  return html`
    <div class="phone" @dragover=${dragOver} @dragleave=${dragEnd} @drop=${drop}>
      <header class="chat-head">
        <span class="avatar" aria-hidden="true">${icon('aperture')}</span>
        <div>
          <h2 id="title-phone">Darkroom</h2>
          <p>${phone.isTyping ? html`<span class="typing">typing<i></i><i></i><i></i></span>` : 'bot'}</p>
        </div>
        <span class="whose">${phone.owner}’s phone</span>
      </header>
      <div class="scroller" role="log" aria-live="off" aria-label="Chat with Darkroom">
        <ol class="chat">
          ${repeat(
            phone.messages,
            ({ id }) => id,
            (message) => bubble(message, phone, message.id === shining),
          )}
        </ol>
        ${phone.messages.length === 0 ? html`<p class="empty">The first message is on its way …</p>` : nothing}
      </div>
      <p class="unseen" role="status">${heard(phone)}</p>
      <div class="toasts" role="status">
        ${state.toasts.filter(({ place }) => place === 'phone').map(({ text }) => html`<p class="toast">${text}</p>`)}
      </div>
      ${composer(phone)}
      <p class="drop-here" aria-hidden="true">Drop pictures to send them</p>
    </div>
  `;
}

/**
 * What a screen reader says by itself: each new message of the bot once, and not every change of it.
 * @param {PhoneView} phone
 */
function heard({ messages }) {
  const newest = messages.findLast(({ from }) => from === 'bot');
  return newest === undefined ? nothing : guard([newest.id], () => `Darkroom: ${newest.text.slice(0, 200)}`);
}

/**
 * @param {ChatMessage} message
 * @param {PhoneView} phone
 * @param {boolean} isShining
 */
function bubble(message, phone, isShining) {
  const { id, from, photo, document: file, keyboard, edits, date, replyTo, reactions } = message;
  const original = phone.messages.find((each) => each.id === replyTo);
  return html`
    <li class=${classMap({ message: true, [from]: true, 'has-photo': photo !== undefined })} id="message-${id}" tabindex="-1">
      <div class="bubble">
        <span class="unseen">${from === 'bot' ? 'Darkroom' : 'You'}: </span>
        ${original === undefined ? nothing : html`<p class="quote">${beginning(original)}</p>`}
        ${photo === undefined ? nothing : picture(message, photo)}
        ${
          file === undefined
            ? nothing
            : html`<a class="file" href="/media/telegram-file/${file.fileId}" download=${file.name}>
                ${icon('file')}<span><b>${file.name}</b><br>${size(file.bytes)}</span>
              </a>`
        }
        ${message.text === '' ? nothing : text(message)}
        <p class="meta">
          ${reactions.map((each) => html`<span>${each}</span>`)}
          ${edits > 0 ? html`<span>edited</span>` : nothing}
          <time>${clock(date)}</time>
        </p>
        <button class="reply" aria-label="Reply to this message" @click=${() => reply(id)}>${icon('reply')}</button>
      </div>
      ${keyboard.length === 0 ? nothing : html`<div class="keyboard">${keyboard.map((row, index) => keys(message, row, isShining && index === 0))}</div>`}
    </li>
  `;
}

/** @param {ChatMessage} message */
function text({ text: whole, entities }) {
  return html`<p class="text">${richText(whole, entities, { open: follow, say })}</p>`;
}

/**
 * @param {ChatMessage} message
 * @param {NonNullable<ChatMessage['photo']>} photo
 */
function picture({ from }, { fileId, width, height }) {
  const source = `/media/telegram/${fileId}`;
  const alt = from === 'bot' ? 'The picture of this message' : 'The picture that you sent';
  return html`
    <button class="picture" aria-label="Show the picture large" @click=${() => update({ picture: { source, alt } })}>
      <img src=${source} alt=${alt} width=${width} height=${height}>
    </button>
  `;
}

/**
 * @param {ChatMessage} message
 * @param {readonly ChatButton[]} row
 * @param {boolean} isShining
 */
function keys({ id }, row, isShining) {
  return html`<div class="row">
    ${row.map(({ text: label, data, url }, index) => {
      if (data === undefined)
        return html`<button class="key leads-out" @click=${() => follow(url ?? '')}>${label}${icon('out')}</button>`;
      const isWaiting = state.taps.some((each) => each.messageId === id && each.data === data);
      const classes = classMap({ key: true, waiting: isWaiting, shining: isShining && index === 0 });
      return html`<button class=${classes} value=${data} aria-busy=${isWaiting} @click=${() => tap(id, data)}>${label}</button>`;
    })}
  </div>`;
}

/** @param {DragEvent} event */
function dragOver(event) {
  event.preventDefault();
  if (event.currentTarget instanceof Element) event.currentTarget.classList.add('dropping');
}

/** @param {DragEvent} event */
function dragEnd({ currentTarget, relatedTarget }) {
  if (!(currentTarget instanceof Element)) return;
  if (relatedTarget instanceof Node && currentTarget.contains(relatedTarget)) return;
  currentTarget.classList.remove('dropping');
}

/** @param {DragEvent} event */
function drop(event) {
  event.preventDefault();
  if (event.currentTarget instanceof Element) event.currentTarget.classList.remove('dropping');
  update({ outgoing: [...(event.dataTransfer?.files ?? [])] });
}
