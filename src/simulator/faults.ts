/** The services that the simulator plays. */
export type ServiceName = 'telegram' | 'dropbox' | 'replicate' | 'openai' | 'instagram' | 'graph' | 'smtp';

/**
 * One way in which a service misbehaves.
 * - `error`: the service answers with its own error text and this HTTP status (SMTP: reply code), without
 *   doing the work; with `afterWork` the work is done all the same.
 * - `rate-limit`: 429 in the service's own form, with the wait that it asks for; the work is not done.
 * - `drop`: the connection is reset, before or after the work is done.
 * - `slow`: the work is done and answered this much later.
 * - `trickle`: the work is done, the answer comes byte by byte with this pause between two bytes.
 * - `hang`: the request is read, nothing is done, nothing is answered.
 */
export type Fault =
  | { readonly kind: 'error'; readonly status: number; readonly afterWork?: boolean }
  | { readonly kind: 'rate-limit'; readonly retryAfterSeconds: number }
  | { readonly kind: 'drop'; readonly afterWork: boolean }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'trickle'; readonly msPerByte: number }
  | { readonly kind: 'hang' };

/** A fault that is switched on. */
export interface ActiveFault {
  readonly service: ServiceName;
  readonly fault: Fault;
  /** Only for this operation, named as the service names it (`sendPhoto`, `files/move_v2`); absent: for all. */
  readonly operation?: string;
  /** How many calls it still strikes; absent: until it is cleared. */
  readonly times?: number;
}

/** The switches for latency and faults, one set for all simulated services. */
export interface Faults {
  /** Switches a fault on. Faults of one service strike in the order in which they were added. */
  add(active: ActiveFault): void;
  /** Switches the faults of a service off, or of all services. Latencies stay. */
  clear(service?: ServiceName): void;
  /** Called by a service for each call: the fault that strikes this one, if any, counted down. */
  strike(service: ServiceName, operation: string): Fault | undefined;
  /** What is switched on, for display. */
  list(): readonly ActiveFault[];
  /** Sets how long each call to a service takes, for one operation or for all of them. 0 unless set. */
  setLatency(service: ServiceName, ms: number, operation?: string): void;
  /** The latency of a call in milliseconds. */
  latency(service: ServiceName, operation: string): number;
  /** Called after each change of the faults, also when one has struck; the result ends it. */
  onChange(listener: () => void): () => void;
  /** Called when the faults of a service, or of all, were switched off; the result ends it. */
  onCleared(listener: (service: ServiceName | undefined) => void): () => void;
}

export function createFaults(): Faults {
  let active: ActiveFault[] = [];
  const latencies = new Map<string, number>();
  const listeners = new Set<() => void>();
  const clearedListeners = new Set<(service: ServiceName | undefined) => void>();

  function change(next: ActiveFault[]): void {
    active = next;
    for (const listener of [...listeners]) listener();
  }

  return {
    add(fault) {
      change([...active, fault]);
    },
    clear(service) {
      change(service === undefined ? [] : active.filter((each) => each.service !== service));
      for (const listener of [...clearedListeners]) listener(service);
    },
    strike(service, operation) {
      const index = active.findIndex(
        (each) => each.service === service && (each.operation === undefined || each.operation === operation),
      );
      const found = active[index];
      if (found === undefined) return undefined;
      if (found.times !== undefined) {
        const { times } = found;
        change(times <= 1 ? active.toSpliced(index, 1) : active.with(index, { ...found, times: times - 1 }));
      }
      return found.fault;
    },
    list: () => [...active],
    setLatency(service, ms, operation) {
      latencies.set(operation === undefined ? service : `${service} ${operation}`, ms);
    },
    latency: (service, operation) => latencies.get(`${service} ${operation}`) ?? latencies.get(service) ?? 0,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onCleared(listener) {
      clearedListeners.add(listener);
      return () => clearedListeners.delete(listener);
    },
  };
}
