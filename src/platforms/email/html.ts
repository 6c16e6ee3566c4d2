import { type Entity, type FormattedText, slice } from '#post/formatted-text.ts';

/** The text as HTML, each paragraph with its formatting. What is hidden in Telegram is shown. */
export function htmlOf(given: FormattedText): string {
  const breaks = [...given.text.matchAll(/\n{2,}/g)];
  const starts = [0, ...breaks.map(({ 0: found, index }) => index + found.length)];
  const ends = [...breaks.map(({ index }) => index), given.text.length];
  return starts.map((start, place) => paragraph(slice(given, start, ends[place]))).join('\n');
}

/** The text alone, with the addresses that links lead to. */
export function plainOf({ text, entities = [] }: FormattedText): string {
  return entities
    .filter(({ type }) => type === 'text_link')
    .toSorted((a, b) => b.offset - a.offset)
    .reduce((before, link) => {
      const end = link.offset + link.length;
      const address = addressOf(link);
      const isShown = address !== undefined && bare(before.slice(link.offset, end)) === bare(address);
      return isShown || address === undefined
        ? before
        : `${before.slice(0, end)} (${address})${before.slice(end)}`;
    }, text);
}

function bare(address: string): string {
  return address.trim().replace(/^\w+:(\/\/)?|\/$/g, '');
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function paragraph(given: FormattedText): string {
  return `<p style="margin:0 0 1em">${between(given)}</p>`;
}

function between({ text, entities = [] }: FormattedText): string {
  // The outer ones first; those within are found again in the slice of the outer one.
  const sorted = entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length);
  let html = '';
  let at = 0;
  for (const entity of sorted) {
    const end = entity.offset + entity.length;
    if (entity.offset < at) continue;
    const others = entities.filter((each) => each !== entity);
    const inner = between(slice({ text, entities: others }, entity.offset, end));
    html += escaped(text.slice(at, entity.offset)) + tagged(entity, inner);
    at = end;
  }
  return html + escaped(text.slice(at));
}

function escaped(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>');
}

const tags: Readonly<Partial<Record<Entity['type'], string>>> = {
  bold: 'b',
  italic: 'i',
  underline: 'u',
  strikethrough: 's',
  code: 'code',
  pre: 'code',
};

function tagged(entity: Entity, inner: string): string {
  const tag = tags[entity.type];
  if (tag !== undefined) return `<${tag}>${inner}</${tag}>`;
  if (entity.type === 'text_link') {
    const address = addressOf(entity);
    return address === undefined ? inner : `<a href="${escapeHtml(address)}">${inner}</a>`;
  }
  if (entity.type === 'spoiler') return inner;
  return `<span style="display:block;padding-left:.75em;border-left:3px solid #bbb">${inner}</span>`;
}

/** Only what a mail program may open; Telegram has addresses of its own, too. */
function addressOf(entity: Entity): string | undefined {
  const parsed = entity.type === 'text_link' ? URL.parse(entity.url) : null;
  return parsed !== null && ['https:', 'http:', 'mailto:'].includes(parsed.protocol)
    ? parsed.href
    : undefined;
}
