/** @import { Snapshot } from '../snapshot.ts' */
import { html, nothing } from 'lit-html';
import { classMap } from 'lit-html/directives/class-map.js';
import { say } from './composer.js';
import { reachedPlaces, stepOf } from './guide.js';
import { icon } from './icons.js';
import { goTo, placeNames } from './places.js';
import { state, update } from './store.js';
import { step as program } from './switches.js';

/** @param {Snapshot} snapshot */
export function guideBar(snapshot) {
  if (state.isGuideHidden) return nothing;
  const step = stepOf(snapshot);
  const reached = reachedPlaces(snapshot);
  return html`
    <section class="guide ${step.name}" aria-label="What to do">
      <div class="say" role="status"><p><b>${step.title}</b> ${step.text}</p></div>
      ${step.name === 'off' ? html`<button class="main" @click=${() => program('start')}>Switch it on</button>` : nothing}
      ${step.name === 'published' ? afterwards(snapshot) : nothing}
      <ul class="reached" aria-label="Where it has arrived">
        ${(/** @type {const} */ (['channel', 'instagram', 'mail', 'dropbox'])).map((place) => {
          const isReached = reached.includes(place);
          return html`<li>
            <button class=${classMap({ chip: true, done: isReached })} @click=${() => goTo(place)}>
              ${icon(isReached ? 'check' : place)}${place === 'dropbox' ? 'Archive' : placeNames[place]}
              <span class="unseen">${isReached ? '(arrived)' : '(not yet)'}</span>
            </button>
          </li>`;
        })}
      </ul>
      <button class="quiet" aria-label="Hide this help" @click=${() => hide(true)}>${icon('close')}</button>
    </section>
  `;
}

/** @param {Snapshot} snapshot */
function afterwards({ phone }) {
  const [first] = phone.commands;
  return html`<div class="next">
    ${first === undefined ? nothing : html`<button @click=${() => sayOnPhone(`/${first.command}`)}>Another photo: /${first.command}</button>`}
    <button @click=${() => goTo('switches', 'trouble-instagram')}>Let Instagram fail</button>
    <button class="main" @click=${() => update({ isGoingLive: true })}>Use my own accounts</button>
  </div>`;
}

/** @param {string} words */
function sayOnPhone(words) {
  goTo('phone');
  return say(words);
}

/** @param {boolean} isHidden */
export function hide(isHidden) {
  localStorage.setItem('guide', isHidden ? 'hidden' : 'shown');
  update({ isGuideHidden: isHidden });
}
