import { Composer } from 'grammy';
import type { App } from '#app.ts';
import { isSetting, Mode, type SettingName, Settings, Unanswered, undoable } from '#post/settings.ts';
import { Shape } from '#post/shape.ts';
import { markupOf } from './card-view.ts';
import type { BotContext, BotParts } from './context.ts';
import { askSetting } from './settings-dialog.ts';
import {
  type AskedSetting,
  askedView,
  changedView,
  historyView,
  modeButton,
  pauseView,
  type SettingsView,
  settingInWords,
  settingsMenu,
  undoneView,
} from './settings-views.ts';
import { answerTap, ignoreUnchanged } from './taps.ts';
import type { Words } from './words/words.ts';

/** Settings that are chosen by a button. */
const choices: Readonly<Partial<Record<SettingName, readonly (string | number)[]>>> = {
  mode: Mode.options,
  vetoMinutes: [5, 15, 30, 60, 120],
  undoSeconds: [0, 5, 10, 30, 60, 300],
  reminderHours: [0, 3, 6, 12, 24, 48],
  unanswered: Unanswered.options,
  unansweredHours: [12, 24, 48, 168],
  instagramShape: Shape.options,
  lookAlikeDays: [0, 7, 14, 30, 90, 365],
};

/** The buttons of `/settings`. The message that they are on is changed in place. */
export function settingButtons({ app, log }: BotParts): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const show = async (ctx: BotContext, { text, keyboard }: SettingsView) => {
    await answerTap(ctx, log);
    await ctx.editMessageText(text, markupOf(keyboard)).catch(ignoreUnchanged);
  };
  composer.callbackQuery('set:menu', (ctx) => show(ctx, settingsMenu(app, ctx.words)));
  composer.callbackQuery('set:history', (ctx) => show(ctx, historyView(app, ctx.words)));
  composer.callbackQuery(/^set:open:(\w+)$/, async (ctx, next) => {
    const name = ctx.match[1] ?? '';
    if (!isSetting(name)) return await next();
    if (name === 'platformsOff') return await show(ctx, placesView(app, ctx.words));
    if (!isAsked(name, ctx.words)) return await show(ctx, choicesView(app, ctx.words, name));
    await show(ctx, askedView(app, ctx.words, name));
    await ctx.conversation.exitAll();
    await ctx.conversation.enter(askSetting, name);
  });
  composer.callbackQuery(/^set:to:(\w+):(\w+)$/, async (ctx, next) => {
    const [, name = '', said] = ctx.match;
    const value = isSetting(name) ? choices[name]?.find((each) => String(each) === said) : undefined;
    if (!isSetting(name) || value === undefined) return await next();
    const changed = await app.change(name, value, ctx.from.id);
    if (typeof changed === 'string') await show(ctx, changedView(app, ctx.words, name));
    else await answerTap(ctx, log, ctx.words.settings.wrong[changed.wrong]);
  });
  composer.callbackQuery(/^set:place:([\w-]+):(on|off)$/, async (ctx) => {
    const [, place = '', to] = ctx.match;
    const known = app.places().map(({ id }) => id);
    const off = app.settings().platformsOff.filter((id) => known.includes(id) && id !== place);
    const changed = await app.change('platformsOff', to === 'off' ? [...off, place] : off, ctx.from.id);
    if (typeof changed === 'string') await show(ctx, changedView(app, ctx.words, 'platformsOff'));
    else await answerTap(ctx, log, ctx.words.settings.wrong[changed.wrong]);
  });
  composer.callbackQuery(/^set:undo:(\w+):(\d+)$/, async (ctx) => {
    const [, name, at] = ctx.match;
    const newest = undoable(app.changes());
    if (newest?.setting !== name || Date.parse(newest?.at ?? '') !== Number(at)) {
      await answerTap(ctx, log, ctx.words.settings.changedSince);
      return;
    }
    const undone = await app.undoChange(ctx.from.id);
    if (undone === undefined) return;
    const { setting } = undone;
    await show(ctx, isSetting(setting) ? undoneView(app, ctx.words, setting) : pauseView(app, ctx.words));
  });
  return composer;
}

function isAsked(name: SettingName, { settings }: Words): name is AskedSetting {
  return name in settings.ask;
}

function choicesView(app: App, words: Words, name: SettingName): SettingsView {
  const now = app.settings();
  const rows = (choices[name] ?? []).map((value) => {
    const text = choiceInWords(app, words, name, Settings.parse({ ...now, [name]: value }));
    return [{ text: value === now[name] ? `✓ ${text}` : text, callback_data: `set:to:${name}:${value}` }];
  });
  return {
    text: words.settings.choose(words.settings.names[name], settingInWords(app, words, name)),
    keyboard: [...rows, [{ text: words.buttons.allSettings, callback_data: 'set:menu' }]],
  };
}

/** On a button the owner speaks, as on those of `/auto`. */
function choiceInWords(app: App, words: Words, name: SettingName, chosen: Settings): string {
  return name === 'mode' ? modeButton(words, chosen.mode) : settingInWords(app, words, name, chosen);
}

function placesView(app: App, words: Words): SettingsView {
  const { platformsOff } = app.settings();
  const rows = app.places().map(({ id, name }) => {
    const isOn = !platformsOff.includes(id);
    const text = `${isOn ? '✓' : '✗'} ${words.place(name)}`;
    return [{ text, callback_data: `set:place:${id}:${isOn ? 'off' : 'on'}` }];
  });
  return {
    text: words.settings.places,
    keyboard: [...rows, [{ text: words.buttons.allSettings, callback_data: 'set:menu' }]],
  };
}
