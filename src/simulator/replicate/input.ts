import type { SimulatedAnswer } from '#simulator/http.ts';

/** What is wrong with the input by the schema of BLIP-2, in the words of Replicate's check. */
export function checkInput(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null) return 'input is required';
  const given = input as Record<string, unknown>;
  if (given['image'] === undefined) return 'input: image is required';
  if (typeof given['image'] !== 'string') return wrongType('image', 'string', given);
  if (!/^(https?:\/\/|data:)/.test(given['image'])) return "input.image: Does not match format 'uri'";
  for (const name of ['caption', 'use_nucleus_sampling']) {
    if (given[name] !== undefined && typeof given[name] !== 'boolean')
      return wrongType(name, 'boolean', given);
  }
  for (const name of ['question', 'context']) {
    if (given[name] !== undefined && typeof given[name] !== 'string') return wrongType(name, 'string', given);
  }
  const temperature = given['temperature'];
  if (temperature === undefined) return undefined;
  if (typeof temperature !== 'number') return wrongType('temperature', 'number', given);
  if (temperature < 0.5) return 'input.temperature: Must be greater than or equal to 0.5';
  return temperature > 1 ? 'input.temperature: Must be less than or equal to 1' : undefined;
}

function wrongType(name: string, expected: string, given: Readonly<Record<string, unknown>>): string {
  return `input.${name}: Invalid type. Expected: ${expected}, given: ${typeof given[name]}`;
}

export function invalidInput(description: string): SimulatedAnswer {
  const field = description.split(/[: ]/)[0] ?? 'input';
  return {
    status: 422,
    body: {
      title: 'Input validation failed',
      detail: `- ${description}\n`,
      status: 422,
      invalid_fields: [{ type: 'invalid', field, description }],
    },
  };
}
