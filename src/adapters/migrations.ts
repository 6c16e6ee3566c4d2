/**
 * What is kept as JSON, the state and the months of the history alike, from one form to the next: step n makes form
 * n + 1 of form n. Pure, and done before anything is checked; a step that was released is never changed.
 */
const steps: readonly ((data: unknown) => unknown)[] = [paddedIsAShape];

/** The form that is written now, counted from 1. */
export const schemaVersion = steps.length + 1;

/** Data of an older form, from 1, as it is kept now. */
export function migrated(data: unknown, schema: number): unknown {
  return steps.slice(schema - 1).reduce((before, step) => step(before), data);
}

/** Before there was a choice of shapes, a picture was padded in white or not at all. */
function paddedIsAShape(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(paddedIsAShape);
  if (typeof data !== 'object' || data === null) return data;
  const { isPadded, ...rest } = data as Readonly<Record<string, unknown>>;
  const entries = Object.entries(rest).map(([key, value]) => [key, paddedIsAShape(value)]);
  return { ...(isPadded === true && { shape: 'white' }), ...Object.fromEntries(entries) };
}
