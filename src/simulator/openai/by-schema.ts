import type { SightText } from '#simulator/samples/sight-texts.ts';

/** The part of JSON Schema that structured outputs allow and that is filled here. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
}

/** A value that fits the schema, filled by the names of its properties: caption, mood, alt_text, hashtags. */
export function fillSchema(schema: unknown, subject: SightText, caption: string): unknown {
  const root = (typeof schema === 'object' && schema !== null ? schema : {}) as Schema;
  return fill(root, '', { root, subject, caption });
}

interface Fill {
  readonly root: Schema;
  readonly subject: SightText;
  readonly caption: string;
}

function fill(schema: Schema, name: string, about: Fill): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined)
    return schema.enum.find((each) => each === about.subject.mood) ?? schema.enum[0];
  if (schema.$ref !== undefined) {
    return fill(about.root.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? {}, name, about);
  }
  if (schema.anyOf !== undefined) return fill(schema.anyOf[0] ?? {}, name, about);
  const type =
    typeof schema.type === 'string'
      ? schema.type
      : (schema.type?.find((each) => each !== 'null') ?? 'object');
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, value]) => [key, fill(value, key, about)]),
      );
    case 'array': {
      const words = /tag|keyword/i.test(name) ? about.subject.hashtags : about.subject.captions;
      const count = Math.min(words.length, Math.max(schema.minItems ?? 0, schema.maxItems ?? words.length));
      if (schema.items?.type !== undefined && schema.items.type !== 'string')
        return [fill(schema.items, name, about)];
      return words.slice(0, count);
    }
    case 'boolean':
      return !/unsafe|refus|flag/i.test(name);
    case 'number':
    case 'integer':
      return schema.minimum ?? 1;
    case 'null':
      return null;
    default:
      return textFor(name, about);
  }
}

function textFor(name: string, { subject, caption }: Fill): string {
  if (/alt/i.test(name)) return subject.altText;
  if (/mood|feel|atmosphere|tone/i.test(name)) return subject.mood;
  if (/tag|keyword/i.test(name)) return subject.hashtags.join(' ');
  if (/descri/i.test(name)) return subject.description;
  return caption;
}
