import type { CustomerId, ReservationId } from '../../src/domain/ids.ts';
import type { Line } from '../../src/domain/lines.ts';
import type { FollowUp, RequestEvent, RequestKey, ReservationRequested } from '../../src/domain/requests.ts';
import { customerId, poolId, requestId, reservationId, showId } from '../domain/generate.ts';
import type { Command, Key, Lines, RuleChoices } from './commands.ts';

/** The requests so far; a command chooses among them. */
export interface SentRequests {
  readonly requests: RequestEvent[];
  readonly reservations: ReservationRequested[];
  readonly startMs: number;
  /** Most follow-ups choose a reservation that was not rejected. */
  readonly isRejected: (id: ReservationId) => boolean;
  readonly revisionOf: (show: ReturnType<typeof showId>) => number;
}

type RequestCommand = Exclude<Command, { type: 'wait' }>;

/**
 * The request that a command means, given the earlier ones; undefined if it repeats a request and there is
 * none.
 */
export const buildRequest = (command: RequestCommand, sent: SentRequests): RequestEvent | undefined => {
  const n = sent.requests.length + 1;
  switch (command.type) {
    case 'again':
      return sent.requests[command.nth % Math.max(1, sent.requests.length)];
    case 'open':
      return {
        type: 'ShowOpeningRequested',
        showId: showId(command.show),
        name: 'A show',
        pools: command.capacities.map((capacity, pool) => ({ id: poolOf(pool), name: `p${pool}`, capacity })),
        rules: rulesOf(command.rules, sent.startMs),
      };
    case 'reserve':
      return {
        type: 'ReservationRequested',
        reservationId: reservationId(n),
        showId: showId(command.show),
        customerId: customerOf(command.customer),
        lines: linesOf(command.lines),
        ...referenceOf(command.reference),
        ...keyOf(command.key),
      };
    case 'change':
      return {
        type: 'ShowChangeRequested',
        requestId: requestId(n),
        showId: showId(command.show),
        ...(command.ahead && {
          revisions: revisionsOf(command.ahead, sent.revisionOf(showId(command.show))),
        }),
        pools: command.pools.map(({ pool, capacity }) => ({ id: poolOf(pool), capacity })),
        rules: rulesOf(command.rules, sent.startMs),
        force: command.force,
      };
    case 'confirm':
      return {
        type: 'ConfirmationRequested',
        ...followUp(command, n, sent),
        ...referenceOf(command.reference),
      };
    case 'extend':
      return { type: 'ExtensionRequested', ...followUp(command, n, sent) };
    case 'cancel':
      return {
        type: 'CancellationRequested',
        ...followUp(command, n, sent),
        ...(command.lines && { lines: linesOf(command.lines) }),
      };
  }
};

const followUp = (
  { nth, who, key }: Extract<Command, { type: 'extend' | 'confirm' | 'cancel' }>,
  n: number,
  { reservations, isRejected }: SentRequests,
): FollowUp => {
  const able = nth === 0 ? reservations : reservations.filter(({ reservationId: id }) => !isRejected(id));
  const about = able.at(-1 - (nth % Math.max(1, able.length)));
  const owner = about?.customerId ?? customerOf(0);
  return {
    requestId: requestId(n),
    reservationId: about?.reservationId ?? reservationId(0),
    actor: who === 'service' ? 'service' : 'customer',
    ...(who === 'owner' && { customerId: owner }),
    ...(who === 'stranger' && { customerId: customerId('mallory') }),
    ...keyOf(key),
  };
};

const revisionsOf = (ahead: readonly number[], revision: number): readonly number[] =>
  ahead.map((more) => revision + more);

export const customers: readonly CustomerId[] = ['alice', 'bob', 'carol'].map(customerId);
const customerOf = (n: number): CustomerId => customers[n] ?? customerId('dave');
const poolOf = (n: number) => poolId(`p${n}`);
const linesOf = (lines: readonly Lines[]): Line[] =>
  lines.map(({ pool, quantity }) => ({ poolId: poolOf(pool), quantity }));

const referenceOf = (n: number | undefined): { readonly reference?: string } =>
  n === undefined ? {} : { reference: `order ${n}` };

const keyOf = (key: Key | undefined): { readonly key?: RequestKey } =>
  key === undefined
    ? {}
    : { key: { hash: `${key.hash}`.repeat(32), fingerprint: `${key.fingerprint}`.repeat(32) } };

/** Only the rules that are set; windows count from the beginning of the sequence. */
const rulesOf = (rules: RuleChoices, startMs: number) => {
  const since = (ms: number | null | undefined) => (typeof ms === 'number' ? startMs + ms : ms);
  const told = { ...rules, opensAtMs: since(rules.opensAtMs), closesAtMs: since(rules.closesAtMs) };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
};
