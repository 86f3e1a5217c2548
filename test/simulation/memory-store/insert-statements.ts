import { bytesFor, digitsFor, idFor, intFor, numberFor, orNull, textFor } from './columns.ts';
import { judgePool } from './judge-pool.ts';
import { type Change, parseElements, type RowValues } from './parameters.ts';
import { badString } from './server-error.ts';
import { type PoolRow, poolKey, type ReservationRow } from './tables.ts';

/** INSERT … VALUES: one element per row, with its partition at the end. */
const insertEach =
  (insert: (transaction: Parameters<Change>[0], partition: number, element: RowValues) => void): Change =>
  (transaction, values) => {
    const elements = parseElements(values, 0);
    for (const element of elements) insert(transaction, Number(element.at(-1)), element.slice(0, -1));
    return elements.length;
  };

const word = (value: unknown, column: string): string => textFor(value, column, 40);
const name = (value: unknown, column: string): string => textFor(value, column, 255);
const id = (value: unknown, column: string): string => idFor(value, column);
const text = (value: unknown, column: string): string => bytesFor(value, column, 65_535);
const poolId = (value: unknown, column: string): string => bytesFor(value, column, 64);
const reference = (value: unknown, column: string): string => bytesFor(value, column, 512);

/** The database refuses a decision that contains this text. We know no such text for a real database. */
export const indigestible = 'indigestible';

const insertJournal = insertEach(({ own }, partition, element) => {
  const [position, requestId, type, showId, ms, seq, decidedAtMs, judgedAtMs, late, data] = element;
  if (String(data).includes(`"reference":"${indigestible}"`)) throw badString(indigestible);
  own.journal.insert({
    partition_id: partition,
    position: numberFor(position, 'position'),
    request_id: orNull(requestId, 'request_id', id),
    type: word(type, 'type'),
    show_id: orNull(showId, 'show_id', id),
    stream_ms: orNull(ms, 'stream_ms', digitsFor),
    stream_seq: orNull(seq, 'stream_seq', digitsFor),
    decided_at_ms: numberFor(decidedAtMs, 'decided_at_ms'),
    judged_at_ms: orNull(judgedAtMs, 'judged_at_ms', numberFor),
    late: numberFor(late, 'late'),
    data: bytesFor(data, 'data', 16_777_215),
  });
});

const reservationFrom = (partition: number, element: RowValues): ReservationRow => {
  const [own, show, customer, status, reason, pool, lines, called, ms, seq, decidedAtMs] = element;
  const [expiresAtMs, extended, changedAtMs, firstId] = element.slice(11);
  return {
    id: id(own, 'id'),
    partition_id: partition,
    show_id: id(show, 'show_id'),
    customer_id: bytesFor(customer, 'customer_id', 128),
    status: word(status, 'status'),
    reason: orNull(reason, 'reason', word),
    pool_id: orNull(pool, 'pool_id', poolId),
    line_list: text(lines, 'line_list'),
    reference: orNull(called, 'reference', reference),
    requested_ms: digitsFor(ms, 'requested_ms'),
    requested_seq: digitsFor(seq, 'requested_seq'),
    decided_at_ms: orNull(decidedAtMs, 'decided_at_ms', numberFor),
    expires_at_ms: orNull(expiresAtMs, 'expires_at_ms', numberFor),
    extended: numberFor(extended ?? 0, 'extended'),
    changed_at_ms: orNull(changedAtMs, 'changed_at_ms', numberFor),
    first_id: orNull(firstId, 'first_id', id),
  };
};

const insertReservations = insertEach(({ own }, partition, element) =>
  own.reservations.insert(reservationFrom(partition, element)),
);

const insertReservationDecisions = insertEach(({ own }, partition, [reservation, position]) =>
  own.reservationDecisions.insert({
    reservation_id: id(reservation, 'reservation_id'),
    partition_id: partition,
    position: numberFor(position, 'position'),
  }),
);

const insertHolds = insertEach(({ own }, partition, [reservation, expiresAtMs]) =>
  own.holds.insert({
    reservation_id: id(reservation, 'reservation_id'),
    partition_id: partition,
    expires_at_ms: numberFor(expiresAtMs, 'expires_at_ms'),
  }),
);

const insertShows = insertEach(({ own }, partition, [show, called, openedAtMs, rules]) =>
  own.shows.insert({
    id: id(show, 'id'),
    partition_id: partition,
    name: name(called, 'name'),
    revision: 1,
    opened_at_ms: numberFor(openedAtMs, 'opened_at_ms'),
    rules: text(rules, 'rules'),
  }),
);

const poolFrom = (partition: number, element: RowValues): PoolRow => {
  const [show, pool, ordinal, called, capacity, asOfMs] = element;
  return {
    show_id: id(show, 'show_id'),
    pool_id: poolId(pool, 'pool_id'),
    partition_id: partition,
    ordinal: numberFor(ordinal, 'ordinal'),
    name: name(called, 'name'),
    capacity: intFor(capacity, 'capacity'),
    target: null,
    held: 0,
    confirmed: 0,
    as_of_ms: numberFor(asOfMs, 'as_of_ms'),
  };
};

const insertPools = insertEach(({ own }, partition, element) => {
  const row = poolFrom(partition, element);
  judgePool(row);
  own.pools.insert(row);
});

const addPools = insertEach(({ own }, partition, element) => {
  const row = poolFrom(partition, element);
  const there = own.pools.locked(poolKey(row.show_id, row.pool_id));
  if (there) return own.pools.replace({ ...there, name: row.name });
  judgePool(row);
  own.pools.insert(row);
});

const insertParked = insertEach(({ own }, partition, element) => {
  const [ms, seq, sha256, requestId, raw, reason, attempts, parkedAtMs] = element;
  const row = {
    partition_id: partition,
    stream_ms: digitsFor(ms, 'stream_ms'),
    stream_seq: digitsFor(seq, 'stream_seq'),
    sha256: idFor(sha256, 'sha256', 32),
    request_id: orNull(requestId, 'request_id', id),
    raw: textFor(raw, 'raw', 16_777_215),
    reason: text(reason, 'reason'),
    attempts: numberFor(attempts, 'attempts'),
    redriven_as: null,
    parked_at_ms: numberFor(parkedAtMs, 'parked_at_ms'),
  };
  const there = own.parked.locked(`${partition} ${row.stream_ms}-${row.stream_seq} ${row.sha256}`);
  if (there) own.parked.replace({ ...there, attempts: there.attempts + 1 });
  else own.parked.insert(row);
});

const insertRequestKeys: Change = ({ own }, values) => {
  const elements = parseElements(values, 0);
  for (const [hash, requestId, fingerprint, madeAtMs] of elements)
    own.requestKeys.insert({
      key_hash: id(hash, 'key_hash'),
      request_id: id(requestId, 'request_id'),
      fingerprint: id(fingerprint, 'fingerprint'),
      made_at_ms: numberFor(madeAtMs, 'made_at_ms'),
    });
  return elements.length;
};

export const insertStatements: Readonly<Record<string, Change>> = {
  'insert-journal': insertJournal,
  'insert-reservations': insertReservations,
  'insert-reservation-decisions': insertReservationDecisions,
  'insert-holds': insertHolds,
  'insert-shows': insertShows,
  'insert-pools': insertPools,
  'add-pools': addPools,
  'insert-parked': insertParked,
  'insert-request-keys': insertRequestKeys,
};
