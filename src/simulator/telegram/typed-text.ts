import type { FormattedText } from './parse-html.ts';
import type { WireEntity } from './wire.ts';

/**
 * What the app makes of a text that was typed: **bold**, __italic__, ~~struck~~, ||hidden||, `code` and
 * [a link](https://…), as Telegram's apps do when it is sent. One may stand within another.
 */
export function typedText(typed: string): FormattedText {
  const found = mark.exec(typed);
  if (found?.groups === undefined) return { text: typed, entities: [] };
  const { sign, inside, code, words, url } = found.groups;
  const inner = typedText(inside ?? words ?? '');
  const text = code ?? inner.text;
  const before = typed.slice(0, found.index);
  const after = typedText(typed.slice(found.index + found[0].length));
  const kind = url === undefined ? { type: types[sign ?? '`'] ?? '' } : { type: 'text_link', url };
  return {
    text: before + text + after.text,
    entities: [
      { ...kind, offset: before.length, length: text.length },
      ...moved(inner.entities, before.length),
      ...moved(after.entities, before.length + text.length),
    ],
  };
}

const mark =
  /(?<sign>\*\*|__|~~|\|\|)(?=\S)(?<inside>.+?)(?<=\S)\k<sign>|`(?<code>[^`\n]+)`|\[(?<words>[^\]\n]+)\]\((?<url>https?:\/\/[^\s)]+)\)/su;

const types: Readonly<Record<string, string>> = {
  '**': 'bold',
  __: 'italic',
  '~~': 'strikethrough',
  '||': 'spoiler',
  '`': 'code',
};

function moved(entities: readonly WireEntity[], by: number): readonly WireEntity[] {
  return entities.map((entity) => ({ ...entity, offset: entity.offset + by }));
}
