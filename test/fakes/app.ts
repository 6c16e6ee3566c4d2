import type { App } from '#app.ts';

/** An app that can do what it is given; to ask anything else of it is a mistake, and it says so. */
export function createFakeApp(able: Partial<App>): App {
  return new Proxy(able, {
    get(target, name) {
      if (name in target) return Reflect.get(target, name);
      throw new Error(`Nobody was expected to ask the app for ${String(name)}`);
    },
  }) as App;
}
