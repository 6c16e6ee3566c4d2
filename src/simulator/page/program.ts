/** How the program that lives in the simulated world stands. */
export type ProgramState = 'starting' | 'running' | 'stopping' | 'off';

/** The program itself, as far as the page has switches for it. */
export interface Program {
  state(): ProgramState;
  /** Starts it when it is off; nothing otherwise. */
  start(): void;
  /** Stops it as a machine does that shuts down in order, then starts it again. */
  restart(): void;
  /** Ends it between two instructions, as when the power fails. It stays off. */
  pullPlug(): void;
  /** Called after each change of the state; the result ends it. */
  onChange(listener: () => void): () => void;
}
