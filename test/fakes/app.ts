import type { App } from '#app.ts';

/** An app that can do what it is given; everything else is a mistake of the test and says so. */
export function createFakeApp(able: Partial<App>): App {
  function unexpected(what: string): () => never {
    return () => {
      throw new Error(`Nobody was expected to call ${what}`);
    };
  }
  return {
    resume: unexpected('resume'),
    requestDraft: unexpected('requestDraft'),
    serveSlot: unexpected('serveSlot'),
    missSlot: unexpected('missSlot'),
    servedSlots: unexpected('servedSlots'),
    approve: unexpected('approve'),
    regenerate: unexpected('regenerate'),
    skip: unexpected('skip'),
    edit: unexpected('edit'),
    retry: unexpected('retry'),
    seen: unexpected('seen'),
    drop: unexpected('drop'),
    post: unexpected('post'),
    queue: unexpected('queue'),
    contactSheet: unexpected('contactSheet'),
    status: unexpected('status'),
    mode: unexpected('mode'),
    setMode: unexpected('setMode'),
    owners: unexpected('owners'),
    pair: unexpected('pair'),
    whenIdle: unexpected('whenIdle'),
    stop: unexpected('stop'),
    ...able,
  };
}
