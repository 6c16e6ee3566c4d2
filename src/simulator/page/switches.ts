import type { ActiveFault, Fault, ServiceName } from '#simulator/faults.ts';
import type { Simulator } from '#simulator/simulator.ts';
import { services, setLatencies, type Trouble } from './services.ts';

/** How fast a service answers: at once, about as in life, or four times as slow. */
export const speeds = ['instant', 'lifelike', 'slow'] as const;
export type Speed = (typeof speeds)[number];

/** The switches of one service, as the page shows them. */
export interface ServiceSwitch {
  readonly service: ServiceName;
  readonly name: string;
  readonly speed: Speed;
  /** The id of the trouble that is on; empty: it works. */
  readonly trouble: string;
  /** Whether the trouble ends with the first call that it strikes. */
  readonly isOnce: boolean;
  readonly troubles: readonly {
    readonly id: string;
    readonly label: string;
    /** False: it lasts until it is switched off. */
    readonly canBeOnce: boolean;
  }[];
}

/** One trouble at a time for each service, and its speed. */
export interface Switches {
  list(): readonly ServiceSwitch[];
  setSpeed(service: ServiceName, speed: Speed): void;
  /** In place of what was on before; undefined for a service or trouble that is not in the list. */
  setTrouble(service: ServiceName, trouble: string, isOnce: boolean): 'set' | undefined;
  /** Everything works again; the speeds stay. */
  mend(): void;
  /** Called after each change, also when a trouble has struck and is over; the result ends it. */
  onChange(listener: () => void): () => void;
  close(): void;
}

const factors: Readonly<Record<Speed, number>> = { instant: 0, lifelike: 1, slow: 4 };
const names = (Object.keys(services) as readonly ServiceName[]).filter(
  (name) => services[name].troubles.length > 0,
);

/** All services work, at the given speed. Conditions that are kept from an earlier start are ended. */
export function createSwitches(simulator: Simulator, speed: Speed): Switches {
  const { faults } = simulator;
  const speedOf = new Map<ServiceName, Speed>();
  const on = new Map<ServiceName, { readonly trouble: Trouble; readonly isOnce: boolean }>();
  const listeners = new Set<() => void>();

  function changed(): void {
    for (const listener of [...listeners]) listener();
  }

  function end(service: ServiceName): void {
    faults.clear(service);
    for (const trouble of services[service].troubles) if ('set' in trouble) trouble.set(simulator, false);
    on.delete(service);
  }

  function setSpeed(service: ServiceName, chosen: Speed): void {
    speedOf.set(service, chosen);
    setLatencies(faults, service, services[service].latency, factors[chosen]);
  }

  for (const service of names) {
    end(service);
    setSpeed(service, speed);
  }
  // A trouble that strikes once is over when its fault is gone.
  const close = faults.onChange(() => {
    for (const [service, { isOnce }] of on)
      if (isOnce && !isStruck(faults.list(), service)) on.delete(service);
    changed();
  });

  function current(service: ServiceName): { readonly trouble: string; readonly isOnce: boolean } {
    const { trouble, isOnce } = on.get(service) ?? {};
    const isOver = trouble === undefined || ('set' in trouble && trouble.isOver?.(simulator) === true);
    return isOver ? { trouble: '', isOnce: true } : { trouble: trouble.id, isOnce: isOnce ?? true };
  }

  return {
    list: () =>
      names.map((service) => ({
        service,
        name: services[service].name,
        speed: speedOf.get(service) ?? speed,
        ...current(service),
        troubles: services[service].troubles.map((trouble) => ({
          id: trouble.id,
          label: trouble.label,
          canBeOnce: 'fault' in trouble,
        })),
      })),
    setSpeed(service, chosen) {
      setSpeed(service, chosen);
      changed();
    },
    setTrouble(service, id, isOnce) {
      const trouble = services[service].troubles.find((each) => each.id === id);
      if (trouble === undefined && id !== '') return undefined;
      end(service);
      if (trouble !== undefined) {
        on.set(service, { trouble, isOnce: isOnce && 'fault' in trouble });
        if ('set' in trouble) trouble.set(simulator, true);
        else faults.add(activeFault(service, trouble, isOnce));
      }
      changed();
      return 'set';
    },
    mend() {
      for (const service of names) end(service);
      changed();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close,
  };
}

function isStruck(active: readonly ActiveFault[], service: ServiceName): boolean {
  return active.some((each) => each.service === service);
}

function activeFault(
  service: ServiceName,
  { fault, operation }: Extract<Trouble, { fault: Fault }>,
  isOnce: boolean,
): ActiveFault {
  return {
    service,
    fault,
    ...(operation !== undefined && { operation }),
    ...(isOnce && { times: 1 }),
  };
}
