import { randomBytes } from 'node:crypto';
import type { Faults } from './faults.ts';
import {
  type HttpService,
  type RunningService,
  type SimulatedAnswer,
  type SimulatedRequest,
  serve,
} from './http.ts';
import { fillSchema } from './openai/by-schema.ts';
import { type ChatRequest, readChat } from './openai/chat-request.ts';
import { failure, refusal } from './openai/errors.ts';
import { createTalk } from './openai/talk.ts';
import type { Sights } from './sights.ts';

/** How an answer can go wrong although the call succeeds. */
export type Oddity = 'refusal' | 'length' | 'content-filter' | 'empty' | 'malformed';

export interface SimulatedOpenAi extends RunningService {
  readonly apiKey: string;
  /** The next `times` answers are odd in this way. */
  answerNext(oddity: Oddity, times?: number): void;
  /** The captions of the next `times` answers say exactly this. */
  sayNext(caption: string, times?: number): void;
  /** Whether it is a server that takes no `response_format`. */
  setFormless(on: boolean): void;
  /** Whether a rate limit that strikes says `insufficient_quota`, which no waiting cures. */
  setOutOfCredit(on: boolean): void;
}

interface OpenAiOptions {
  readonly faults: Faults;
  /** Without it pictures are not understood, only texts. */
  readonly sights?: Sights;
  readonly port?: number;
}

const models = ['gpt-6-luna', 'gpt-5.6-luna', 'gpt-5.4-mini', 'gpt-4o-mini'];

/** Chat completions and the list of models, answered by rule instead of by a model. */
export async function startOpenAi({ faults, sights, port }: OpenAiOptions): Promise<SimulatedOpenAi> {
  const apiKey = 'sk-proj-SimulatedOpenAiKeyForDarkroom0000000000000000';
  const talk = createTalk(sights);
  const oddities: Oddity[] = [];
  const said: string[] = [];
  let isFormless = false;
  let isOutOfCredit = false;
  let served = 0;

  const service: HttpService = {
    name: 'openai',
    operation: operationOf,
    answer: async (request) => {
      const plain = await answer(request);
      served += 1;
      return { ...plain, headers: { ...headersFor(served), ...plain.headers } };
    },
    refuse: (fault) => refusal(fault, isOutOfCredit),
  };

  async function answer(request: SimulatedRequest): Promise<SimulatedAnswer> {
    const key = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1];
    if (key === undefined) {
      return failure(
        401,
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
        null,
      );
    }
    if (key !== apiKey) {
      const shown = `${key.slice(0, 8)}${'*'.repeat(12)}${key.slice(-4)}`;
      return failure(
        401,
        `Incorrect API key provided: ${shown}. You can find your API key at https://platform.openai.com/account/api-keys.`,
        'invalid_api_key',
      );
    }
    switch (operationOf(request)) {
      case 'models':
        return { status: 200, body: { object: 'list', data: models.map(modelCard) } };
      case 'chat/completions':
        return complete(request);
      case 'models/retrieve':
        return retrieve(decodeURIComponent(request.path.replace(/^\/v1\/models\//, '')));
      default:
        return failure(404, `Invalid URL (${request.method} ${request.path})`, null);
    }
  }

  function retrieve(model: string): SimulatedAnswer {
    if (models.includes(model)) return { status: 200, body: modelCard(model) };
    return failure(404, `The model '${model}' does not exist`, 'model_not_found', { param: 'model' });
  }

  async function complete(request: SimulatedRequest): Promise<SimulatedAnswer> {
    const chat = readChat(request.body);
    if ('status' in chat) return chat;
    if (isFormless && chat.schema !== undefined) {
      // The words of DeepSeek's server, which speaks as OpenAI does otherwise.
      return failure(400, 'This response_format type is unavailable now', 'invalid_request_error');
    }
    if (!models.includes(chat.model) && !chat.model.startsWith('local-')) {
      return failure(
        404,
        `The model \`${chat.model}\` does not exist or you do not have access to it.`,
        'model_not_found',
      );
    }
    const subject = await talk.subject(chat).catch(() => undefined);
    if (subject === undefined) {
      return failure(
        400,
        'You uploaded an unsupported image. Please make sure your image is valid.',
        'image_parse_error',
      );
    }
    const caption = said.shift() ?? talk.caption(subject, chat);
    const content =
      chat.schema === undefined ? caption : JSON.stringify(fillSchema(chat.schema, subject, caption));
    return { status: 200, body: completion(chat, content, oddities.shift()) };
  }

  const running = await serve(service, faults, port);
  return {
    ...running,
    apiKey,
    answerNext(oddity, times = 1) {
      for (let time = 0; time < times; time += 1) oddities.push(oddity);
    },
    sayNext(caption, times = 1) {
      for (let time = 0; time < times; time += 1) said.push(caption);
    },
    setFormless(on) {
      isFormless = on;
    },
    setOutOfCredit(on) {
      isOutOfCredit = on;
    },
  };
}

function operationOf(request: SimulatedRequest): string {
  if (/^\/v1\/models\/[^/]+$/.test(request.path)) return 'models/retrieve';
  return request.path.replace(/^\/v1\//, '');
}

function modelCard(id: string): object {
  return { id, object: 'model', created: 1_790_000_000, owned_by: 'system' };
}

/** About four characters to a token; a picture in low detail counts 85, as for the 4o class. */
function tokensOf(text: string): number {
  return Math.ceil(text.length / 4);
}

function completion(chat: ChatRequest, content: string, oddity: Oddity | undefined): object {
  const limit = chat.maxTokens ?? Number.POSITIVE_INFINITY;
  const isCut = oddity === 'length' || tokensOf(content) > limit;
  const cut = content.slice(0, Math.min(Math.floor(content.length / 2), limit * 4));
  const text = isCut ? cut : oddity === 'malformed' ? `${content.slice(0, -3)},,` : content;
  const isSilent = oddity === 'refusal' || oddity === 'empty' || oddity === 'content-filter';
  const prompt = tokensOf(chat.text) + chat.images.length * 85;
  const written = isSilent ? 1 : tokensOf(text);
  return {
    id: `chatcmpl-${randomBytes(14).toString('hex')}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: chat.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: oddity === 'refusal' ? null : isSilent ? '' : text,
          refusal: oddity === 'refusal' ? "I'm sorry, I can't assist with that request." : null,
          annotations: [],
        },
        logprobs: null,
        finish_reason: oddity === 'content-filter' ? 'content_filter' : isCut ? 'length' : 'stop',
      },
    ],
    usage: {
      prompt_tokens: prompt,
      completion_tokens: written,
      total_tokens: prompt + written,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: 0,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    },
    service_tier: 'default',
  };
}

function headersFor(served: number): Record<string, string> {
  return {
    'x-request-id': `req_${randomBytes(16).toString('hex')}`,
    'openai-version': '2020-10-01',
    'openai-processing-ms': '12',
    'x-ratelimit-limit-requests': '500',
    'x-ratelimit-remaining-requests': String(Math.max(0, 500 - (served % 500))),
    'x-ratelimit-reset-requests': '120ms',
    'x-ratelimit-limit-tokens': '200000',
    'x-ratelimit-remaining-tokens': '199000',
    'x-ratelimit-reset-tokens': '300ms',
  };
}
