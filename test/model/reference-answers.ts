import type { RequestId } from '../../src/domain/ids.ts';
import type {
  PoolChange,
  RequestEvent,
  ReservationRequested,
  ShowChangeRequested,
  ShowOpeningRequested,
  ShowRules,
} from '../../src/domain/requests.ts';
import {
  customerHas,
  hasRoom,
  type Reference,
  type ReferenceReservation,
  type ReferenceShow,
  shrink,
  type Times,
  taken,
  together,
  total,
} from './reference.ts';
import { followUp } from './reference-follow-ups.ts';

/** Answers a request once: a repeated request gets the first answer again. */
export const answer = (reference: Reference, id: RequestId, request: RequestEvent, times: Times): void => {
  if (reference.answers.has(id)) return;
  reference.answers.set(id, byKey(reference, id, request) ?? firstTime(reference, request, times));
  shrink(reference);
};

const byKey = (reference: Reference, id: RequestId, request: RequestEvent): string | undefined => {
  if (!request.key) return undefined;
  const known = `${request.key.hash} `;
  for (const [key] of reference.keys) {
    if (!key.startsWith(known)) continue;
    const reason = key === known + request.key.fingerprint ? 'duplicate-request' : 'idempotency-key-reused';
    if (request.type === 'ReservationRequested') reject(reference, request, reason);
    return reason;
  }
  reference.keys.set(known + request.key.fingerprint, id);
  return undefined;
};

const firstTime = (reference: Reference, request: RequestEvent, times: Times): string => {
  switch (request.type) {
    case 'ShowOpeningRequested':
      return open(reference, request);
    case 'ShowChangeRequested':
      return change(reference, request);
    case 'ReservationRequested':
      return reserve(reference, request, times);
    default:
      return followUp(reference, request, times);
  }
};

const open = ({ shows }: Reference, { showId: id, name, pools, rules }: ShowOpeningRequested): string => {
  const empty = pools.map((pool) => ({ id: pool.id, capacity: pool.capacity, target: undefined }));
  shows.set(id, { id, revision: 1, name, rules, pools: empty });
  return 'ShowOpened';
};

const change = (reference: Reference, request: ShowChangeRequested): string => {
  const { showId } = request;
  const show = reference.shows.get(showId);
  if (!show) return 'not-found';
  if (request.revisions?.every((revision) => revision !== show.revision)) return 'stale-revision';
  if (!request.force && tooSmall(reference, request)) return 'capacity-below-committed';
  const all = Object.entries({ ...show.rules, ...request.rules });
  const rules: ShowRules = Object.fromEntries(all.filter(([, value]) => value !== null));
  if (Number(rules.opensAtMs) >= Number(rules.closesAtMs)) return 'invalid-request';
  for (const wanted of request.pools ?? []) setCapacity(reference, show, wanted);
  show.rules = rules;
  show.revision += 1;
  return 'ShowChanged';
};

const tooSmall = (reference: Reference, { showId, pools = [] }: ShowChangeRequested): boolean =>
  pools.some(({ id, capacity }) => capacity !== undefined && capacity < taken(reference, showId, id));

const setCapacity = (reference: Reference, show: ReferenceShow, { id, capacity }: PoolChange): void => {
  if (capacity === undefined) return;
  const pool = show.pools.find((each) => each.id === id);
  if (!pool) {
    show.pools.push({ id, capacity, target: undefined });
    return;
  }
  pool.capacity = Math.max(capacity, taken(reference, show.id, id));
  pool.target = capacity < pool.capacity ? capacity : undefined;
};

const reserve = (reference: Reference, request: ReservationRequested, times: Times): string => {
  const reason = whyNot(reference, request, times);
  if (reason) return reject(reference, request, reason);
  const holdSeconds = reference.shows.get(request.showId)?.rules.holdSeconds;
  const held = holdSeconds !== undefined;
  keep(reference, request, held ? 'held' : 'confirmed', {
    expiresAtMs: held ? times.nowMs + holdSeconds * 1_000 : undefined,
  });
  return held ? 'ReservationHeld' : 'ReservationConfirmed';
};

const whyNot = (reference: Reference, request: ReservationRequested, times: Times): string | undefined => {
  const show = reference.shows.get(request.showId);
  if (!show) return 'not-found';
  const { rules } = show;
  const lines = together(request.lines);
  const asked = total(lines);
  const { places, holds } = customerHas(reference, show.id, request.customerId);
  if (!lines.every(({ poolId }) => show.pools.some(({ id }) => id === poolId))) return 'unknown-pool';
  if (asked > (rules.maxPerRequest ?? Infinity)) return 'over-request-limit';
  if (places + asked > (rules.maxPerCustomer ?? Infinity)) return 'customer-limit';
  if (rules.holdSeconds !== undefined && holds >= 10) return 'hold-limit';
  if (times.arrivedAtMs < (rules.opensAtMs ?? 0)) return 'sale-not-open';
  if (rules.closed || times.arrivedAtMs >= (rules.closesAtMs ?? Infinity)) return 'sale-closed';
  return hasRoom(reference, show, lines) ? undefined : 'sold-out';
};

const reject = (reference: Reference, request: ReservationRequested, reason: string): string => {
  keep(reference, request, 'rejected', { reason });
  return reason;
};

const keep = (
  { reservations }: Reference,
  { reservationId: id, showId, customerId, lines, reference }: ReservationRequested,
  status: ReferenceReservation['status'],
  more: Partial<Pick<ReferenceReservation, 'reason' | 'expiresAtMs'>>,
): void => {
  reservations.set(id, {
    ...{ id, showId, customerId, status, lines: together(lines), reference, extended: false },
    reason: more.reason,
    expiresAtMs: more.expiresAtMs,
  });
};
