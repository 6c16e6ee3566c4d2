/** @import { TemplateResult } from 'lit-html' */
/** @import { Snapshot } from '../snapshot.ts' */
/** @import { Place } from './store.js' */
import { html, nothing, render } from 'lit-html';
import { channelScreen } from './channel.js';
import { dialogs, openDialog } from './dialogs.js';
import { dropboxScreen } from './dropbox.js';
import { keepFocus, pathTo } from './focus.js';
import { stepOf } from './guide.js';
import { guideBar, hide } from './guide-bar.js';
import { icon } from './icons.js';
import { instagramScreen } from './instagram.js';
import { mailScreen } from './mailbox.js';
import { phoneScreen } from './phone.js';
import { isSeen, noteSeen, placeNames, sizeOf } from './places.js';
import { watch } from './server.js';
import { onChange, state, update } from './store.js';
import { showSwitches, switchesScreen } from './switches.js';

const places = /** @type {readonly Place[]} */ (Object.keys(placeNames));

/** @param {Snapshot} snapshot */
function page(snapshot) {
  const step = stepOf(snapshot);
  const shining = state.isGuideHidden ? undefined : step.messageId;
  /** @type {Record<Place, () => unknown>} */
  const screens = {
    phone: () => phoneScreen(snapshot.phone, step.name === 'decide' ? shining : undefined),
    channel: () => channelScreen(snapshot.channel),
    instagram: () => instagramScreen(snapshot.instagram),
    mail: () => mailScreen(snapshot.mails),
    dropbox: () => dropboxScreen(snapshot.folders),
    switches: () => switchesScreen(snapshot),
  };
  return html`
    ${head(snapshot)} ${guideBar(snapshot)}
    <main class=${state.width}>${places.map((place) => panel(place, screens[place]()))}</main>
    ${state.width === 'wide' ? nothing : tabs(snapshot.switches.some(({ trouble }) => trouble !== ''))}
    <div class="toasts of-page" role="status">
      ${state.toasts.filter(({ place }) => place === 'page').map(({ text }) => html`<p class="toast">${text}</p>`)}
    </div>
    ${state.line === 'on' ? dialogs() : nothing}
  `;
}

const programWords = { starting: 'starting', running: 'running', stopping: 'stopping', off: 'off' };

/** @param {Snapshot} snapshot */
function head({ program, switches }) {
  const troubles = switches.filter(({ trouble }) => trouble !== '').length;
  return html`
    <header class="head">
      <h1>${icon('aperture')}Darkroom</h1>
      <p class="claim">One photo a day from Dropbox to Telegram, Instagram and email. All of that is played here; nothing leaves your machine.</p>
      <p class="program ${program}" role="status"><i></i><span class="unseen">Darkroom is </span>${programWords[program]}</p>
      ${
        state.width === 'wide'
          ? html`<button
              class="quiet"
              id="open-switches"
              aria-controls="place-switches"
              aria-expanded=${state.isSwitchesOpen}
              @click=${() => showSwitches(!state.isSwitchesOpen)}
            >
              ${icon('switches')}Switches${troubles > 0 ? html`<span class="badge">${troubles}<span class="unseen"> on</span></span>` : nothing}
            </button>`
          : nothing
      }
      ${state.isGuideHidden ? html`<button class="quiet" id="show-help" @click=${() => hide(false)}>Help</button>` : nothing}
      <button class="quiet go-live" @click=${() => update({ isGoingLive: true })}>Go live</button>
    </header>
  `;
}

/**
 * @param {Place} place
 * @param {unknown} screen
 */
function panel(place, screen) {
  const isTab = state.width !== 'wide' && !(state.width === 'medium' && place === 'phone');
  const isShown = place === 'switches' && state.width === 'wide' ? state.isSwitchesOpen : isSeen(place);
  const isShining = state.shine === `place-${place}`;
  return html`<section
    class="place ${place} ${isShining ? 'shine' : ''}"
    id="place-${place}"
    role=${isTab ? 'tabpanel' : 'region'}
    aria-labelledby=${isTab ? `tab-${place}` : `title-${place}`}
    tabindex="-1"
    ?hidden=${!isShown}
    @keydown=${place === 'switches' && state.width === 'wide' ? closeByEscape : nothing}
  >
    ${screen}
  </section>`;
}

/** @param {KeyboardEvent} event */
function closeByEscape({ key }) {
  if (key === 'Escape') showSwitches(false);
}

/** @param {boolean} isAnyTrouble */
function tabs(isAnyTrouble) {
  const offered = places.filter((place) => !(state.width === 'medium' && place === 'phone'));
  return html`<nav class="tabs ${state.width}" aria-label="Places"><div role="tablist" aria-label="Places" @keydown=${arrows}>
    ${offered.map((place) => {
      const isOpen = place === state.tab;
      const isInTrouble = place === 'switches' && isAnyTrouble;
      const isNew = isInTrouble || (!isOpen && sizeOf(place) > (state.seen[place] ?? 0));
      return html`<button
        role="tab"
        id="tab-${place}"
        aria-controls="place-${place}"
        aria-selected=${isOpen}
        tabindex=${isOpen ? 0 : -1}
        @click=${() => update({ tab: place })}
      >
        ${icon(place)}<span>${placeNames[place]}</span>${isNew ? html`<i class="new"><span class="unseen">${isInTrouble ? 'trouble is on' : 'new'}</span></i>` : nothing}
      </button>`;
    })}
  </div></nav>`;
}

/** @param {KeyboardEvent} event the arrow keys go from tab to tab */
function arrows(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined || !(event.currentTarget instanceof HTMLElement)) return;
  const all = [...event.currentTarget.querySelectorAll('button')];
  const at = all.findIndex((each) => each.getAttribute('aria-selected') === 'true');
  const next = all.at((at + step) % all.length);
  next?.click();
  next?.focus();
}

/** @param {'lost' | 'locked'} line */
function away(line) {
  return html`<div class="away" role="alert">
    <p>
      ${
        line === 'lost'
          ? html`<b>Darkroom is not running.</b> Start it with <code>npm start</code>, and this page goes on by itself. If it now
              runs with your own accounts, close this page: your phone takes over.`
          : html`<b>This window is no longer known.</b> Open the newest link in the terminal in which <code>npm start</code> runs.`
      }
    </p>
  </div>`;
}

/** @returns {TemplateResult} */
function whole() {
  const { snapshot, line } = state;
  return html`
    ${line === 'on' ? nothing : away(line)}
    ${
      snapshot === undefined
        ? html`<p class="loading">Opening Darkroom …</p>`
        : html`<div class="world" ?inert=${line !== 'on'}>${page(snapshot)}</div>`
    }
  `;
}

const isWide = matchMedia('(min-width: 1180px)');
const isMedium = matchMedia('(min-width: 760px)');

function measure() {
  const width = isWide.matches ? 'wide' : isMedium.matches ? 'medium' : 'narrow';
  // In a narrow window the phone comes first; beside it stands one of the others.
  const tab = width === 'narrow' && state.width !== 'narrow' ? 'phone' : state.tab;
  update({ width, tab: width === 'medium' && tab === 'phone' ? 'channel' : tab });
}

const root = /** @type {HTMLElement} */ (document.getElementById('page'));
root.replaceChildren();
onChange(() => {
  noteSeen();
  const focused = pathTo(document.activeElement);
  render(whole(), root);
  openDialog();
  keepFocus(focused);
});
for (const query of [isWide, isMedium]) query.addEventListener('change', measure);
// A file that misses its place must not replace the page.
for (const kind of ['dragover', 'drop']) document.addEventListener(kind, (event) => event.preventDefault());
measure();
watch();
