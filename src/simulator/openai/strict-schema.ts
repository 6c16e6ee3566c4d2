interface Schema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly unknown[];
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
}

/**
 * What structured outputs do not take in a strict schema, in OpenAI's words: every object names all its properties
 * as required and allows no others (developers.openai.com/api/docs/guides/structured-outputs).
 */
export function problemWithStrict(schema: unknown): string | undefined {
  if (typeof schema !== 'object' || schema === null) return 'schema must be a JSON Schema of type object.';
  const root = schema as Schema;
  if (root.type !== 'object') {
    return `schema must be a JSON Schema of 'type: "object"', got 'type: "${String(root.type)}"'.`;
  }
  return problemIn(root, []);
}

function problemIn(schema: Schema, path: readonly string[]): string | undefined {
  const context = `In context=(${path.map((each) => `'${each}'`).join(', ')})`;
  if (schema.type === 'object') {
    if (schema.additionalProperties !== false) {
      return `${context}, 'additionalProperties' is required to be supplied and to be false.`;
    }
    const missing = Object.keys(schema.properties ?? {}).find((name) => !schema.required?.includes(name));
    if (missing !== undefined) {
      return `${context}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
    }
  }
  const inside = Object.entries(schema.properties ?? {}).map(([name, each]) =>
    problemIn(each, [...path, 'properties', name]),
  );
  const item = schema.items === undefined ? undefined : problemIn(schema.items, [...path, 'items']);
  return [...inside, item].find((each) => each !== undefined);
}
