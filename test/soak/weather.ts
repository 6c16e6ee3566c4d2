import type { ActiveFault, Fault } from '#simulator/faults.ts';
import type { Chance } from '../fakes/chance.ts';
import type { World } from '../world.ts';

const outages: readonly Fault[] = [
  { kind: 'error', status: 500 },
  { kind: 'error', status: 503 },
  { kind: 'error', status: 500, afterWork: true },
  { kind: 'drop', afterWork: false },
  { kind: 'drop', afterWork: true },
  { kind: 'rate-limit', retryAfterSeconds: 5 },
  { kind: 'rate-limit', retryAfterSeconds: 90 },
];

/** auto-retry waits by the machine's clock, so Telegram asks for no more than a second. */
const telegramOutages: readonly Fault[] = [
  ...outages.filter(({ kind }) => kind !== 'rate-limit'),
  { kind: 'rate-limit', retryAfterSeconds: 1 },
];

/** A mail server that has taken a mail says so or breaks off; it never says no. */
const mailOutages: readonly Fault[] = [
  { kind: 'error', status: 421 },
  { kind: 'error', status: 451 },
  { kind: 'error', status: 550 },
  { kind: 'drop', afterWork: false },
  { kind: 'drop', afterWork: true },
];

interface Place {
  readonly service: ActiveFault['service'];
  readonly operation: string;
  readonly faults: readonly Fault[];
}

const places: readonly Place[] = [
  ...[
    'sendPhoto',
    'sendPhoto',
    'sendPhoto',
    'editMessageCaption',
    'sendMessage',
    'answerCallbackQuery',
    'getUpdates',
  ].map((operation) => ({ service: 'telegram' as const, operation, faults: telegramOutages })),
  ...['forwardMessage', 'deleteMessage', 'getFile'].map((operation) => ({
    service: 'telegram' as const,
    operation,
    faults: telegramOutages,
  })),
  ...[
    'files/list_folder',
    'files/list_folder/continue',
    'files/download',
    'files/move_v2',
    'files/get_metadata',
    'files/get_thumbnail_v2',
    'oauth2/token',
  ].map((operation) => ({ service: 'dropbox' as const, operation, faults: outages })),
  ...['login', 'upload', 'configure', 'configure', 'configure', 'feed', 'current_user'].map((operation) => ({
    service: 'instagram' as const,
    operation,
    faults: outages,
  })),
  ...['connect', 'auth', 'mail', 'rcpt', 'data', 'data', 'data'].map((operation) => ({
    service: 'smtp' as const,
    operation,
    faults: mailOutages,
  })),
];

/** Switches faults on and off; what it did, for the trace. Whole services that answer nothing come and go, too. */
export function changeWeather(world: World, chance: Chance): string {
  const { faults } = world.simulator;
  switch (chance.number(0, 9)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5: {
      const { service, operation, faults: kinds } = chance.oneOf(places);
      const fault = chance.oneOf(kinds);
      const times = chance.number(1, fault.kind === 'rate-limit' ? 2 : 4);
      faults.add({ service, operation, fault, times });
      return `${service} ${operation} ${JSON.stringify(fault)} × ${times}`;
    }
    case 6: {
      const service = chance.oneOf(['dropbox', 'replicate', 'openai', 'instagram'] as const);
      const fault = chance.oneOf(outages);
      faults.add({ service, fault });
      return `${service} ${JSON.stringify(fault)}`;
    }
    case 7:
      return changeAccount(world, chance);
    case 8:
      return 'as before';
    default:
      clearWeather(world.simulator);
      return 'all well';
  }
}

/** Somebody has changed what Darkroom may do there. */
function changeAccount({ simulator: { telegram, instagram, smtp } }: World, chance: Chance): string {
  const place = chance.oneOf(['instagram', 'email', 'telegram'] as const);
  if (place === 'instagram') instagram.setCondition('feedback-required');
  else if (place === 'telegram') telegram.setBotInChannel('member');
  else {
    const gone = chance.oneOf([['family@example.com'], ['family@example.com', 'friends@example.org']]);
    smtp.setUnknownRecipients(gone);
  }
  return `${place} says no`;
}

/** Every service works. */
export function clearWeather({ faults, telegram, instagram, smtp }: World['simulator']): void {
  faults.clear();
  instagram.setCondition('well');
  smtp.setUnknownRecipients([]);
  telegram.setBotInChannel('administrator');
}
