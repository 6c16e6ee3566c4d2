import type { SimulatedAnswer } from '#simulator/http.ts';
import { failure } from './errors.ts';
import { problemWithStrict } from './strict-schema.ts';
import type { Prompt } from './talk.ts';

/** A request for a chat completion, checked and reduced to what the answer depends on. */
export interface ChatRequest extends Prompt {
  readonly model: string;
  readonly maxTokens: number | undefined;
  /** The JSON schema that the answer has to follow. */
  readonly schema: unknown;
}

interface Body {
  readonly model?: unknown;
  readonly messages?: unknown;
  readonly max_tokens?: unknown;
  readonly max_completion_tokens?: unknown;
  readonly temperature?: unknown;
  readonly stream?: unknown;
  readonly response_format?: {
    readonly type?: unknown;
    readonly json_schema?: {
      readonly name?: unknown;
      readonly schema?: unknown;
      readonly strict?: unknown;
    };
  };
}

interface Message {
  readonly role?: unknown;
  readonly content?: unknown;
}

interface Part {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly image_url?: { readonly url?: unknown };
}

const roles = ['system', 'developer', 'user', 'assistant', 'tool'];

/** The request, or OpenAI's answer to a wrong one. */
export function readChat(bytes: Buffer): ChatRequest | SimulatedAnswer {
  const body = parse(bytes);
  if (body === undefined) {
    return failure(400, 'We could not parse the JSON body of your request.', null);
  }
  const { model, messages } = body;
  if (typeof model !== 'string' || model === '')
    return failure(400, 'you must provide a model parameter', null);
  if (messages === undefined) {
    return failure(400, "Missing required parameter: 'messages'.", 'missing_required_parameter', {
      param: 'messages',
    });
  }
  if (!Array.isArray(messages) || messages.length === 0) {
    return failure(
      400,
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      'empty_array',
      { param: 'messages' },
    );
  }
  if (body.stream === true)
    return failure(400, 'The simulator does not stream.', 'unsupported_value', { param: 'stream' });
  const maxTokens = body.max_completion_tokens ?? body.max_tokens;
  if (body.max_tokens !== undefined && /^gpt-[56]/.test(model)) {
    return failure(
      400,
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'unsupported_parameter',
      { param: 'max_tokens' },
    );
  }
  if (maxTokens !== undefined && (typeof maxTokens !== 'number' || maxTokens < 1)) {
    return failure(
      400,
      "Invalid 'max_completion_tokens': integer below minimum value. Expected a value >= 1.",
      'integer_below_min_value',
      { param: 'max_completion_tokens' },
    );
  }
  const format = body.response_format;
  const name = format?.json_schema?.name;
  if (format?.type === 'json_schema' && !(typeof name === 'string' && /^[a-zA-Z0-9_-]{1,64}$/.test(name))) {
    return failure(
      400,
      "Invalid 'response_format.json_schema.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
      'invalid_value',
      { param: 'response_format.json_schema.name' },
    );
  }
  const { schema, strict } = format?.json_schema ?? {};
  const wrong = format?.type === 'json_schema' && strict === true ? problemWithStrict(schema) : undefined;
  if (wrong !== undefined) {
    return failure(400, `Invalid schema for response_format '${String(name)}': ${wrong}`, null, {
      param: 'response_format',
    });
  }
  const prompt = readMessages(messages as readonly Message[]);
  if ('status' in prompt) return prompt;
  return {
    ...prompt,
    model,
    maxTokens: typeof maxTokens === 'number' ? maxTokens : undefined,
    schema: format?.type === 'json_schema' ? format.json_schema?.schema : undefined,
  };
}

function parse(bytes: Buffer): Body | undefined {
  try {
    return JSON.parse(bytes.toString()) as Body;
  } catch {
    // Reported by the caller in OpenAI's words.
    return undefined;
  }
}

function readMessages(messages: readonly Message[]): Prompt | SimulatedAnswer {
  const texts: string[] = [];
  const images: Buffer[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    if (typeof role !== 'string' || !roles.includes(role)) {
      return failure(
        400,
        `Invalid value: '${String(role)}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.`,
        'invalid_value',
        { param: `messages[${index}].role` },
      );
    }
    // Only what the user says tells the subject; instructions may name examples.
    const parts: readonly Part[] =
      typeof content === 'string' ? [{ type: 'text', text: content }] : ((content ?? []) as readonly Part[]);
    for (const part of parts) {
      if (part.type === 'text' && role !== 'system' && role !== 'developer') texts.push(String(part.text));
      if (part.type !== 'image_url') continue;
      const data = /^data:image\/[a-z+]+;base64,(.*)$/s.exec(String(part.image_url?.url));
      if (data === null) {
        return failure(
          400,
          'Failed to download image: the simulator takes pictures as data URLs only.',
          'invalid_image_url',
        );
      }
      images.push(Buffer.from(data[1] ?? '', 'base64'));
    }
  }
  return { text: texts.join('\n'), images };
}
