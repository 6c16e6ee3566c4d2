import type { SimulatedRequest } from '#simulator/http.ts';
import { badRequest } from './refusal.ts';

/** A file that came with a multipart request. */
export interface Upload {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The parameters of a method call, from JSON, a form, the query or multipart alike. */
export interface Params {
  /** As they came: strings from a form or the query, any JSON value from a JSON body. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly files: ReadonlyMap<string, Upload>;
  readonly signal: AbortSignal;
  /** Empty when absent. */
  text(name: string): string;
  /** 0 when absent or not a number, as the Bot API server reads it. */
  integer(name: string): number;
  /** True for true, "true", "yes" and "1". */
  flag(name: string): boolean;
  /** The object or array, from JSON text when it came as text; undefined when absent or empty. */
  json(name: string): unknown;
}

/** Reads the parameters of a request. Throws a refusal for a body that cannot be read. */
export async function readParams(request: SimulatedRequest): Promise<Params> {
  const values: Record<string, unknown> = Object.fromEntries(request.query);
  const files = new Map<string, Upload>();
  const type = request.headers['content-type'] ?? '';
  if (request.body.length > 0 && type.startsWith('application/json')) {
    Object.assign(values, readJsonBody(request.body));
  } else if (request.body.length > 0 && type.startsWith('application/x-www-form-urlencoded')) {
    Object.assign(values, Object.fromEntries(new URLSearchParams(request.body.toString('utf8'))));
  } else if (request.body.length > 0 && type.startsWith('multipart/form-data')) {
    for (const [name, value] of await readForm(request.body, type)) {
      if (typeof value === 'string') values[name] = value;
      else files.set(name, { name: value.name, bytes: Buffer.from(await value.arrayBuffer()) });
    }
  }
  return paramsOf(values, files, request.signal);
}

function readJsonBody(body: Buffer): object {
  const parsed = parse(body.toString('utf8'), "can't parse JSON-encoded request parameters");
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw badRequest("can't parse JSON-encoded request parameters");
  }
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== null));
}

async function readForm(body: Buffer, type: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  } catch {
    throw badRequest("can't parse the multipart request body");
  }
}

function paramsOf(
  values: Readonly<Record<string, unknown>>,
  files: ReadonlyMap<string, Upload>,
  signal: AbortSignal,
): Params {
  function text(name: string): string {
    const value = values[name];
    if (value === undefined || value === null) return '';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  return {
    values,
    files,
    signal,
    text,
    integer(name) {
      const number = Number(text(name));
      return Number.isSafeInteger(number) ? number : 0;
    },
    flag: (name) => ['true', 'yes', '1'].includes(text(name).toLowerCase()),
    json(name) {
      const value = values[name];
      if (typeof value !== 'string') return value;
      return value === '' ? undefined : parse(value, `can't parse ${name} JSON object`);
    },
  };
}

function parse(text: string, complaint: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(complaint);
  }
}
