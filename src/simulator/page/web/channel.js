/** @import { ChatMessage } from '#simulator/telegram/chat-message.ts' */
/** @import { Snapshot } from '../snapshot.ts' */
import { html, nothing } from 'lit-html';
import { classMap } from 'lit-html/directives/class-map.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { icon } from './icons.js';
import { follow } from './places.js';
import { richText } from './rich-text.js';
import { state, toast, update } from './store.js';
import { clock } from './words.js';

/** @param {Snapshot['channel']} channel */
export function channelScreen({ title, username, posts }) {
  return html`
    <header class="place-head">
      <span class="avatar" aria-hidden="true">${icon('channel')}</span>
      <div><h2 id="title-channel">${title}</h2><p>Telegram channel, @${username}</p></div>
    </header>
    <div class="scroller on-wallpaper">
      <ol class="chat">${repeat(posts, ({ id }) => id, channelPost)}</ol>
      ${posts.length === 0 ? html`<p class="empty">Nothing published yet.</p>` : nothing}
    </div>
  `;
}

/** @param {ChatMessage} post */
function channelPost({ id, photo, text, entities, date, edits, document: file }) {
  const source = `/media/telegram/${photo?.fileId}`;
  const alt = 'The picture of this post';
  const say = () => toast('Commands do nothing in a channel.');
  return html`
    <li
      class=${classMap({ message: true, bot: true, 'has-photo': photo !== undefined, shine: state.shine === `channel-${id}` })}
      id="channel-${id}"
      tabindex="-1"
    >
      <div class="bubble">
        ${
          photo === undefined
            ? nothing
            : html`<button class="picture" aria-label="Show the picture large" @click=${() => update({ picture: { source, alt } })}>
                <img src=${source} alt=${alt} width=${photo.width} height=${photo.height}>
              </button>`
        }
        ${file === undefined ? nothing : html`<p class="text">${file.name}</p>`}
        ${text === '' ? nothing : html`<p class="text">${richText(text, entities, { open: follow, say })}</p>`}
        <p class="meta">${edits > 0 ? html`<span>edited</span>` : nothing}<time>${clock(date)}</time></p>
      </div>
    </li>
  `;
}
