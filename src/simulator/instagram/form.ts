import type { SimulatedRequest } from '#simulator/http.ts';

/** The fields that a request carries, whatever their types. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * The fields of a request: the JSON behind the signature in `signed_body=<hex>.<json>`, or else the plain form.
 * The signature is not checked: newer apps send the word SIGNATURE in its place.
 */
export function readFields(request: SimulatedRequest): Fields {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const signed = form.get('signed_body');
  if (signed === null) return Object.fromEntries(form);
  return parseFields(signed.slice(signed.indexOf('.') + 1));
}

/** The fields of a JSON object; none when it is not one. */
export function parseFields(json: string): Fields {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Fields) : {};
  } catch {
    return {};
  }
}

/** A field as text; empty when it is absent or neither text nor number. */
export function text(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
