import { join } from 'node:path';
import OpenAI, { type APIError } from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFaults } from '../../src/simulator/faults.ts';
import { type SimulatedOpenAi, startOpenAi } from '../../src/simulator/openai.ts';
import { createSights } from '../../src/simulator/sights.ts';

const samples = join(import.meta.dirname, '..', '..', 'data', 'samples');
const sights = createSights(samples);
const faults = createFaults();
const model = 'gpt-6-luna';
const harbour =
  'Write a caption.\nDescription: a harbour at dusk with sailboats and town lights reflected in the water\nMood: calm';
let service: SimulatedOpenAi;

function client(apiKey = service.apiKey): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${service.url}/v1`, maxRetries: 0 });
}

async function ask(content: string, more: { readonly max_completion_tokens?: number } = {}) {
  const answer = await client().chat.completions.create({
    model,
    messages: [{ role: 'user', content }],
    ...more,
  });
  const [choice] = answer.choices;
  if (choice === undefined) throw new Error('There is no choice.');
  return { answer, choice, text: choice.message.content ?? '' };
}

async function failureOf(call: Promise<unknown>): Promise<APIError> {
  return call.then(
    () => {
      throw new Error('The call succeeded.');
    },
    (error: unknown) => error as APIError,
  );
}

beforeEach(async () => {
  faults.clear();
  service = await startOpenAi({ faults, sights });
});

afterEach(() => service.close());

describe('captions', () => {
  it('fit the described picture, and each time it is another one', async () => {
    const texts: string[] = [];
    for (let time = 0; time < 5; time += 1) texts.push((await ask(harbour)).text);
    expect(new Set(texts).size).toBe(5);
    expect(texts[0]).toBe('The harbour puts its lights on, and the water keeps a copy of each.');
    for (const text of texts) expect(text).not.toMatch(/[#"]/);
  });

  it('never repeat one that the prompt already shows', async () => {
    const first = 'The harbour puts its lights on, and the water keeps a copy of each.';
    expect((await ask(`${harbour}\nNot this one again: ${first}`)).text).not.toBe(first);
  });

  it('about something unknown are built from its description', async () => {
    const { text } = await ask('Description: a brown dog on a skateboard\nMood: happy');
    expect(text).toBe('A brown dog on a skateboard, and a moment that was worth stopping for.');
    expect((await ask('Description: a brown dog on a skateboard\nMood: happy')).text).not.toBe(text);
  });

  it('come with usage and the headers of the limits', async () => {
    const { data, response } = await client()
      .chat.completions.create({ model, messages: [{ role: 'user', content: harbour }] })
      .withResponse();
    const usage = data.usage;
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    expect(response.headers.get('x-ratelimit-remaining-requests')).toMatch(/^\d+$/);
  });
});

describe('structured answers', () => {
  const Post = z.object({
    caption: z.string(),
    alt_text: z.string(),
    mood: z.string(),
    hashtags: z.array(z.string()).max(3),
    is_safe: z.boolean(),
  });

  it('follow the schema and describe the picture itself', async () => {
    const small = await sharp(join(samples, 'DSC_0977.jpg')).resize(320).jpeg().toBuffer();
    const url = `data:image/jpeg;base64,${small.toString('base64')}`;
    const answer = await client().chat.completions.parse({
      model,
      messages: [
        { role: 'system', content: 'You write captions.' },
        { role: 'user', content: [{ type: 'image_url', image_url: { url, detail: 'low' } }] },
      ],
      response_format: zodResponseFormat(Post, 'post'),
    });
    const post = answer.choices[0]?.message.parsed;
    expect(post?.alt_text).toContain('red umbrella');
    expect(post?.mood).toBe('moody and romantic');
    expect(post?.hashtags).toEqual(['#rain', '#citylights', '#bokeh']);
  });
});

describe('a strict schema', () => {
  const properties = { caption: { type: 'string' }, tags: { type: 'array', items: { type: 'object' } } };
  const asking = (schema: Record<string, unknown>) =>
    client().chat.completions.create({
      model,
      messages: [{ role: 'user', content: harbour }],
      response_format: { type: 'json_schema', json_schema: { name: 'post', strict: true, schema } },
    });

  it.each([
    [
      'allows other properties',
      { type: 'object', properties: {}, required: [] },
      /'additionalProperties' is/,
    ],
    [
      'leaves a property to chance',
      { type: 'object', properties, required: ['tags'], additionalProperties: false },
      /Missing 'caption'/,
    ],
    [
      'has a loose object inside',
      { type: 'object', properties, required: ['caption', 'tags'], additionalProperties: false },
      /context=\('properties', 'tags', 'items'\)/,
    ],
    ['is no object', { type: 'string' }, /got 'type: "string"'/],
  ])('that %s is refused', async (_, schema, message) => {
    const error = await failureOf(asking(schema));
    expect([error.status, error.param]).toEqual([400, 'response_format']);
    expect(error.message).toMatch(message);
  });

  it('is refused altogether by a server without forms, which answers in prose', async () => {
    service.setFormless(true);
    const schema = { type: 'object', properties: {}, required: [], additionalProperties: false };
    expect((await failureOf(asking(schema))).message).toContain('response_format');
    expect((await ask(harbour)).text).toMatch(/^The harbour/);
  });
});

describe('odd answers', () => {
  it('can say what they are told', async () => {
    service.sayNext('Exactly this.');
    expect((await ask(harbour)).text).toBe('Exactly this.');
    expect((await ask(harbour)).text).not.toBe('Exactly this.');
  });

  it('can be a refusal, empty, cut off, filtered or malformed', async () => {
    service.answerNext('refusal');
    expect((await ask(harbour)).choice.message).toMatchObject({ content: null, refusal: expect.any(String) });
    service.answerNext('empty');
    expect((await ask(harbour)).choice.message.content).toBe('');
    service.answerNext('length');
    expect((await ask(harbour)).choice.finish_reason).toBe('length');
    service.answerNext('content-filter');
    expect((await ask(harbour)).choice.finish_reason).toBe('content_filter');
    service.answerNext('malformed');
    expect((await ask(harbour)).text).toMatch(/,,$/);
    expect((await ask(harbour)).choice.finish_reason).toBe('stop');
  });

  it('are cut off at max_completion_tokens', async () => {
    const { choice, text } = await ask(harbour, { max_completion_tokens: 3 });
    expect(choice.finish_reason).toBe('length');
    expect(text.length).toBeLessThanOrEqual(12);
  });
});

describe('refusals', () => {
  const messages = [{ role: 'user' as const, content: 'hello' }];

  it('wants a key, a known model and messages', async () => {
    const key = await failureOf(client('sk-wrong-key-0000').chat.completions.create({ model, messages }));
    expect([key.status, key.code]).toEqual([401, 'invalid_api_key']);
    expect(key.message).toContain('Incorrect API key provided');
    const unknown = await failureOf(client().chat.completions.create({ model: 'gpt-0', messages }));
    expect([unknown.status, unknown.code]).toEqual([404, 'model_not_found']);
    expect((await failureOf(client().chat.completions.create({ model, messages: [] }))).status).toBe(400);
    const local = await client().chat.completions.create({ model: 'local-llama', messages });
    expect(local.choices).toHaveLength(1);
  });

  it('tells a rate limit from an empty account', async () => {
    faults.add({ service: 'openai', fault: { kind: 'rate-limit', retryAfterSeconds: 20 }, times: 2 });
    const limited = await failureOf(client().chat.completions.create({ model, messages }));
    expect([limited.status, limited.code, limited.headers?.get('retry-after')]).toEqual([
      429,
      'rate_limit_exceeded',
      '20',
    ]);
    service.setOutOfCredit(true);
    const broke = await failureOf(client().chat.completions.create({ model, messages }));
    expect([broke.status, broke.code]).toEqual([429, 'insufficient_quota']);
  });

  it('lists its models', async () => {
    const listed = await client().models.list();
    expect(listed.data.map((each) => each.id)).toContain('gpt-5.4-mini');
  });
});
