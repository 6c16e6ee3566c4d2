import { html, nothing } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { toTheEnd } from './composer.js';
import { icon } from './icons.js';
import { act, base64, largestFile } from './server.js';
import { state, toast, update } from './store.js';
import { size } from './words.js';

/** What lies above the page, one at a time. */
export function dialogs() {
  if (state.outgoing.length > 0) return sending(state.outgoing);
  if (state.alert !== undefined) return alertBox(state.alert);
  if (state.picture !== undefined) return largePicture(state.picture);
  return state.isGoingLive ? goingLive() : nothing;
}

/** Opens a dialog that has just been drawn; one that the visitor has closed stays closed until it is gone. */
export function openDialog() {
  const dialog = document.querySelector('dialog');
  if (dialog === null || dialog.dataset['opened'] === 'yes') return;
  dialog.dataset['opened'] = 'yes';
  dialog.showModal();
}

/** @param {Event} event a click on the backdrop is one on the dialog itself */
function closeOutside({ target, currentTarget }) {
  if (target === currentTarget && target instanceof HTMLDialogElement) target.close();
}

/** @param {string} text */
function alertBox(text) {
  return html`<dialog class="alert" aria-label="Darkroom says" @close=${() => update({ alert: undefined })}>
    <p>${text}</p>
    <form method="dialog"><button class="main">OK</button></form>
  </dialog>`;
}

/** @param {NonNullable<typeof state.picture>} picture */
function largePicture({ source, alt }) {
  return html`<dialog
    class="large"
    aria-label="The picture, large"
    @click=${closeOutside}
    @close=${() => update({ picture: undefined })}
  >
    <img src=${source} alt=${alt}>
    <form method="dialog"><button aria-label="Close">${icon('close')}</button></form>
  </dialog>`;
}

const shownAsPhoto = /^image\/(jpeg|png|webp|gif)$/;

/** Telegram sends so many at once. */
const mostAtOnce = 10;

/** @param {readonly File[]} files */
function sending(files) {
  const arePictures = files.every(({ type }) => shownAsPhoto.test(type));
  const [one, ...others] = files;
  const what = arePictures ? 'picture' : 'file';
  return html`<dialog class="sending" aria-labelledby="title-sending" @close=${() => update({ outgoing: [] })}>
    <h2 id="title-sending">Send ${others.length === 0 ? `a ${what}` : `${files.length} ${what}s`}</h2>
    ${
      arePictures
        ? guard([files], () => html`<div class="pictures">${files.map(aboutToBeSent)}</div>`)
        : nothing
    }
    <p class="hint">${others.length === 0 ? `${one?.name}, ` : ''}${size(sizeOf(files))}</p>
    <form @submit=${(/** @type {SubmitEvent} */ event) => send(event, files)}>
      <label><span>Caption</span><input name="caption" maxlength="1024" autocomplete="off"></label>
      ${
        arePictures
          ? html`<label class="check"><input type="checkbox" name="as-file"> Send as ${others.length === 0 ? 'a file' : 'files'}</label>`
          : nothing
      }
      <div class="buttons">
        <button type="button" @click=${cancel}>Cancel</button>
        <button class="main">Send</button>
      </div>
    </form>
  </dialog>`;
}

/** @param {File} file */
function aboutToBeSent(file) {
  return html`<img src=${URL.createObjectURL(file)} alt="About to be sent: ${file.name}" @load=${forget}>`;
}

/** @param {readonly File[]} files */
function sizeOf(files) {
  return files.reduce((sum, file) => sum + file.size, 0);
}

/** @param {Event} event */
function cancel({ target }) {
  if (target instanceof Element) target.closest('dialog')?.close();
}

/** @param {Event} event the picture is drawn, so its address is no longer needed */
function forget({ target }) {
  if (target instanceof HTMLImageElement) URL.revokeObjectURL(target.src);
}

/**
 * @param {SubmitEvent} event
 * @param {readonly File[]} files
 */
async function send(event, files) {
  event.preventDefault();
  if (!(event.target instanceof HTMLFormElement)) return;
  const fields = new FormData(event.target);
  const caption = String(fields.get('caption') ?? '');
  const arePhotos = files.every(({ type }) => shownAsPhoto.test(type)) && fields.get('as-file') === null;
  const dialog = event.target.closest('dialog');
  const problem = whyNot(files);
  if (problem !== undefined) return toast(problem);
  const sent = await Promise.all(
    files.map(async (file) => ({ bytes: await base64(file), name: file.name, type: file.type })),
  );
  const done = await act(actionFor(sent, arePhotos, caption));
  // What could not be sent stays, with its caption.
  if (done === undefined) return;
  dialog?.close();
  toTheEnd();
}

/**
 * @param {readonly File[]} files
 * @returns {string | undefined}
 */
function whyNot(files) {
  if (files.length > mostAtOnce)
    return `Telegram sends up to ${mostAtOnce} at once, and these are ${files.length}.`;
  if (sizeOf(files) <= largestFile) return undefined;
  return files.length === 1
    ? 'Telegram gives bots files of up to 20 MB, and this one is larger.'
    : 'This page sends up to 20 MB at once, and these are more.';
}

/**
 * @param {readonly { readonly bytes: string, readonly name: string, readonly type: string }[]} files
 * @param {boolean} arePhotos
 * @param {string} caption
 */
function actionFor(files, arePhotos, caption) {
  const [one, ...others] = files;
  if (others.length > 0) return { do: 'send-album', as: arePhotos ? 'photos' : 'files', files, caption };
  return arePhotos ? { do: 'send-photo', bytes: one?.bytes, caption } : { do: 'send-file', ...one, caption };
}

function goingLive() {
  return html`<dialog
    class="live"
    aria-labelledby="title-live"
    @click=${closeOutside}
    @close=${() => update({ isGoingLive: false })}
  >
    <h2 id="title-live">With your own accounts</h2>
    <p>Everything here was played on your machine. With accounts of yours the same program publishes for real. Plan a quarter of an hour.</p>
    <ol>
      <li>End Darkroom with <kbd>Ctrl</kbd> + <kbd>C</kbd> in its window, and copy the settings: <code>cp .env.example .env</code></li>
      <li><b>Telegram.</b> Let @BotFather make you a bot, and make the bot an administrator of your channel. Write the token, your number and the channel into <code>.env</code>.</li>
      <li><b>Dropbox.</b> Make an app with a folder of its own and run <code>npm run connect-dropbox</code>. Put photos into that folder.</li>
      <li><b>Captions, Instagram, email</b> are up to you: each has its lines in <code>.env</code>, and what stays empty is off.</li>
      <li>Run <code>npm start</code>. It tells you if anything is missing and where to get it. Then send <code>/post</code> to your bot.</li>
    </ol>
    <p>Section 2 of <b>README.md</b> goes through each step, with every button to press.</p>
    <form method="dialog"><button class="main">Good</button></form>
  </dialog>`;
}
