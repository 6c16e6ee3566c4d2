import type { Ports } from '#ports/ports.ts';
import { type Agenda, lastSlot, rememberSlot } from '#post/agenda.ts';
import { Pause } from '#post/pause.ts';
import {
  agendaOf,
  type Change,
  Chosen,
  isSetting,
  type SettingName,
  type Settings,
  settingsOf,
  undoable,
  type WrongValue,
  wrongWith,
} from '#post/settings.ts';
import { type State, withChange } from '#post/state.ts';
import { pauseInBrief, withPause } from './change-pause.ts';

/** `same`: it held already, and nothing is recorded. */
export type Changed = 'changed' | 'same' | { readonly wrong: WrongValue };

type SettingPorts = Pick<Ports, 'store' | 'clock'>;

/** Chooses a setting and records it; a value that does not fit changes nothing. Throws `NotSaved`. */
export async function changeSetting(
  { store, clock, platforms }: SettingPorts & Pick<Ports, 'platforms'>,
  defaults: Settings,
  { name, value, by }: { readonly name: SettingName; readonly value: unknown; readonly by: number },
): Promise<Changed> {
  const wrong = wrongWith(
    name,
    value,
    platforms.map(({ id }) => id),
  );
  if (wrong !== undefined) return { wrong };
  const wanted = Chosen.parse({ [name]: value });
  let changed: Changed = 'same';
  await store.change((state) => {
    const { chosen = {} } = state.settings;
    const from = settingsOf(defaults, chosen)[name];
    const to = settingsOf(defaults, wanted)[name];
    if (JSON.stringify(from) === JSON.stringify(to)) return state;
    changed = 'changed';
    const isFirst = chosen[name] === undefined;
    const at = clock.now();
    const change = { at: at.toISOString(), by, setting: name, from, to, ...(isFirst && { isFirst }) };
    const changes = withChange(state.changes, change);
    return withChosen({ ...state, changes }, { ...chosen, ...wanted }, defaults, at);
  });
  return changed;
}

/**
 * Takes back the newest change that was not taken back yet, and records that; what was the environment's is so again.
 * Undefined: there is none. Throws `NotSaved`.
 */
export async function undoChange(
  { store, clock }: SettingPorts,
  defaults: Settings,
  by: number,
): Promise<Change | undefined> {
  let undone: Change | undefined;
  await store.change((state) => {
    undone = undoable(state.changes);
    return undone === undefined ? state : withoutChange(state, undone, { defaults, by, at: clock.now() });
  });
  return undone;
}

interface Undo {
  readonly defaults: Settings;
  readonly by: number;
  readonly at: Date;
}

function withoutChange(state: State, undone: Change, { defaults, by, at }: Undo): State {
  const { setting, isFirst, from = null } = undone;
  const marked = state.changes.map((each) => (each === undone ? { ...each, isUndone: true } : each));
  const record = { at: at.toISOString(), by, setting, isUndo: true };
  if (!isSetting(setting)) {
    const pause = Pause.nullable().parse(from) ?? undefined;
    const back = { ...record, from: state.settings.pause ?? null, to: pauseInBrief(pause) };
    return { ...withPause(state, pause), changes: withChange(marked, back) };
  }
  const { [setting]: _, ...others } = state.settings.chosen ?? {};
  const chosen = isFirst ? others : { ...others, ...Chosen.parse({ [setting]: from }) };
  const back = {
    ...record,
    from: settingsOf(defaults, state.settings.chosen)[setting],
    to: settingsOf(defaults, chosen)[setting],
  };
  return withChosen({ ...state, changes: withChange(marked, back) }, chosen, defaults, at);
}

/**
 * The state in which this is chosen. In one step with what follows from it: no look at the clock finds a slot that was
 * never missed, and no wish goes out by itself any more.
 */
function withChosen(state: State, chosen: Chosen, defaults: Settings, now: Date): State {
  const after = settingsOf(defaults, chosen);
  const wishes =
    after.mode !== 'review' ? state.wishes : state.wishes.map((each) => ({ ...each, isAutomatic: false }));
  return withAgenda({ ...state, wishes, settings: { ...state.settings, chosen } }, agendaOf(after), now);
}

/** A first start, or another schedule, has missed nothing. */
export function withAgenda(state: State, agenda: Agenda, now: Date): State {
  const name = `${agenda.patterns.join('; ')} ${agenda.timeZone}`;
  if (state.agenda === name) return state;
  const last = lastSlot(agenda, now);
  const servedSlots = last === undefined ? state.servedSlots : rememberSlot(state.servedSlots, last);
  return { ...state, agenda: name, servedSlots };
}
