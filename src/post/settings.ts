import { z } from 'zod';
import { type Agenda, problemWithPattern, problemWithTimeZone, slotsAfter } from './agenda.ts';
import { Shape } from './shape.ts';

/** Publish after asking, without asking, or without asking unless the owner stops it in time. */
export const Mode = z.enum(['review', 'auto', 'veto'], 'is none of review, auto and veto');
export type Mode = z.infer<typeof Mode>;

/** What becomes of a draft that nobody answers. */
export const Unanswered = z.enum(['keep', 'publish', 'drop'], 'is none of keep, publish and drop');

const whole = (least: number, most: number) => z.number().int().min(least).max(most);

/** Everything that the owner can change in chat. */
export const Settings = z.object({
  mode: Mode,
  /** How long an automatic post can be stopped before it goes out, with the mode `veto`. */
  vetoMinutes: whole(1, 1440),
  /** How long anything can be taken back before it leaves; 0: not at all. */
  undoSeconds: whole(0, 300),
  /** After so long an unanswered draft is reminded of; 0: never. */
  reminderHours: whole(0, 168),
  unanswered: Unanswered,
  /** After so long a draft counts as unanswered. */
  unansweredHours: whole(1, 720),
  /** Cron patterns. */
  schedule: z.array(z.string().refine((pattern) => problemWithPattern(pattern) === undefined)).min(1),
  timeZone: z.string().refine((timeZone) => problemWithTimeZone(timeZone) === undefined),
  /** With their #, put below every caption. */
  hashtags: z.array(z.string().regex(/^#[\p{L}\p{M}\p{N}_]+$/u)).max(30),
  /** As the owner calls it; empty: the AI's choice. */
  captionLanguage: z.string().max(100),
  /** How captions should sound; empty: as the system prompt says. */
  voice: z.string().max(500),
  /** Ids of platforms that new posts leave out. */
  platformsOff: z.array(z.string()),
  /** For pictures whose shape Instagram does not take. */
  instagramShape: Shape,
  /** Dollars; null: no limit. */
  monthlyBudget: z.number().min(0).nullable(),
  /** For so many days photos that look alike are kept apart; 0: they are not. */
  lookAlikeDays: whole(0, 365),
});
export type Settings = Readonly<z.infer<typeof Settings>>;
export type SettingName = keyof Settings;

/** What the owner has chosen in chat, which wins over the environment. */
export const Chosen = Settings.partial();
export type Chosen = Readonly<z.infer<typeof Chosen>>;

const names = Settings.keyof();

/** Whether a recorded change is one of these settings. */
export function isSetting(name: string): name is SettingName {
  return names.safeParse(name).success;
}

/** What holds now. */
export function settingsOf(fromEnvironment: Settings, chosen: Chosen = {}): Settings {
  return Object.assign({}, fromEnvironment, chosen);
}

/** When drafts are made. */
export function agendaOf({ schedule, timeZone }: Settings): Agenda {
  return { patterns: schedule, timeZone };
}

/** A change of a setting, as it is recorded. */
export const Change = z.object({
  at: z.iso.datetime(),
  /** Telegram user id. */
  by: z.number(),
  setting: z.string(),
  /** What held before; absent: nobody wrote it down. */
  from: z.json().optional(),
  to: z.json(),
  /** Nothing was chosen before it, and the environment counted. */
  isFirst: z.boolean().optional(),
  /** It was taken back since. */
  isUndone: z.boolean().optional(),
  /** It took another one back. */
  isUndo: z.boolean().optional(),
});
export type Change = Readonly<z.infer<typeof Change>>;

/** What can be wrong with a value. */
export type WrongValue =
  | 'invalid'
  | 'time-zone'
  | 'schedule'
  | 'too-many-slots'
  | 'price-unknown'
  | 'platform';

/** What is wrong with a value for a setting, with these platforms; undefined: it fits. */
export function wrongWith(
  name: SettingName,
  value: unknown,
  platforms: readonly string[],
): WrongValue | undefined {
  const result = Settings.shape[name].safeParse(value);
  if (!result.success) {
    return name === 'schedule' ? 'schedule' : name === 'timeZone' ? 'time-zone' : 'invalid';
  }
  if (name === 'platformsOff') return leavesPlace(z.array(z.string()).parse(value), platforms);
  return name === 'schedule' && timesOfDay(z.array(z.string()).parse(value)) > mostSlots
    ? 'too-many-slots'
    : undefined;
}

/** Platforms that do not exist cannot be off, and one of those that do has to stay on. */
function leavesPlace(off: readonly string[], platforms: readonly string[]): 'platform' | undefined {
  const areKnown = off.every((id) => platforms.includes(id));
  return areKnown && platforms.some((id) => !off.includes(id)) ? undefined : 'platform';
}

const mostSlots = 24;
const dayMs = 24 * 60 * 60 * 1000;

/** Different times of the day, on whichever days they are. */
function timesOfDay(patterns: readonly string[]): number {
  const everyDay = patterns.map((pattern) => `${pattern.trim().split(/\s+/).slice(0, 2).join(' ')} * * *`);
  const before = new Date(-1000);
  const slots = slotsAfter({ patterns: everyDay, timeZone: 'UTC' }, before, mostSlots + 1);
  return slots.filter(({ at }) => at.getTime() < dayMs).length;
}

/** The newest change of a setting, or of the pause, that can be taken back. */
export function undoable(changes: readonly Change[]): Change | undefined {
  return changes.findLast(
    ({ setting, from, isUndone, isUndo }) =>
      (isSetting(setting) || setting === 'pause') && from !== undefined && !isUndone && !isUndo,
  );
}
