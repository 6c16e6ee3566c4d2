/** @import { InstagramView, Snapshot } from '../snapshot.ts' */
import { html, nothing } from 'lit-html';
import { classMap } from 'lit-html/directives/class-map.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { icon } from './icons.js';
import { state, update } from './store.js';
import { dayAndClock } from './words.js';

/** @param {Snapshot['instagram']} instagram */
export function instagramScreen({ username, posts }) {
  return html`
    <header class="place-head">
      <span class="avatar ring" aria-hidden="true">${icon('instagram')}</span>
      <div><h2 id="title-instagram">${username}</h2><p>Instagram</p></div>
    </header>
    <div class="feed">
      ${repeat(
        posts.toReversed(),
        ({ code }) => code,
        (post) => feedPost(post, username),
      )}
      ${posts.length === 0 ? html`<p class="empty">Nothing published yet.</p>` : nothing}
    </div>
  `;
}

/**
 * @param {InstagramView} post
 * @param {string} username
 */
function feedPost({ code, caption, altText, date, width, height }, username) {
  const source = `/media/instagram/${code}`;
  const alt = altText || 'The picture of this post';
  return html`
    <article class=${classMap({ post: true, shine: state.shine === `instagram-${code}` })} id="instagram-${code}" tabindex="-1">
      <p class="by"><span class="avatar ring small" aria-hidden="true">${icon('aperture')}</span><b>${username}</b></p>
      <button class="picture" aria-label="Show the picture large" @click=${() => update({ picture: { source, alt } })}>
        <img src=${source} alt=${alt} width=${width} height=${height}>
      </button>
      <div class="under">
        <p class="row-of-icons" aria-hidden="true">${icon('heart')}${icon('reply')}${icon('send')}</p>
        <p class="text"><b>${username}</b> ${withHashtags(caption)}</p>
        ${altText === '' ? nothing : html`<p class="alt"><b>Alt text</b> ${altText}</p>`}
        <p class="when"><time>${dayAndClock(date)}</time> · ${width} × ${height}</p>
      </div>
    </article>
  `;
}

/** @param {string} caption */
function withHashtags(caption) {
  return caption
    .split(/(#[\p{L}\p{N}_]+)/u)
    .map((part) => (part.startsWith('#') ? html`<span class="link">${part}</span>` : part));
}
