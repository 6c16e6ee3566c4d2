/**
 * A file's name on one line and in its own order: control characters, overrides of the writing direction and broken
 * letters, which could make a chat show something else than it says, become `\uFFFD`. Only for showing and for finding
 * what was shown: the file keeps its name.
 */
export function cleanName(name: string): string {
  // Format characters (Cf) turn the direction or cannot be seen; only the joiner of emoji families is one to keep.
  return name.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}]|(?!\u200D)\p{Cf}/gu, '\uFFFD');
}

/** UTF-16 units. Dropbox takes 255, and a number is still to come behind it. */
const longestKept = 120;

/**
 * The name under which a file that was sent is kept: without what no path, no disk of Windows and no hidden file has,
 * and with its ending where it is long. Equal for equal names.
 */
export function nameToKeep(name: string): string {
  const clean = cleanName(name)
    .replace(/[\uFFFD/\\<>:"|?*\s]+/g, ' ')
    .replace(/^[ .]+|[ .]+$/g, '');
  if (clean === '') return 'photo';
  const [, stem = clean, ending = ''] = /^(.+?)(\.[a-z0-9]{1,10})?$/iu.exec(clean) ?? [];
  const room = longestKept - ending.length;
  const short = [...segmenter.segment(stem)].filter(({ index, segment }) => index + segment.length <= room);
  return `${short
    .map(({ segment }) => segment)
    .join('')
    .trimEnd()}${ending}`;
}

/** UTF-16 units: nine names have to fit into a photo's caption, which holds 1024 of them. */
const longest = 64;

/** The clean name for a chat; a long one is shortened in the middle, so that its ending stays. */
export function shownName(name: string): string {
  const clean = cleanName(name).trim();
  if (clean.length <= longest) return clean;
  const letters = [...segmenter.segment(clean)].map(({ segment }) => segment);
  return `${beginning(letters).join('')}…${beginning(letters.toReversed()).toReversed().join('')}`;
}

function beginning(letters: readonly string[]): readonly string[] {
  let units = 0;
  const tooMany = letters.findIndex((letter) => {
    units += letter.length;
    return units >= longest / 2;
  });
  return letters.slice(0, tooMany);
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
