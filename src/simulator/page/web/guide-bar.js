/** @import { Snapshot } from '../snapshot.ts' */
import { html, nothing } from 'lit-html';
import { classMap } from 'lit-html/directives/class-map.js';
import { say } from './composer.js';
import { folderId } from './dropbox.js';
import { isArchive, reachedPlaces, stepOf } from './guide.js';
import { icon } from './icons.js';
import { goTo, isSeen, placeNames } from './places.js';
import { act } from './server.js';
import { state, toast, update } from './store.js';
import { step as program } from './switches.js';

/** @param {Snapshot} snapshot */
export function guideBar(snapshot) {
  const step = stepOf(snapshot);
  // That the power is off has to be seen in any case.
  if (state.isGuideHidden && step.name !== 'off') return nothing;
  const troubles = snapshot.switches.flatMap(({ name, trouble, troubles: all }) => {
    const label = all.find(({ id }) => id === trouble)?.label;
    return label === undefined ? [] : [`${name}: ${label.charAt(0).toLowerCase()}${label.slice(1)}`];
  });
  const isFirst = reachedPlaces(snapshot).length < 4;
  return html`
    <section class="guide ${step.name}" aria-label="What to do" tabindex="-1">
      <div class="say">
        <p role="status"><b>${step.title}</b> <span>${step.text}</span></p>
        ${troubles.length === 0 ? nothing : html`<p class="trouble">Switched on: ${troubles.join('; ')}.</p>`}
      </div>
      ${troubles.length === 0 ? nothing : html`<button @click=${() => act({ do: 'mend' })}>Let everything work again</button>`}
      ${step.name === 'off' ? html`<button class="main" @click=${() => program('start')}>Switch it on</button>` : nothing}
      ${isSeen('phone') || step.name === 'published' ? nothing : html`<button @click=${() => goTo('phone')}>To the phone</button>`}
      ${step.name === 'published' || step.name === 'working' ? afterwards(snapshot, step.name === 'published') : nothing}
      ${isFirst ? reachedChips(snapshot) : nothing}
      <button class="quiet" id="hide-help" aria-label="Hide this help" @click=${() => hide(true)}>${icon('close')}</button>
    </section>
  `;
}

/** @param {Snapshot} snapshot */
function reachedChips(snapshot) {
  const reached = reachedPlaces(snapshot);
  const archive = snapshot.folders.find(isArchive);
  return html`<ul class="reached" aria-label="Where it has arrived">
    ${(/** @type {const} */ (['channel', 'instagram', 'mail', 'dropbox'])).map((place) => {
      const isReached = reached.includes(place);
      return html`<li>
        <button class=${classMap({ chip: true, done: isReached })} @click=${() => goTo(place, place === 'dropbox' && archive ? folderId(archive.path) : undefined)}>
          ${icon(isReached ? 'check' : place)}${place === 'dropbox' ? 'Archive' : placeNames[place]}
          <span class="unseen">${isReached ? '(arrived)' : '(not yet)'}</span>
        </button>
      </li>`;
    })}
  </ul>`;
}

/**
 * @param {Snapshot} snapshot
 * @param {boolean} isOver
 */
function afterwards({ phone, switches }, isOver) {
  const [first] = phone.commands;
  const instagram = switches.find(({ service }) => service === 'instagram');
  const [refusal] = instagram?.troubles ?? [];
  return html`<div class="next">
    ${first === undefined ? nothing : html`<button @click=${() => sayOnPhone(`/${first.command}`)}>Another photo: /${first.command}</button>`}
    ${
      isOver && first !== undefined && refusal !== undefined && instagram?.trouble === ''
        ? html`<button @click=${() => letInstagramFail(refusal.id, `/${first.command}`)}>Let Instagram fail</button>`
        : nothing
    }
    ${isOver ? html`<button class="main" @click=${() => update({ isGoingLive: true })}>Use my own accounts</button>` : nothing}
  </div>`;
}

/**
 * The next photo, with Instagram refusing it: what the card then says is worth seeing.
 * @param {string} trouble
 * @param {string} command
 */
async function letInstagramFail(trouble, command) {
  await act({ do: 'set-trouble', service: 'instagram', trouble, isOnce: false });
  await sayOnPhone(command);
  toast('Instagram refuses now. Publish the next photo, and read its card.');
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
  document.getElementById(isHidden ? 'show-help' : 'hide-help')?.focus();
}
