import type { Ports } from '#ports/ports.ts';
import type { Pause } from '#post/pause.ts';
import { type State, withChange } from '#post/state.ts';

/** Begins, changes or ends the pause, and records it; undefined: there is none from now on. Throws `NotSaved`. */
export async function changePause(
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  pause: Pause | undefined,
  by: number,
): Promise<void> {
  const at = clock.now().toISOString();
  await store.change((state) => {
    const change = { at, by, setting: 'pause', from: state.settings.pause ?? null, to: pauseInBrief(pause) };
    return { ...withPause(state, pause), changes: withChange(state.changes, change) };
  });
}

/** The state with this pause. What the schedule wants is not made up for afterwards. */
export function withPause(state: State, pause: Pause | undefined): State {
  const { pause: _, ...others } = state.settings;
  return {
    ...state,
    settings: { ...others, ...(pause !== undefined && { pause }) },
    wishes: pause === undefined ? state.wishes : state.wishes.filter(({ slot }) => slot === undefined),
  };
}

/** As it is recorded: over, until an ISO time, or on until it is ended. */
export function pauseInBrief(pause: Pause | undefined): string {
  return pause === undefined ? 'over' : (pause.until ?? 'on');
}
