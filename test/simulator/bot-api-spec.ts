import { existsSync, readFileSync } from 'node:fs';

/**
 * Checks method calls and their answers against the Bot API specification as data. A test of the real bot
 * uses it so:
 *
 *     it.skipIf(!hasBotApiSpec)('asks only what the Bot API documents', () => {
 *       expect(checkBotApi(telegram.exchanges)).toEqual([]);
 *     });
 *
 * Each complaint is one line that names the method and the place. A call that was refused is checked too;
 * filter with `wasAccepted` where a test asks for something wrong on purpose.
 */

interface SpecField {
  readonly name: string;
  readonly types: readonly string[];
  readonly required: boolean;
}
interface SpecMethod {
  readonly fields?: readonly SpecField[];
  readonly returns: readonly string[];
}
interface SpecType {
  readonly fields?: readonly SpecField[];
  readonly subtypes?: readonly string[];
}
interface Spec {
  readonly methods: Readonly<Record<string, SpecMethod>>;
  readonly types: Readonly<Record<string, SpecType>>;
}

/** The part of an exchange that is checked; without an answer only the request is. */
export interface CheckedCall {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly files?: readonly string[];
  readonly answer?: unknown;
}

const specFile = new URL('../../../shared/specs/telegram-api.json', import.meta.url);

/** Whether the specification lies next to the project; without it there is nothing to check against. */
export const hasBotApiSpec = existsSync(specFile);
if (!hasBotApiSpec) {
  process.stderr.write(
    'Skipped: the tests against the Bot API specification, which is not on this machine.\n',
  );
}

/** Everything in the calls that the specification does not allow; empty when all is well. */
export function checkBotApi(calls: readonly CheckedCall[]): readonly string[] {
  const spec = JSON.parse(readFileSync(specFile, 'utf8')) as Spec;
  return [...new Set(calls.flatMap((call) => [...checkRequest(spec, call), ...checkAnswer(spec, call)]))];
}

export function wasAccepted(call: CheckedCall): boolean {
  return isRecord(call.answer) && call.answer['ok'] === true;
}

function checkRequest(spec: Spec, { method, params, files = [] }: CheckedCall): readonly string[] {
  const known = spec.methods[method];
  if (known === undefined) return [`${method}: no such method`];
  const fields = known.fields ?? [];
  const attached = JSON.stringify(params);
  const strayFiles = files
    .filter((name) => !attached.includes(`attach://${name}`))
    .filter((name) => !fields.some((field) => field.name === name && field.types.includes('InputFile')));
  return [
    ...strayFiles.map((name) => `${method}: the file "${name}" is used nowhere`),
    ...fields
      .filter((field) => field.required && !(field.name in params) && !files.includes(field.name))
      .map((field) => `${method}: ${field.name} is missing`),
    ...Object.entries(params).flatMap(([name, value]) => {
      const field = fields.find((each) => each.name === name);
      if (field === undefined) return [`${method}: ${name} is not a parameter`];
      return checkValue(spec, value, field.types, { path: `${method}: ${name}`, isRequest: true });
    }),
  ];
}

function checkAnswer(spec: Spec, { method, answer }: CheckedCall): readonly string[] {
  if (answer === undefined) return [];
  if (!isRecord(answer)) return [`${method}: the answer is no object`];
  const at = { path: `${method}: answer`, isRequest: false };
  if (answer['ok'] === true) {
    const returns = spec.methods[method]?.returns ?? [];
    return [...strays(answer, ['ok', 'result'], at.path), ...checkValue(spec, answer['result'], returns, at)];
  }
  const { error_code: code, description, parameters } = answer;
  return [
    ...strays(answer, ['ok', 'error_code', 'description', 'parameters'], at.path),
    ...checkValue(spec, code, ['Integer'], at),
    ...checkValue(spec, description, ['String'], at),
    ...(parameters === undefined ? [] : checkValue(spec, parameters, ['ResponseParameters'], at)),
  ];
}

interface Place {
  readonly path: string;
  /** In a request numbers, flags and objects may come as text. */
  readonly isRequest: boolean;
}

/** The complaints of the type that fits best. */
function checkValue(spec: Spec, value: unknown, types: readonly string[], at: Place): readonly string[] {
  const tries = types.map((type) => checkType(spec, value, type, at));
  return tries.toSorted((left, right) => left.length - right.length)[0] ?? [`${at.path}: has no known type`];
}

function checkType(spec: Spec, value: unknown, type: string, at: Place): readonly string[] {
  const complaint = [`${at.path}: ${JSON.stringify(value)?.slice(0, 60)} is no ${type}`];
  if (type === 'String') return typeof value === 'string' ? [] : complaint;
  const read = at.isRequest && typeof value === 'string' ? parsed(value) : value;
  if (type === 'Integer') return Number.isSafeInteger(read) ? [] : complaint;
  if (type === 'Float') return typeof read === 'number' ? [] : complaint;
  if (type === 'Boolean') return typeof read === 'boolean' ? [] : complaint;
  if (type === 'InputFile') return String(value).startsWith('attach://') ? [] : complaint;
  if (type.startsWith('Array of ')) {
    if (!Array.isArray(read)) return complaint;
    const item = type.slice('Array of '.length);
    return read.flatMap((each, index) =>
      checkType(spec, each, item, { path: `${at.path}[${index}]`, isRequest: false }),
    );
  }
  if (!isRecord(read)) return complaint;
  return checkObject(spec, read, type, at.path);
}

function checkObject(
  spec: Spec,
  value: Record<string, unknown>,
  type: string,
  path: string,
): readonly string[] {
  const known = spec.types[type];
  if (known === undefined) return [`${path}: ${type} is no known type`];
  if (known.subtypes !== undefined)
    return checkValue(spec, value, known.subtypes, { path, isRequest: false });
  const fields = known.fields ?? [];
  return [
    ...fields
      .filter((field) => field.required && value[field.name] === undefined)
      .map((field) => `${path}.${field.name} is missing in ${type}`),
    ...Object.entries(value).flatMap(([name, each]) => {
      const field = fields.find((candidate) => candidate.name === name);
      if (field === undefined) return [`${path}.${name} is no field of ${type}`];
      return checkValue(spec, each, field.types, { path: `${path}.${name}`, isRequest: false });
    }),
  ];
}

function strays(value: Record<string, unknown>, known: readonly string[], path: string): readonly string[] {
  return Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => `${path}.${name} is unknown`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
