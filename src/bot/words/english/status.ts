import { captionLength, namesShown, unseen } from '#bot/words/limits.ts';
import type { PlanWords, QueueWords, SpendingWords, StatusWords } from '#bot/words/views.ts';
import type { CheckedService } from '#flow/check-services.ts';
import { shownName } from '#post/file-name.ts';
import { cutAtWord } from '#post/fit-caption.ts';
import type { Mode } from '#post/settings.ts';
import type { SetAside } from '#post/state.ts';
import { counted, listed, money, noneLeft } from './phrases.ts';
import { problem } from './problems.ts';

function spending({ dollars, budget, isComplete }: SpendingWords): string {
  const limit = Number.isFinite(budget) ? ` of ${money(budget)}` : '';
  const rest = isComplete ? '' : ', not counting OpenAI: I do not know what this model costs';
  return `AI this month: ${money(dollars)}${limit}${rest}`;
}

export function status(view: StatusWords): string {
  const writer = view.hasCaptionWriter ? 'written by the AI' : 'the photo’s own words';
  return [
    modes[view.mode],
    ...(view.isPaused ? [`${pausedUntil(view)} /resume ends it now.`] : []),
    view.next === undefined ? 'Next draft: none planned.' : `Next draft: ${view.next}`,
    photosLeft(view),
    ...leftAside(view.setAside),
    `Publishing to: ${view.platforms.join(', ')}`,
    `Captions: ${writer}${view.hasDescriber ? '' : ', without looking at the picture'}`,
    ...(view.spending === undefined ? [] : [spending(view.spending)]),
    ...(view.openDrafts > 0
      ? [
          `Waiting for you: ${counted(view.openDrafts, 'draft')}. /post shows ${view.openDrafts === 1 ? 'it' : 'one'} again.`,
        ]
      : []),
    ...(view.scheduled > 0
      ? [`Going out later: ${counted(view.scheduled, 'post')}. /queue shows when.`]
      : []),
    ...(view.unfinished > 0
      ? [`Not finished: ${counted(view.unfinished, 'post')}; see the cards above.`]
      : []),
  ].join('\n');
}

const modes: Readonly<Record<Mode, string>> = {
  auto: 'Mode: I publish by myself.',
  review: 'Mode: I ask you first.',
  veto: 'Mode: I publish by myself unless you stop me in time.',
};

function photosLeft({ photosLeft: count, photosLastUntil: until }: StatusWords): string {
  const last = until === undefined ? '' : `, until about ${until}`;
  return `Photos left: ${count ?? 'unknown, Dropbox does not answer right now'}${last}`;
}

/** Below the status while the services are asked. */
export const checking = '🩺 Asking all services …';

/** What has become of it: only what needs looking after. */
export function checkup(services: readonly CheckedService[]): string {
  const broken = services.filter(({ check }) => check.state === 'broken');
  return broken.length === 0 ? '✅ All services answer.' : broken.map(checked).join('\n');
}

/** How one service is, in one line. */
export function checked({ id, name, check }: CheckedService): string {
  if (check.state === 'works') return `✅ ${name}: works`;
  if (check.state === 'unknown') return `➖ ${name}: cannot be checked before it is used`;
  return `❌ ${name}: ${problem({ id, name }, check.problem)}`;
}

/** Below the contact sheet: what is under way, then the photos by their numbers. */
export function queue({ names, from, total, setAside, waiting, scheduled }: QueueWords): string {
  const aside = leftAside(setAside).map((line) => `\n\n${line}`);
  const underWay = [
    ...(waiting.length > 0 ? [`📝 Waiting for you: ${listed(waiting)}`] : []),
    ...scheduled.slice(0, namesShown).map(({ name, at }) => `⏰ ${at}: ${shownName(name)}`),
  ].map((line) => `${line}\n`);
  const before = underWay.length > 0 ? `${underWay.join('')}\n` : '';
  if (names.length === 0) return cutAtWord([before, noPhotos, ...aside].join(''), captionLength);
  const list = names.map((name, index) => `${from + index + 1}. ${shownName(name)}`).join('\n');
  const rest = total - from - names.length;
  const more = rest > 0 ? `\n… and ${counted(rest, 'more photo')}` : '';
  const empty = names.some((name) => unseen.test(name)) ? `\n\n${emptyFrames}` : '';
  return cutAtWord(
    [`${before}Next, by their numbers:\n${list}${more}`, empty, ...aside].join(''),
    captionLength,
  );
}

const emptyFrames =
  'Dropbox makes no small pictures of HEIC and AVIF: those frames stay empty here. Published they are like all others.';

/** The answer to `/pause`. */
export function paused(plan: PlanWords): string {
  return `${pausedUntil(plan)} No drafts come by themselves, and nothing goes out without you. /post still works, and so do the drafts that wait for you. /resume ends it.`;
}

function pausedUntil({ until }: PlanWords): string {
  return until === undefined ? 'Paused.' : `Paused until ${until}.`;
}

export const pauseNotUnderstood =
  'For how long? /pause pauses until you press /resume, /pause 5 for five days, /pause 2026-12-24 until that day; a year at most.';

/** The answer to `/resume`. */
export function resumed({ next }: PlanWords): string {
  return next === undefined ? 'No draft is planned. /post brings one.' : `The next draft comes on ${next}.`;
}

/** What does not come by itself, in a line for each reason. */
function leftAside(photos: readonly SetAside[]): readonly string[] {
  return [...Map.groupBy(photos, ({ reason }) => reason)].map(([reason, group]) => {
    const names = listed(group.map(({ name }) => name));
    if (reason === 'seen-before') return `${counted(group.length, 'photo')} published before: ${names}`;
    if (reason === 'removed') return `${counted(group.length, 'photo')} that you took out: ${names}`;
    if (reason === 'never') return `${counted(group.length, 'photo')} never to be shown again: ${names}`;
    const what = counted(group.length, 'file');
    return reason === 'too-large'
      ? `${what} larger than 100 MB: ${names}`
      : `${what} I cannot read: ${names}`;
  });
}

const noPhotos = `${noneLeft} Put some photos in, then press /post or wait for the next planned time.`;
