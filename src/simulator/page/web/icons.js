import { svg } from 'lit-html';

const shapes = {
  aperture: svg`<circle cx="12" cy="12" r="9"/><path d="M12 3l4.5 8M21 12h-9.5M16.5 20l-4.5-8M7.5 20l4.5-8M3 12h9M7.5 4l4.5 8"/>`,
  phone: svg`<rect x="7" y="2.5" width="10" height="19" rx="2.5"/><path d="M11 18.5h2"/>`,
  channel: svg`<path d="M4 10v4h3l9 5V5L7 10zM19 9a4 4 0 0 1 0 6"/>`,
  instagram: svg`<rect x="3.5" y="3.5" width="17" height="17" rx="5"/><circle cx="12" cy="12" r="4"/><circle cx="17" cy="7" r=".6"/>`,
  mail: svg`<rect x="3" y="5" width="18" height="14" rx="2.5"/><path d="M3.5 7l8.5 6 8.5-6"/>`,
  dropbox: svg`<path d="M3 7.5a2 2 0 0 1 2-2h4l2 2.5h8a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/>`,
  switches: svg`<path d="M4 7h9M19 7h1M4 17h1M11 17h9"/><circle cx="16" cy="7" r="2.5"/><circle cx="8" cy="17" r="2.5"/>`,
  menu: svg`<path d="M4 7h16M4 12h16M4 17h16"/>`,
  clip: svg`<path d="M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.5 3.5 0 0 1 5 5L10 17.5a2 2 0 0 1-3-3l7.5-7.5"/>`,
  send: svg`<path d="M4 12l16-8-5 16-3.5-6.5zM11.5 13.5L20 4"/>`,
  reply: svg`<path d="M10 5L4 11l6 6v-4c5 0 8 1.5 10 5 0-6-3-9.5-10-9.5z"/>`,
  close: svg`<path d="M6 6l12 12M18 6L6 18"/>`,
  out: svg`<path d="M8 16L17 7M9 7h8v8"/>`,
  file: svg`<path d="M6 3h8l4 4v14H6zM14 3v4h4"/>`,
  heart: svg`<path d="M12 20s-8-5-8-10.5A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 8 2.5C20 15 12 20 12 20z"/>`,
  check: svg`<path d="M5 13l4.5 4.5L19 7"/>`,
  add: svg`<path d="M12 5v14M5 12h14"/>`,
  bin: svg`<path d="M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13"/>`,
  bolt: svg`<path d="M13 2.5L5 13.5h6l-1 8 8-11h-6z"/>`,
};

/**
 * A drawing that says nothing to a screen reader; the words stand beside it.
 * @param {keyof typeof shapes} name
 */
export function icon(name) {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shapes[name]}</svg>`;
}
