/** @import { FileView, FolderView } from '../snapshot.ts' */
import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { icon } from './icons.js';
import { act, addToDropbox } from './server.js';
import { size } from './words.js';

/** @param {readonly FolderView[]} folders */
export function dropboxScreen(folders) {
  return html`
    <header class="place-head">
      <span class="avatar" aria-hidden="true">${icon('dropbox')}</span>
      <div><h2 id="title-dropbox">Dropbox</h2><p>Your photos</p></div>
      <label class="quiet button">
        ${icon('add')}<span>Add photos</span>
        <input type="file" class="unseen" multiple accept="image/*" @change=${pick}>
      </label>
    </header>
    <div class="folders" @dragover=${allow} @drop=${drop}>
      ${repeat(folders, ({ path }) => path, folder)}
      ${folders.length === 0 ? html`<p class="empty">No files.</p>` : nothing}
    </div>
  `;
}

/** @param {string} path */
export function folderId(path) {
  return `folder-${path.replaceAll(/[^\w]/g, '-')}`;
}

/** @param {FolderView} folder */
function folder({ path, count, files }) {
  const id = folderId(path);
  return html`
    <section class="folder" id=${id} aria-labelledby="${id}-name" tabindex="-1">
      <h3 id="${id}-name">${path} <span>${count === 1 ? '1 file' : `${count} files`}</span></h3>
      <ul>
        ${repeat(files, (file) => file.path, frame)}
        ${count > files.length ? html`<li class="more">and ${count - files.length} more</li>` : nothing}
      </ul>
    </section>
  `;
}

/** @param {FileView} file */
function frame({ path, name, size: bytes, contentHash }) {
  return html`
    <li class="frame">
      <span class="thumb">
        <img src="/media/dropbox/${contentHash}" alt="">
      </span>
      <span class="name" title="${path}, ${size(bytes)}">${name}</span>
      <button class="remove" aria-label="Delete ${name} from Dropbox" @click=${() => act({ do: 'remove-from-dropbox', path })}>
        ${icon('bin')}
      </button>
    </li>
  `;
}

/** @param {Event} event */
async function pick({ target }) {
  if (!(target instanceof HTMLInputElement)) return;
  const files = [...(target.files ?? [])];
  target.value = '';
  await addToDropbox(files);
}

/** @param {DragEvent} event */
function allow(event) {
  event.preventDefault();
}

/** @param {DragEvent} event */
async function drop(event) {
  event.preventDefault();
  await addToDropbox([...(event.dataTransfer?.files ?? [])]);
}
