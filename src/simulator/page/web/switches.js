/** @import { ServiceSwitch } from '../switches.ts' */
/** @import { Snapshot } from '../snapshot.ts' */
import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { icon } from './icons.js';
import { act } from './server.js';
import { state, update } from './store.js';

const programWords = {
  starting: 'Darkroom is starting …',
  running: 'Darkroom is running',
  stopping: 'Darkroom is stopping …',
  off: 'Darkroom is off',
};
const speedWords = { instant: 'at once', lifelike: 'as in life', slow: 'four times as slow' };

/** @param {Snapshot} snapshot */
export function switchesScreen({ program, phone, switches }) {
  const isAnyOn = phone.hasBlocked || switches.some(({ trouble }) => trouble !== '');
  return html`
    <header class="place-head">
      <span class="avatar" aria-hidden="true">${icon('switches')}</span>
      <div><h2 id="title-switches">Switches</h2><p>Let things go wrong, and watch</p></div>
      ${
        state.width === 'wide'
          ? html`<button class="quiet" aria-label="Close the switches" @click=${() => showSwitches(false)}>${icon('close')}</button>`
          : nothing
      }
    </header>
    <div class="switches">
      ${isAnyOn ? html`<button class="main" @click=${() => act({ do: 'mend' })}>Let everything work again</button>` : nothing}
      <fieldset tabindex="-1">
        <legend>${programWords[program]}</legend>
        <div class="buttons">
          ${
            program === 'off'
              ? html`<button class="main" @click=${() => step('start')}>Switch it on</button>`
              : html`
                  <button aria-disabled=${program !== 'running'} @click=${() => (program === 'running' ? step('restart') : undefined)}>Restart</button>
                  <button class="danger" @click=${() => step('pull-plug')}>${icon('bolt')}Pull the plug</button>
                `
          }
        </div>
        <p class="hint">A restart ends it in order. Pulling the plug ends it in the middle of whatever it does.</p>
        <label class="check">
          <input
            type="checkbox"
            .checked=${live(phone.hasBlocked)}
            @change=${() => act({ do: 'block', isBlocked: !phone.hasBlocked })}
          >
          The owner has blocked the bot
        </label>
      </fieldset>
      ${switches.map(service)}
    </div>
  `;
}

/**
 * Opens or closes the panel where all places are seen, and takes the focus along.
 * @param {boolean} isOpen
 */
export function showSwitches(isOpen) {
  update({ isSwitchesOpen: isOpen });
  document.getElementById(isOpen ? 'place-switches' : 'open-switches')?.focus();
}

/** @param {'start' | 'restart' | 'pull-plug'} wanted */
export function step(wanted) {
  return act({ do: 'program', step: wanted });
}

/** @param {ServiceSwitch} service */
function service({ service: id, name, speed, trouble, isOnce, troubles }) {
  const current = troubles.find((each) => each.id === trouble);
  return html`
    <fieldset class=${current === undefined ? '' : 'in-trouble'}>
      <legend>${name}</legend>
      <select
        id="trouble-${id}"
        aria-label="Trouble with ${name}"
        .value=${live(trouble)}
        @change=${(/** @type {Event} */ event) => set(id, chosen(event), true)}
      >
        <option value="" ?selected=${trouble === ''}>It works</option>
        ${troubles.map((each) => html`<option value=${each.id} ?selected=${each.id === trouble}>${each.label}</option>`)}
      </select>
      ${
        current?.canBeOnce
          ? html`<label class="check">
              <input type="checkbox" .checked=${live(isOnce)} @change=${() => set(id, trouble, !isOnce)}> Only the next time
            </label>`
          : nothing
      }
      <p class="field">
        <label for="speed-${id}"><span class="unseen">${name} </span>answers</label>
        <select
          id="speed-${id}"
          .value=${live(speed)}
          @change=${(/** @type {Event} */ event) => act({ do: 'set-speed', service: id, speed: chosen(event) })}
        >
          ${Object.entries(speedWords).map(([value, words]) => html`<option value=${value} ?selected=${value === speed}>${words}</option>`)}
        </select>
      </p>
    </fieldset>
  `;
}

/**
 * @param {string} id
 * @param {string} trouble
 * @param {boolean} isOnce
 */
function set(id, trouble, isOnce) {
  return act({ do: 'set-trouble', service: id, trouble, isOnce });
}

/** @param {Event} event */
function chosen({ target }) {
  return target instanceof HTMLSelectElement ? target.value : '';
}
