import { type Delivery, type Followed, lookAgainMs, type Problem, quietMs } from './delivery.ts';

/** What can happen to one delivery of an approved post. */
export type DeliveryEvent =
  | { readonly type: 'sending'; readonly platform: string; readonly at: string }
  | {
      readonly type: 'delivered';
      readonly platform: string;
      readonly at: string;
      readonly ref?: string;
      readonly url?: string;
      readonly missed?: readonly string[];
    }
  /** Surely not sent, at least not to all; may be tried again by itself from this time on. */
  | {
      readonly type: 'postponed';
      readonly platform: string;
      readonly notBefore: string;
      readonly problem: Problem;
      /** Some have it now; absent: nobody more than before. */
      readonly partly?: Delivery['partly'];
      /** It counts as no attempt. */
      readonly isUntried?: boolean;
    }
  /** Surely not published, and trying again by itself is no use. */
  | {
      readonly type: 'delivery-failed';
      readonly platform: string;
      readonly at: string;
      readonly problem: Problem;
    }
  /** It may have been carried out: nobody knows. Only after the state was restored it was not `sending` before. */
  | {
      readonly type: 'lost-sight';
      readonly platform: string;
      readonly at: string;
      readonly problem: Problem;
      /** The platform can be looked at. */
      readonly canLook: boolean;
    }
  /** What became of the file in full size, where that is known. */
  | { readonly type: 'followed'; readonly platform: string; readonly fullSize: Followed }
  | ({ readonly type: 'looked'; readonly platform: string; readonly at: string } & Sight)
  | WithdrawalEvent
  | OwnerEvent;

/** What became of a published delivery that was to be taken down again. */
export type WithdrawalEvent =
  | { readonly type: 'taken-down'; readonly platform: string; readonly at: string }
  /** It stays there; without a problem: nothing can take it back. */
  | { readonly type: 'kept'; readonly platform: string; readonly at: string; readonly problem?: Problem };

/** What looking for a delivery has brought; `unclear`: only the owner can tell. */
export type Sight =
  | { readonly found: 'there'; readonly ref: string; readonly url?: string }
  | { readonly found: 'absent' | 'unclear' };

/**
 * What the owner says of one delivery, in the round that the button was from: `seen` after looking and finding
 * it, `retried` for a failed one or after looking in vain, `dropped` to leave it as it is.
 */
export interface OwnerEvent {
  readonly type: 'seen' | 'retried' | 'dropped';
  readonly platform: string;
  readonly round: number;
  readonly at: string;
}

/**
 * A button of an earlier round is outdated; a second send has to wait until the first one surely came to nothing, and
 * until it was looked for, which may find it.
 */
export function refusalOf(delivery: Delivery, event: OwnerEvent): 'outdated' | 'too-soon' | undefined {
  if (event.round !== delivery.round) return 'outdated';
  if (event.type !== 'retried' || delivery.state !== 'uncertain') return undefined;
  const isQuiet = Date.parse(event.at) - Date.parse(delivery.since) >= quietMs;
  return isQuiet && delivery.looking === undefined ? undefined : 'too-soon';
}

const mayBeLost = new Set<Delivery['state']>(['sending', 'waiting', 'failed']);

/** The delivery after the event; undefined where the event does not fit. */
export function step(delivery: Delivery, event: DeliveryEvent): Delivery | undefined {
  const { content, round, attempts, partly } = delivery;
  const whole = { content, round, attempts };
  const kept = { ...whole, ...(partly && { partly }) };
  switch (event.type) {
    case 'sending':
      if (delivery.state !== 'waiting') return undefined;
      return { ...kept, state: 'sending', attempts: attempts + 1, since: event.at };
    case 'delivered': {
      if (delivery.state !== 'sending') return undefined;
      const { ref, url, missed, at } = event;
      const where = { ...(ref !== undefined && { ref }), ...(url !== undefined && { url }) };
      return {
        ...whole,
        ...where,
        ...(missed && { missed: [...missed] }),
        state: 'published',
        at,
        via: 'answer',
      };
    }
    case 'postponed': {
      if (delivery.state !== 'sending') return undefined;
      const { notBefore, problem, partly: now, isUntried = false } = event;
      const counted = isUntried ? attempts - 1 : attempts;
      return {
        ...kept,
        ...(now && { partly: now }),
        attempts: counted,
        state: 'waiting',
        notBefore,
        problem,
      };
    }
    case 'delivery-failed':
      if (delivery.state !== 'sending' && delivery.state !== 'waiting') return undefined;
      // Those that have it make it published, and it must not be said that it went nowhere.
      return partly === undefined
        ? { ...kept, state: 'failed', at: event.at, problem: event.problem }
        : { ...whole, state: 'published', at: event.at, missed: partly.missed, via: 'answer' };
    case 'lost-sight':
      if (!mayBeLost.has(delivery.state)) return undefined;
      return {
        ...kept,
        state: 'uncertain',
        since: event.at,
        problem: event.problem,
        ...(event.canLook && { looking: { at: later(event.at, quietMs), misses: 0 } }),
      };
    case 'followed':
      return delivery.state === 'published' ? { ...delivery, fullSize: event.fullSize } : undefined;
    case 'looked':
      return delivery.state === 'uncertain' ? afterLook(delivery, event) : undefined;
    case 'taken-down': {
      if (delivery.state !== 'published') return undefined;
      const { ref, fullSize } = delivery;
      return {
        ...whole,
        state: 'withdrawn',
        at: event.at,
        ...(ref && { ref }),
        ...(fullSize && { fullSize }),
      };
    }
    case 'kept': {
      if (delivery.state !== 'published') return undefined;
      const { at, problem } = event;
      return { ...delivery, kept: { at, ...(problem && { problem }) } };
    }
    case 'seen':
      if (delivery.state !== 'uncertain') return undefined;
      return { ...whole, state: 'published', at: event.at, via: 'owner' };
    case 'retried':
      if (delivery.state !== 'failed' && delivery.state !== 'uncertain') return undefined;
      return { ...kept, state: 'waiting', round: round + 1, attempts: 0 };
    case 'dropped':
      if (delivery.state !== 'failed' && delivery.state !== 'uncertain') return undefined;
      return { ...kept, state: 'dropped', at: event.at, mayBeOut: delivery.state === 'uncertain' };
  }
}

/**
 * Found, it is published. Absent twice, it is for the owner to say, as when nobody can tell: a look can be mistaken
 * (an edited text, a clock that is wrong, a gap of deleted messages), and then sending again would publish twice.
 */
function afterLook(
  delivery: Extract<Delivery, { readonly state: 'uncertain' }>,
  event: Extract<DeliveryEvent, { readonly type: 'looked' }>,
): Delivery | undefined {
  const { looking, ...asked } = delivery;
  if (looking === undefined) return undefined;
  const { content, round, attempts } = delivery;
  if (event.found === 'there') {
    const { ref, url, at } = event;
    const where = { ref, ...(url !== undefined && { url }) };
    return { content, round, attempts, state: 'published', at, ...where, via: 'look' };
  }
  const misses = looking.misses + 1;
  return event.found === 'absent' && misses < missesToBeAbsent
    ? { ...delivery, looking: { at: later(event.at, lookAgainMs), misses } }
    : asked;
}

const missesToBeAbsent = 2;

function later(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}
