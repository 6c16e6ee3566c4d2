import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, figure } from './figures.ts';
import { cameras, photo } from './photos.ts';
import { bounds, slowDown, slowestPlatform } from './profile.ts';
import { openRig, type Rig } from './rig.ts';

/** DESIGN.md, section 8: so much above what has to pass anyway. */
const overhead = 1.1;
/** A person reads before pressing Publish; meanwhile the next draft is prepared. */
const lookingMs = 6_000;

/** How long the owner waits, in milliseconds, and what it takes of memory, in MB. */
interface Day {
  readonly start: number;
  readonly cold: number;
  readonly prepared: number;
  readonly tap: number;
  readonly first: number;
  readonly last: number;
  readonly firstOfAll: number;
  readonly lastOfAll: number;
  readonly now: number;
  /** From Publish until archived. */
  readonly publishing: number;
  /** At any time, the drafts included. */
  readonly most: number;
}

export async function benchStory(rounds: number): Promise<readonly Figure[]> {
  const photos = await Promise.all([1, 2, 3].map((seed) => photo(seed, cameras['24 megapixels'])));
  const days: Day[] = [];
  for (let round = 0; round < rounds; round += 1) {
    days.push({ ...(await withoutPreparing(photos)), ...(await withPreparing(photos)) });
  }
  const all = (name: keyof Day) => days.map((day) => day[name]);
  const { cold, prepared, tap, firstPublished: first, lastPublished: last } = bounds;
  return [
    figure('start to first poll', 'ms', all('start'), { bar: 1_500 }),
    figure('/post to card, not prepared', 'ms', all('cold'), { bound: cold, bar: cold * overhead }),
    figure('/post to card, prepared ahead', 'ms', all('prepared'), { bound: prepared, bar: 1_000 }),
    figure('tap to answer', 'ms', all('tap'), { bound: tap }),
    figure('approval to first published', 'ms', all('first'), { bound: first }),
    figure('approval to all published', 'ms', all('last'), { bound: last, bar: slowestPlatform * overhead }),
    figure('/post to first published, not prepared, approved at once', 'ms', all('firstOfAll'), {
      bar: 8_000,
    }),
    figure('/post to all published, not prepared, approved at once', 'ms', all('lastOfAll'), { bar: 15_000 }),
    figure('memory, 24 megapixels published', 'MB', all('now'), { bar: 150 }),
    figure('most memory, from Publish to archived', 'MB', all('publishing'), { bar: 150 }),
    figure('most memory at any time, drafts included', 'MB', all('most'), { bar: 200 }),
  ];
}

async function openDay(photos: readonly Buffer[], preparing: boolean): Promise<Rig> {
  const rig = await openRig({ PREPARE_AHEAD: String(preparing) });
  for (const [at, bytes] of photos.entries()) rig.simulator.dropbox.put(`/Photos/shot-${at + 1}.jpg`, bytes);
  slowDown(rig.simulator.faults);
  return rig;
}

async function withoutPreparing(photos: readonly Buffer[]) {
  await using rig = await openDay(photos, false);
  const start = await rig.start();
  const cold = await ask(rig);
  // The owner looks at it for a moment.
  await sleep(lookingMs);
  const { first, last } = await publish(rig);
  return { start, cold, firstOfAll: cold + first, lastOfAll: cold + last };
}

/** Of two posts, because Darkroom signs in to Instagram with the first one and never again. */
async function withPreparing(photos: readonly Buffer[]) {
  await using rig = await openDay(photos, true);
  await rig.start();
  await rig.until('the first one is prepared', () => preparedIn(rig) !== undefined);
  const first = preparedIn(rig);
  await ask(rig);
  await sleep(lookingMs);
  await publish(rig);
  await rig.until('the next one is prepared', () => ![undefined, first].includes(preparedIn(rig)));
  const prepared = await ask(rig);
  await sleep(lookingMs);
  const { peak: drafting } = await rig.memory();
  await rig.forgetPeak();
  const published = await publish(rig);
  const { now, peak: publishing } = await rig.memory();
  const most = Math.max(drafting, publishing);
  return { ...published, prepared, now: now / 1e6, publishing: publishing / 1e6, most: most / 1e6 };
}

/** Until there is a card that asks; the photos differ, so no answer is at hand. */
export async function ask({ simulator, until, card }: Rig): Promise<number> {
  simulator.telegram.phone().send('/post');
  return await until('a card', () => card('✅ Publish') !== undefined);
}

interface Published {
  readonly tap: number;
  readonly first: number;
  readonly last: number;
}

/** Presses Publish; from then on until the answer, and until it is out at the first and the last place. */
export async function publish(rig: Rig): Promise<Published> {
  const { simulator, until, card } = rig;
  const counts = [
    () => simulator.telegram.channelPosts().length,
    () => simulator.instagram.posts().length,
    () => simulator.smtp.mails().length,
  ];
  const before = counts.map((count) => count());
  const arrived = () => counts.filter((count, at) => count() > (before[at] ?? 0)).length;
  const begun = performance.now();
  const pressed = simulator.telegram.phone().tap(card('✅ Publish')?.id ?? 0, '✅ Publish').answer;
  const tap = pressed.then(() => performance.now() - begun);
  const first = await until('published somewhere', () => arrived() > 0);
  await until('published everywhere', () => arrived() === counts.length);
  const last = performance.now() - begun;
  await until('archived', () =>
    simulator.telegram
      .phone()
      .messages()
      .some(({ text }) => text.includes('Archived') && card('✅ Publish') === undefined),
  );
  return { tap: await tap, first, last };
}

/** The photo whose draft was made ahead; undefined: there is none. */
function preparedIn({ folder }: Rig): string | undefined {
  return JSON.parse(readFileSync(join(folder, 'darkroom.json'), 'utf8')).data.prepared?.photo.name;
}
