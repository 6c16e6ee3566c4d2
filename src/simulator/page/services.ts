import type { Fault, Faults, ServiceName } from '#simulator/faults.ts';
import type { Simulator } from '#simulator/simulator.ts';

/** Strikes calls, or puts the account or the bot in a condition. */
export type Trouble = { readonly id: string; readonly label: string } & (
  | { readonly fault: Fault; readonly operation?: string }
  | {
      set(simulator: Simulator, isOn: boolean): void;
      /** For what can end by itself. */
      isOver?(simulator: Simulator): boolean;
    }
);

export interface Service {
  readonly name: string;
  /** Milliseconds that a call takes in life, by operation; `''` is any other. */
  readonly latency: Readonly<Record<string, number>>;
  readonly troubles: readonly Trouble[];
}

/** Switches the latencies of a service on, by operation; `''` is any other. */
export function setLatencies(
  faults: Faults,
  service: ServiceName,
  latency: Service['latency'],
  factor = 1,
): void {
  for (const [operation, ms] of Object.entries(latency)) {
    faults.setLatency(service, ms * factor, operation === '' ? undefined : operation);
  }
}

const unreachable: Trouble = {
  id: 'unreachable',
  label: 'Cannot be reached',
  fault: { kind: 'drop', afterWork: false },
};
const silent: Trouble = {
  id: 'silent',
  label: 'Takes the request and never answers',
  fault: { kind: 'hang' },
};
const broken: Trouble = {
  id: 'broken',
  label: 'Has a fault of its own (500)',
  fault: { kind: 'error', status: 500 },
};
const busy: Trouble = {
  id: 'busy',
  label: 'Asks for a pause of 15 seconds',
  fault: { kind: 'rate-limit', retryAfterSeconds: 15 },
};

/** Takes the post, then the line is cut before the answer: nobody but the service knows. */
function lost(operation: string): Trouble {
  return {
    id: 'lost',
    label: 'Takes the post, then the connection is lost',
    fault: { kind: 'drop', afterWork: true },
    operation,
  };
}

const instagramConditions = {
  checkpoint: 'Wants to know that it is you (checkpoint)',
  'feedback-required': 'Holds the account back (feedback required)',
  'please-wait': '“Please wait a few minutes”',
  'logged-out': 'Has ended the session',
} as const;

/** Every service with what can be set about it, in the order of the page. */
export const services: Readonly<Record<ServiceName, Service>> = {
  telegram: {
    name: 'Telegram',
    latency: { '': 350, getUpdates: 0, answerCallbackQuery: 120, sendChatAction: 120 },
    troubles: [
      {
        id: 'no-permission',
        label: 'The bot may not post in the channel',
        set: ({ telegram }, isOn) => telegram.setBotInChannel(isOn ? 'member' : 'administrator'),
      },
      { ...lost('sendPhoto'), label: 'Takes the next picture, then the connection is lost' },
      { ...broken, operation: 'sendPhoto', label: 'Has a fault of its own when a picture comes (500)' },
      { ...busy, operation: 'sendPhoto', label: 'Asks for a pause when a picture comes (15 s)' },
      unreachable,
    ],
  },
  instagram: {
    name: 'Instagram',
    latency: { '': 150, upload: 1500, configure: 1500, picture: 0 },
    troubles: [
      ...Object.entries(instagramConditions).map(([id, label]) => ({
        id,
        label,
        set: ({ instagram }: Simulator, isOn: boolean) =>
          instagram.setCondition(isOn ? (id as keyof typeof instagramConditions) : 'well'),
        isOver: ({ instagram }: Simulator) => instagram.condition === 'well',
      })),
      { ...broken, operation: 'upload', label: 'Does not take the picture (500)' },
      lost('configure'),
      unreachable,
      { ...silent, operation: 'upload' },
      busy,
    ],
  },
  // Without troubles it is not shown: the program on the page speaks to Instagram as the phone's app does.
  graph: { name: 'Instagram, official', latency: {}, troubles: [] },
  smtp: {
    name: 'Mail server',
    latency: { '': 1200 },
    troubles: [
      {
        ...broken,
        fault: { kind: 'error', status: 451 },
        operation: 'data',
        label: 'Says “try later” (451)',
      },
      { ...lost('data'), label: 'Takes the mail, then the connection is lost' },
      unreachable,
      {
        id: 'daily-limit',
        label: 'The daily limit is reached',
        set: ({ smtp }, isOn) => smtp.setDailyLimitReached(isOn),
      },
      {
        id: 'unknown-recipient',
        label: 'One of the addresses does not exist',
        set: ({ smtp }, isOn) => smtp.setUnknownRecipients(isOn ? ['friends@example.org'] : []),
      },
    ],
  },
  dropbox: {
    name: 'Dropbox',
    latency: { '': 200, 'files/download': 600, 'files/list_folder/longpoll': 0 },
    troubles: [
      unreachable,
      broken,
      busy,
      {
        id: 'disconnected',
        label: 'The owner has disconnected the app',
        set: ({ dropbox }, isOn) => (isOn ? dropbox.revoke() : dropbox.allow()),
      },
    ],
  },
  replicate: {
    name: 'Replicate',
    latency: { '': 150, 'predictions.create': 2500 },
    troubles: [unreachable, broken, busy, silent],
  },
  openai: {
    name: 'OpenAI',
    latency: { '': 1800 },
    troubles: [
      unreachable,
      broken,
      busy,
      silent,
      {
        id: 'no-credit',
        label: 'The credit is used up',
        set({ openai, faults }, isOn) {
          openai.setOutOfCredit(isOn);
          if (isOn) faults.add({ service: 'openai', fault: { kind: 'rate-limit', retryAfterSeconds: 1 } });
        },
      },
    ],
  },
};
