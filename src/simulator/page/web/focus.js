/**
 * An element and all around it, the innermost first.
 * @param {Element | null} element
 * @returns {readonly Element[]}
 */
export function pathTo(element) {
  const path = [];
  for (let at = element; at !== null && at !== document.body; at = at.parentElement) path.push(at);
  return path;
}

/**
 * Gives the focus to what is nearest to where it was, when a redraw has taken its element away, so that a keyboard
 * goes on there and not at the top of the page.
 * @param {readonly Element[]} path
 */
export function keepFocus(path) {
  const [before] = path;
  if (before === undefined || before.isConnected || document.querySelector('dialog[open]') !== null) return;
  const nearest = path.find((each) => each.isConnected && each.matches('[tabindex]'));
  if (nearest instanceof HTMLElement) nearest.focus({ preventScroll: true });
}
