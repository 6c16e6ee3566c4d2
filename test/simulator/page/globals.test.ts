import { expect, it } from 'vitest';
import { openPage } from './open-page.ts';

it('leaves what the whole process has as it was, because clients tell an answer by it', async () => {
  const { Request: request, Response: response } = globalThis;
  await openPage();
  expect(globalThis.Request).toBe(request);
  expect(globalThis.Response).toBe(response);
});
