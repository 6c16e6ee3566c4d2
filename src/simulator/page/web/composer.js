/** @import { PhoneView } from '../snapshot.ts' */
import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { icon } from './icons.js';
import { act } from './server.js';
import { state, update } from './store.js';
import { beginning } from './words.js';

/**
 * Where the owner writes.
 * @param {PhoneView} phone
 */
export function composer(phone) {
  if (phone.hasBlocked) return blocked();
  const { draft, isMenuOpen } = state;
  const replyTo = replyTarget();
  const original = phone.messages.find(({ id }) => id === replyTo);
  const begun = draft.startsWith('/') ? draft.slice(1).toLowerCase() : undefined;
  const offered = isMenuOpen
    ? phone.commands
    : phone.commands.filter(({ command }) => begun !== undefined && command.startsWith(begun));
  return html`
    ${offered.length === 0 ? nothing : menu(offered)}
    ${
      original === undefined
        ? nothing
        : html`<div class="replying">
            ${icon('reply')}<p>${beginning(original)}</p>
            <button aria-label="Do not reply" @click=${() => update({ replyTo: undefined, notReplyTo: replyTo })}>${icon('close')}</button>
          </div>`
    }
    <form class="composer" @submit=${submit} @keydown=${leave}>
      <button type="button" class="menu" aria-expanded=${isMenuOpen} @click=${() => update({ isMenuOpen: !isMenuOpen })}>
        ${icon('menu')}<span>Menu</span>
      </button>
      <label class="attach" title="Send pictures or files">
        <span class="unseen">Send pictures or files</span>${icon('clip')}
        <input type="file" multiple class="unseen" @change=${pick}>
      </label>
      <textarea
        rows="1"
        maxlength="4096"
        aria-label="Message"
        placeholder="Message"
        enterkeyhint="send"
        .value=${live(draft)}
        @input=${write}
        @keydown=${enter}
        @paste=${paste}
      ></textarea>
      <button class="send" aria-label="Send" ?disabled=${draft.trim() === ''}>${icon('send')}</button>
    </form>
  `;
}

/** @param {PhoneView['commands']} commands */
function menu(commands) {
  return html`<ul class="commands" aria-label="Commands" @keydown=${leave}>
    ${commands.map(
      ({ command, description }) => html`<li>
        <button @click=${() => say(`/${command}`)}><b>/${command}</b> ${description}</button>
      </li>`,
    )}
  </ul>`;
}

/** The message that is replied to: the one that was chosen, or the newest one when the bot asks for a reply. */
function replyTarget() {
  const newest = state.snapshot?.phone.messages.at(-1);
  if (state.replyTo !== undefined) return state.replyTo;
  return newest?.forcesReply && newest.id !== state.notReplyTo ? newest.id : undefined;
}

/**
 * Sends a text. What could not be sent stays where it was written.
 * @param {string} words
 */
export async function say(words) {
  const { draft, replyTo: chosen } = state;
  const replyTo = replyTarget();
  update({ draft: '', isMenuOpen: false, replyTo: undefined });
  document.querySelector('textarea')?.focus({ preventScroll: true });
  toTheEnd();
  const done = await act({ do: 'say', text: words, ...(replyTo !== undefined && { replyTo }) });
  if (done === undefined && state.draft === '') update({ draft, replyTo: chosen });
}

/** Who has sent something sees what comes of it. */
export function toTheEnd() {
  document.querySelector('.phone .scroller')?.scrollTo({ top: 0 });
}

/** @param {number} replyTo */
export function reply(replyTo) {
  update({ replyTo });
  document.querySelector('textarea')?.focus();
}

/** @param {Event} event */
async function submit(event) {
  event.preventDefault();
  if (state.draft.trim() !== '') await say(state.draft);
}

/** @param {KeyboardEvent} event */
function enter(event) {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  void submit(event);
}

/** @param {KeyboardEvent} event */
function leave(event) {
  if (event.key !== 'Escape') return;
  update({ isMenuOpen: false, replyTo: undefined, ...(state.draft.startsWith('/') && { draft: '' }) });
  document.querySelector('textarea')?.focus();
}

/** @param {Event} event */
function write({ target }) {
  if (target instanceof HTMLTextAreaElement) update({ draft: target.value, isMenuOpen: false });
}

/** @param {Event} event */
function pick({ target }) {
  if (!(target instanceof HTMLInputElement)) return;
  update({ outgoing: [...(target.files ?? [])] });
  target.value = '';
}

/** @param {ClipboardEvent} event */
function paste(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length === 0) return;
  event.preventDefault();
  update({ outgoing: files });
}

function blocked() {
  return html`<div class="composer">
    <button class="wide" @click=${() => act({ do: 'block', isBlocked: false })}>Restart the bot</button>
  </div>`;
}
