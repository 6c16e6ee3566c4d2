import { z } from 'zod';
import { ServiceError } from '#errors.ts';
import type { AiCaption } from '#ports/caption-writer.ts';

/** What is used of a chat completion; other servers than OpenAI's leave things out. */
const Choice = z.object({
  message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
  finish_reason: z.string().nullish(),
});
const Answer = z.object({ choices: z.tuple([Choice], z.unknown()) });

const Written = z.object({
  caption: z.string(),
  altText: z.string().nullish(),
  hashtags: z.array(z.string()).nullish(),
});

/**
 * The form that the answer has to have, by OpenAI's rules for strict schemas: every property required and no other
 * allowed. Hashtags are asked for only where the owner wants some.
 */
export function answerFormat(hashtags: number) {
  const wanted = {
    caption: {
      type: 'string',
      description: 'The caption as it is posted, without hashtags, links and mentions.',
    },
    altText: {
      type: 'string',
      description:
        'What the photo shows, for somebody who cannot see it: one or two plain sentences, at most 300 characters.',
    },
    ...(hashtags > 0 && {
      hashtags: {
        type: 'array',
        items: { type: 'string' },
        description: `Up to ${hashtags} hashtags that fit the photo: single plain words without #.`,
      },
    }),
  };
  const schema = {
    type: 'object',
    properties: wanted,
    required: Object.keys(wanted),
    additionalProperties: false,
  };
  return { type: 'json_schema' as const, json_schema: { name: 'post', strict: true, schema } };
}

/** What was written. Throws `ServiceError` for an answer that is no caption. */
export function captionIn(answer: unknown): AiCaption {
  const parsed = Answer.safeParse(answer);
  if (!parsed.success) throw malformed();
  const [{ message, finish_reason: ending }] = parsed.data.choices;
  const text = message.content?.trim() ?? '';
  if (message.refusal) throw rejected('the model declined');
  if (ending === 'length' || ending === 'content_filter') throw rejected('the answer was cut off');
  if (text === '') throw rejected('the answer was empty');
  const written = textIn(text);
  if (written.caption.trim() === '') throw rejected('the answer was empty');
  return written;
}

/** Servers that do not know about forms answer in prose, or put JSON between Markdown's fences. */
function textIn(text: string): AiCaption {
  const inside = text.replace(/^```(?:json)?\s*([\s\S]*?)\s*```$/, '$1');
  // What begins like JSON and is none was cut or spoilt on the way, and must not become a caption.
  if (!/^[{[`]/.test(inside)) return { caption: inside, hashtags: [] };
  const { data } = Written.safeParse(parsedJson(inside));
  if (data === undefined) throw malformed();
  return { caption: data.caption, altText: data.altText ?? undefined, hashtags: data.hashtags ?? [] };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON, and so no answer of the form either.
    return undefined;
  }
}

function malformed(): ServiceError {
  return new ServiceError('OpenAI', { kind: 'unexpected', detail: 'malformed answer' });
}

function rejected(detail: string): ServiceError {
  return new ServiceError('OpenAI', { kind: 'rejected', detail });
}
