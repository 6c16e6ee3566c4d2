/**
 * A position on the earth in numbers or as a link: 52.5200, 52°31′, 52 31 N 13 24 E, as programs and machine tags write
 * them, plus codes and what3words. A height of 1,345 m or 20° of warmth is none.
 */
const position = new RegExp(
  [
    String.raw`(?<![\d.,])\d{1,3}[.,](?!(?:19|20)\d\d(?!\d))\d{4}`,
    String.raw`\d\.\d{3}[\s,;/]+-?\d{1,3}\.\d{3}`,
    String.raw`\d\s*[°º]\s*(?:\d{1,2}(?:[.,]\d+)?\s*['’′"”″NSEWO]|[NSEWO](?!\p{L}))`,
    String.raw`\d[\s"″”'′’]*[NS](?!\p{L}).{1,12}\d.*[EWO](?!\p{L})`,
    String.raw`(?<!\p{L})[NS]\s*\d.*[EWO]\s*\d`,
    String.raw`(?<!\p{L})[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?!\p{L})`,
    String.raw`\/\/\/\p{L}+\.\p{L}+\.\p{L}+`,
    String.raw`(?<!\p{L})[Gg]eo:|(?<!\p{L})maps?\.(?:app|google|apple)|\.\p{L}+\/maps?(?!\p{L})`,
  ].join('|'),
  'u',
);

/** The text without the lines that tell a position. */
export function withoutPositions(text: string): string {
  const lines = text.split('\n');
  return lines.every((line) => !position.test(line))
    ? text
    : lines
        .filter((line) => !position.test(line))
        .join('\n')
        .trim();
}

/** A title as it may be published within a picture: one line of up to 200 UTF-16 units without a position. */
export function titleLine(text: string): string | undefined {
  // The first alone, because addresses have several.
  const line = text.split('\n')[0]?.trim() ?? '';
  return line === '' || line.length > 200 || position.test(line) ? undefined : line;
}

/** A number on its own, perhaps with the letter of a house. */
const number = /(?<![\p{L}\p{N}])\p{N}+\p{L}?(?![\p{L}\p{N}])/gu;
/** A year, or the version of a licence, like CC BY 4.0. */
const harmless = /(?<![\p{L}\p{N}])(?:(?:18|19|20)\d\d|\d\.\d)(?![\p{L}\p{N}.])/gu;

/**
 * A name or a copyright notice as it may be published within a picture: as a title, and without any number but years.
 * Addresses, telephone numbers and positions have numbers; what has one is left out as a whole, because nobody
 * can tell where in it the street begins.
 */
export function creditLine(text: string): string | undefined {
  const line = titleLine(text);
  return line === undefined || line.replace(harmless, '').match(number) !== null ? undefined : line;
}
