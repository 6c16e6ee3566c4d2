/** @import { MailView } from '../mail.ts' */
import { html, nothing } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { icon } from './icons.js';
import { state, update } from './store.js';
import { dayAndClock } from './words.js';

/** @param {readonly MailView[]} mails */
export function mailScreen(mails) {
  const open = mails.find(({ id }) => id === state.mailId) ?? mails.at(-1);
  return html`
    <header class="place-head">
      <span class="avatar" aria-hidden="true">${icon('mail')}</span>
      <div><h2 id="title-mail">Mailbox</h2><p>What your readers get by email</p></div>
    </header>
    ${
      open === undefined
        ? html`<p class="empty">No mail yet.</p>`
        : html`
            ${mails.length < 2 ? nothing : html`<ul class="mails" aria-label="Mails">${mails.toReversed().map((mail) => line(mail, mail === open))}</ul>`}
            ${reading(open)}
          `
    }
  `;
}

/**
 * @param {MailView} mail
 * @param {boolean} isOpen
 */
function line({ id, subject, date }, isOpen) {
  return html`<li>
    <button aria-current=${isOpen} @click=${() => update({ mailId: id })}>
      <b>${subject || '(no subject)'}</b><time>${dayAndClock(date)}</time>
    </button>
  </li>`;
}

/** @param {MailView} mail */
function reading({ id, subject, from, to, recipients, date, attachments }) {
  return html`
    <article class="mail">
      <h3>${subject || '(no subject)'}</h3>
      <dl>
        <div><dt>From</dt><dd>${from}</dd></div>
        <div><dt>To</dt><dd>${to || 'nobody is named'}</dd></div>
        <div><dt>Delivered to</dt><dd>${recipients.join(', ')}</dd></div>
        <div><dt>Date</dt><dd>${dayAndClock(date)}</dd></div>
        ${attachments === 0 ? nothing : html`<div><dt>Attached</dt><dd>${attachments}</dd></div>`}
      </dl>
      ${keyed(id, html`<iframe sandbox="" title="The mail “${subject}”" src="/media/mail/${id}"></iframe>`)}
    </article>
  `;
}
