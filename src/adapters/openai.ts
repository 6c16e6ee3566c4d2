import type { OpenAI } from 'openai';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import { z } from 'zod';
import { NotSaved, OverBudget, ServiceError } from '#errors.ts';
import type { AiCaption, CaptionMaterial, CaptionWriter } from '#ports/caption-writer.ts';
import type { Check } from '#ports/check.ts';
import type { Clock } from '#ports/clock.ts';
import { policies } from '#ports/policies.ts';
import type { Purse } from '#ports/purse.ts';
import { fetchWithin, noAnswer, problemOfStatus, retryAfterMs, surelyNotSent } from './http.ts';
import { answerFormat, captionIn } from './openai-answer.ts';
import { costOf, mostOf } from './openai-prices.ts';
import { instructions, type PromptSettings, question } from './openai-prompt.ts';
import { createCall } from './policy.ts';

export interface OpenAiSettings extends PromptSettings {
  readonly apiKey: string;
  /** Another server that speaks the same language; absent: OpenAI's. */
  readonly baseUrl?: string | undefined;
  readonly model: string;
  /** It looks at the pictures too. */
  readonly looksItself?: boolean | undefined;
  /** How many hashtags it may propose; absent: none. */
  readonly hashtags?: number | undefined;
}

const { limitMs } = policies.openai.calls.write;
/** Room for the longest caption we want with its alt text, and for a little reasoning, which counts too. */
const maxTokens = 900;

type Package = typeof import('openai');

/** A fifth of a second and 34 MB, so that it is loaded only once there is something to write. */
let loaded: Package | undefined;
async function load(): Promise<Package> {
  loaded ??= await import('openai');
  return loaded;
}

/** Whether it is an error of this class of the package. */
function isA<Name extends 'APIError' | 'APIConnectionError' | 'APIConnectionTimeoutError'>(
  error: unknown,
  name: Name,
): error is InstanceType<Package[Name]> {
  return loaded !== undefined && error instanceof loaded[name];
}

/** Writes captions with a chat model, and looks at the pictures where it is told to. */
export function createOpenAiCaptionWriter(
  settings: OpenAiSettings,
  clock: Clock,
  purse: Purse,
): CaptionWriter {
  const { model, looksItself = false } = settings;
  let client: OpenAI | undefined;
  async function open(): Promise<OpenAI> {
    const { OpenAI } = await load();
    client ??= new OpenAI({
      apiKey: settings.apiKey,
      baseURL: settings.baseUrl ?? null,
      maxRetries: 0,
      timeout: limitMs,
      fetch: fetchWithin(limitMs),
    });
    return client;
  }
  const call = createCall(policies.openai, { service: 'OpenAI', clock, toOurError });
  const format = answerFormat(settings.hashtags ?? 0);
  /** Set once the server has refused the form of the answer and has answered without it. */
  let isPlain = false;

  async function ask(material: CaptionMaterial, plainly: boolean): Promise<AiCaption> {
    const request: ChatCompletionCreateParamsNonStreaming = {
      model,
      max_completion_tokens: maxTokens,
      ...(thinksByDefault(model) && { reasoning_effort: 'none' }),
      messages: messagesFor(settings, material),
      ...(!plainly && { response_format: format }),
    };
    const { chat } = await open();
    return await purse.pay(mostFor(request, material), async (costs) => {
      const answer: unknown = await chat.completions.create(request).catch((error: unknown) => {
        if (wasNotServed(error)) costs(0);
        throw error;
      });
      const { data: counted } = Counted.safeParse(answer);
      if (counted !== undefined) costs(costOf(model, counted.usage));
      return captionIn(answer);
    });
  }

  async function askInForm(material: CaptionMaterial): Promise<AiCaption> {
    try {
      return await ask(material, isPlain);
    } catch (error) {
      if (isPlain || !isAboutForm(error)) throw error;
      const answer = await ask(material, true);
      isPlain = true;
      return answer;
    }
  }

  return {
    looksItself,
    // Another caption is written only because somebody has asked for it.
    write: (material) =>
      call('write', () => askInForm(material), material.earlier.length > 0 ? 'asked-for' : undefined),
    check: async () => check(await open(), settings),
    load,
  };
}

const Counted = z.object({
  usage: z.object({
    prompt_tokens: z.number().nonnegative(),
    completion_tokens: z.number().nonnegative(),
    prompt_tokens_details: z.object({ cached_tokens: z.number().nonnegative().nullish() }).nullish(),
  }),
});

function messagesFor(
  settings: OpenAiSettings,
  material: CaptionMaterial,
): ChatCompletionCreateParamsNonStreaming['messages'] {
  const text = question(settings.rolePrompt, material);
  const url = `data:image/jpeg;base64,${material.picture?.toString('base64')}`;
  return [
    { role: 'system', content: instructions(settings) },
    {
      role: 'user',
      content:
        material.picture === undefined
          ? text
          : [
              { type: 'text', text },
              { type: 'image_url', image_url: { url, detail: 'low' } },
            ],
    },
  ];
}

/** The bytes of the picture count as a picture, not as text. */
function mostFor(request: ChatCompletionCreateParamsNonStreaming, { picture }: CaptionMaterial): number {
  const whole = JSON.stringify(request);
  const text = picture === undefined ? whole : whole.replace(picture.toString('base64'), '');
  return mostOf(request.model, { text, pictures: picture === undefined ? 0 : 1, maxTokens });
}

/** OpenAI's models from GPT-5 on reason before they answer unless told not to, which a caption does not need. */
function thinksByDefault(model: string): boolean {
  return /^gpt-[5-9]/.test(model);
}

/**
 * Whether it was the form of the answer that the server refused. OpenAI names the parameter; other servers only
 * say it in words ("This response_format type is unavailable now"), so that here the words have to be looked at.
 */
function isAboutForm(error: unknown): boolean {
  if (!isA(error, 'APIError') || (error.status !== 400 && error.status !== 422)) return false;
  return error.param === 'response_format' || /response_format|json_schema/.test(error.message);
}

/** A refusal costs nothing, and neither does what never arrived; of a lost answer nobody knows. */
function wasNotServed(error: unknown): boolean {
  return (isA(error, 'APIError') && error.status !== undefined) || surelyNotSent(error);
}

function toOurError(error: unknown): Error {
  if (error instanceof ServiceError || error instanceof OverBudget || error instanceof NotSaved) return error;
  // The client's own limit, which runs beside ours, tells no cause.
  if (isA(error, 'APIConnectionTimeoutError')) return new ServiceError('OpenAI', { kind: 'timeout' });
  if (isA(error, 'APIConnectionError') || !isA(error, 'APIError')) return noAnswer('OpenAI', error);
  if (error.code === 'insufficient_quota') {
    return new ServiceError('OpenAI', { kind: 'no-credit' });
  }
  const waitMs = retryAfterMs(error.headers?.get('retry-after'));
  return new ServiceError('OpenAI', problemOfStatus(error.status ?? 500, error.code ?? undefined), waitMs);
}

/** Whether the key is good and the model is there. Other servers than OpenAI's need not tell about their models. */
async function check(client: OpenAI, { model, baseUrl }: OpenAiSettings): Promise<Check> {
  try {
    await client.models.retrieve(model);
    return { state: 'works' };
  } catch (error) {
    const isSilent = isA(error, 'APIError') && error.status === 404 && error.code !== 'model_not_found';
    if (isSilent && baseUrl !== undefined) return { state: 'unknown' };
    const ours = toOurError(error);
    return { state: 'broken', problem: ours instanceof ServiceError ? ours.problem : { kind: 'unexpected' } };
  }
}
