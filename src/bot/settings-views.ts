import type { InlineKeyboardButton } from 'grammy/types';
import type { App } from '#app.ts';
import { cutAtWord } from '#post/fit-caption.ts';
import { describeSchedule, scheduleFromWords } from '#post/schedule-words.ts';
import {
  type Change,
  isSetting,
  type Mode,
  type SettingName,
  type Settings,
  undoable,
} from '#post/settings.ts';
import { languageFrom } from '#post/state.ts';
import { markupOf } from './card-view.ts';
import type { DialogContext } from './context.ts';
import { dayIn } from './owner-chat.ts';
import { planWords } from './plan-words.ts';
import type { Words } from './words/words.ts';

/** A message about settings. */
export interface SettingsView {
  readonly text: string;
  readonly keyboard: readonly (readonly InlineKeyboardButton[])[];
  /** Nothing was changed, and another answer may be. */
  readonly isWrong?: boolean;
}

/** Settings that are asked for in words. */
export type AskedSetting = keyof Words['settings']['ask'];

const order: readonly SettingName[] = [
  ...(['mode', 'vetoMinutes', 'schedule', 'timeZone', 'platformsOff', 'instagramShape'] as const),
  ...(['hashtags', 'captionLanguage', 'voice', 'monthlyBudget', 'undoSeconds'] as const),
  ...(['reminderHours', 'unanswered', 'unansweredHours', 'lookAlikeDays'] as const),
];
const longestValue = 200;
const shownChanges = 10;

export async function replyWithView(ctx: DialogContext, { text, keyboard }: SettingsView): Promise<void> {
  await ctx.reply(text, markupOf(keyboard));
}

/** All settings in words, and a button for each. */
export function settingsMenu(app: App, words: Words): SettingsView {
  const lines = order.map((name) => `${words.settings.names[name]}: ${settingInWords(app, words, name)}`);
  const buttons = order.map((name) => ({
    text: words.settings.names[name],
    callback_data: `set:open:${name}`,
  }));
  const rows = buttons.flatMap((button, index) =>
    index % 2 === 0 ? [[button, ...buttons.slice(index + 1, index + 2)]] : [],
  );
  return {
    text: [words.settings.intro, lines.join('\n')].join('\n\n'),
    keyboard: [...rows, [{ text: words.buttons.history, callback_data: 'set:history' }]],
  };
}

/** What a setting is, as the owner reads it. */
export function settingInWords(
  app: App,
  words: Words,
  name: SettingName,
  given: Settings = app.settings(),
): string {
  return cutAtWord(inWords(app, words, name, given), longestValue);
}

function inWords(app: App, words: Words, name: SettingName, given: Settings): string {
  const { settings } = words;
  switch (name) {
    case 'mode':
      return settings.modes[given.mode];
    case 'vetoMinutes':
      return settings.minutes(given.vetoMinutes);
    case 'undoSeconds':
      return given.undoSeconds === 0 ? settings.none : settings.seconds(given.undoSeconds);
    case 'reminderHours':
      return given.reminderHours === 0 ? settings.never : settings.hours(given.reminderHours);
    case 'unanswered':
      return settings.unanswered[given.unanswered];
    case 'unansweredHours':
      return settings.hours(given.unansweredHours);
    case 'lookAlikeDays':
      return given.lookAlikeDays === 0 ? settings.noTime : settings.days(given.lookAlikeDays);
    case 'schedule':
      return describeSchedule(given.schedule, languageFrom(words.locale));
    case 'timeZone':
      return given.timeZone;
    case 'hashtags':
      return given.hashtags.join(' ') || settings.none;
    case 'captionLanguage':
    case 'voice':
      return given[name] || settings.aiChoice;
    case 'platformsOff': {
      const on = app.places().filter(({ id }) => !given.platformsOff.includes(id));
      return on.map((each) => words.place(each.name)).join(', ') || settings.none;
    }
    case 'instagramShape':
      return settings.shapes[given.instagramShape];
    case 'monthlyBudget':
      return given.monthlyBudget === null ? settings.noLimit : `$${given.monthlyBudget}`;
  }
}

const back = (words: Words) => ({ text: words.buttons.allSettings, callback_data: 'set:menu' });

/** Says what holds now, with a button that takes exactly this change back. */
export function changedView(app: App, words: Words, name: SettingName): SettingsView {
  const next = name === 'schedule' || name === 'timeZone' ? [nextDrafts(app, words)] : [];
  return {
    text: [
      words.settings.changed(words.settings.names[name], settingInWords(app, words, name)),
      ...next,
    ].join('\n'),
    keyboard: [[...undoOf(app, words, name), back(words)]],
  };
}

/** The button that takes back the newest change, where it was one of this setting. */
function undoOf(app: App, { buttons }: Words, name: string): readonly InlineKeyboardButton[] {
  const change = undoable(app.changes());
  if (change?.setting !== name) return [];
  return [{ text: buttons.undo, callback_data: `set:undo:${name}:${Date.parse(change.at)}` }];
}

/** What the owner presses to have this mode. */
export function modeButton({ buttons }: Words, mode: Mode): string {
  return { review: buttons.turnAutoOff, auto: buttons.turnAutoOn, veto: buttons.turnVetoOn }[mode];
}

/** Says what mode there is from now on, with a button that takes exactly this change back. */
export function modeView(app: App, words: Words): SettingsView {
  const text = words.taken.mode(app.mode(), app.settings().vetoMinutes);
  return { text, keyboard: [undoOf(app, words, 'mode')] };
}

/** What a setting is now, and the question what it should be. */
export function askedView(app: App, words: Words, name: AskedSetting): SettingsView {
  const { names, isNow, ask } = words.settings;
  return { text: `${isNow(names[name], settingInWords(app, words, name))}\n\n${ask[name]}`, keyboard: [] };
}

/** Says whether there are drafts by themselves, with a button that takes exactly this change back. */
export function pauseView(app: App, words: Words): SettingsView {
  const plan = planWords(app.plan(), words);
  return {
    text: plan.isPaused ? words.paused(plan) : words.resumed(plan),
    keyboard: [undoOf(app, words, 'pause')],
  };
}

/** Says what holds again. */
export function undoneView(app: App, words: Words, name: SettingName): SettingsView {
  const text = words.settings.undone(words.settings.names[name], settingInWords(app, words, name));
  return { text, keyboard: [[back(words)]] };
}

export function scheduleView(app: App, words: Words): SettingsView {
  const { names } = words.settings;
  const lines = [
    `${names.schedule}: ${settingInWords(app, words, 'schedule')}`,
    nextDrafts(app, words),
    words.settings.howToSchedule,
  ];
  return { text: lines.join('\n'), keyboard: [[back(words)]] };
}

function nextDrafts(app: App, words: Words): string {
  const day = dayIn(app.settings().timeZone, words.locale);
  return words.settings.nextDrafts(app.nextSlots(2).map(({ at }) => day(at)));
}

/** Who has changed what, and when; the newest first. */
export function historyView(app: App, words: Words): SettingsView {
  const lines = app
    .changes()
    .slice(-shownChanges)
    .reverse()
    .map((change) => historyLine(app, words, change));
  const text = lines.length === 0 ? words.settings.noHistory : [words.settings.history, ...lines].join('\n');
  return { text, keyboard: [[back(words)]] };
}

function historyLine(app: App, words: Words, { at, by, setting, to, isUndone }: Change): string {
  const { timeZone } = app.settings();
  const day = dayIn(timeZone, words.locale);
  const short = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  const when = new Intl.DateTimeFormat(words.locale, { timeZone, ...short }).format(new Date(at));
  const who = app.nameOf(by) ?? words.settings.somebody;
  const { names, isOn, isOver } = words.settings;
  const [name, value] = isSetting(setting)
    ? [
        names[setting],
        settingInWords(app, words, setting, Object.assign({}, app.settings(), { [setting]: to })),
      ]
    : [names.pause, to === 'on' ? isOn : to === 'over' ? isOver : day(new Date(String(to)))];
  const line = words.settings.historyLine(when, who, name, value);
  return isUndone ? `${line} ${words.settings.taken}` : line;
}

/** Takes what the owner wrote for a setting, and says what became of it. Throws `NotSaved`. */
export async function takeAnswer(
  app: App,
  words: Words,
  name: AskedSetting,
  text: string,
  by: number,
): Promise<SettingsView> {
  const changed = await app.change(name, readers[name](text.trim()), by);
  if (typeof changed === 'string') return changedView(app, words, name);
  const { wrong, ask } = words.settings;
  return { text: `${wrong[changed.wrong]} ${ask[name]}`, keyboard: [], isWrong: true };
}

const isDash = (text: string) => /^[-–—]$/.test(text);

const readers: Readonly<Record<AskedSetting, (text: string) => unknown>> = {
  schedule: (text) => scheduleFromWords(text),
  timeZone: (text) => text,
  hashtags: (text) =>
    isDash(text)
      ? []
      : [
          ...new Set(
            text
              .split(/[\s,]+/)
              .filter(Boolean)
              .map((tag) => (tag.startsWith('#') ? tag : `#${tag}`)),
          ),
        ],
  captionLanguage: (text) => (isDash(text) ? '' : text),
  voice: (text) => (isDash(text) ? '' : text),
  monthlyBudget: (text) => (isDash(text) ? null : dollarsIn(text)),
};

/** "5", "$5", "2,50 $"; undefined: it is no amount. */
function dollarsIn(text: string): number | undefined {
  const amount = /^\$?\s*(\d{1,6}(?:[.,]\d{1,2})?)\s*(?:\$|dollars?|usd)?$/i.exec(text)?.[1];
  return amount === undefined ? undefined : Number(amount.replace(',', '.'));
}
