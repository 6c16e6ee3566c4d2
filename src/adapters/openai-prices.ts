interface Price {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

/** Dollars for a million tokens, as developers.openai.com/api/docs/pricing had them on 22 September 2026. */
const prices: Readonly<Record<string, Price>> = {
  'gpt-6-luna': { input: 0.1, cached: 0.01, output: 0.5 },
  'gpt-5.6-luna': { input: 0.2, cached: 0.02, output: 1.2 },
  'gpt-5.4-mini': { input: 0.75, cached: 0.075, output: 4.5 },
  'gpt-5-nano': { input: 0.05, cached: 0.005, output: 0.4 },
  'gpt-4o-mini': { input: 0.15, cached: 0.075, output: 0.6 },
};

/** What is used of the count of tokens in an answer. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null | undefined } | null | undefined;
}

/** Whether it is known what a call to this model costs. */
export function isPriceKnown(model: string): boolean {
  return priceOf(model) !== undefined;
}

/** What a call cost in dollars; 0 for a model whose price is not known. */
export function costOf(model: string, usage: Usage): number {
  const price = priceOf(model);
  if (price === undefined) return 0;
  const cached = Math.min(usage.prompt_tokens_details?.cached_tokens ?? 0, usage.prompt_tokens);
  const fresh = usage.prompt_tokens - cached;
  return (fresh * price.input + cached * price.cached + usage.completion_tokens * price.output) / 1e6;
}

/** A picture in low detail takes 85 tokens with some models and 2833 with gpt-4o-mini (openai-python#2851). */
const tokensOfPicture = 3000;

/** The most that a call can cost: a token has at least one byte of text. */
export function mostOf(
  model: string,
  asked: { readonly text: string; readonly pictures: number; readonly maxTokens: number },
): number {
  const prompt_tokens = Buffer.byteLength(asked.text) + asked.pictures * tokensOfPicture;
  return costOf(model, { prompt_tokens, completion_tokens: asked.maxTokens });
}

/** A model also goes by its name with the day of its version. */
function priceOf(model: string): Price | undefined {
  return prices[model.replace(/-\d{4}-\d{2}-\d{2}$/, '')];
}
