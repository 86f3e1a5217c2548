import { bytesFor, idFor, intFor, numberFor, orNull, textFor } from './columns.ts';
import { judgePool } from './judge-pool.ts';
import type { MemoryTransaction } from './memory-transaction.ts';
import { type Change, numberAt, parseElements, type RowValues } from './parameters.ts';
import { type PoolRow, poolKey } from './tables.ts';

/**
 * A multi-table UPDATE or DELETE: one element per row, with its partition at the end. Counts matched rows.
 */
const changeEach =
  (change: (transaction: MemoryTransaction, partition: number, element: RowValues) => boolean): Change =>
  (transaction, values) =>
    parseElements(values, 0).filter((element) =>
      change(transaction, Number(element.at(-1)), element.slice(0, -1)),
    ).length;

const changePool = (change: (pool: PoolRow, element: RowValues) => PoolRow | undefined): Change =>
  changeEach(({ own }, partition, element) => {
    const key = poolKey(idFor(element[0], 'show_id'), bytesFor(element[1], 'pool_id', 1_024));
    if (own.pools.get(key)?.partition_id !== partition) return false;
    const pool = own.pools.locked(key);
    const after = pool && change(pool, element);
    if (!after) return false;
    judgePool(after);
    own.pools.replace(after);
    return true;
  });

const movePools = changePool((pool, [, , held, confirmed, asOfMs]) => ({
  ...pool,
  held: pool.held + numberFor(held, 'held'),
  confirmed: pool.confirmed + numberFor(confirmed, 'confirmed'),
  as_of_ms: numberFor(asOfMs, 'as_of_ms'),
}));

const changePools = changePool((pool, [, , capacity, target, held, confirmed, asOfMs]) => ({
  ...pool,
  capacity: intFor(capacity, 'capacity'),
  target: orNull(target, 'target', intFor),
  held: pool.held + numberFor(held, 'held'),
  confirmed: pool.confirmed + numberFor(confirmed, 'confirmed'),
  as_of_ms: numberFor(asOfMs, 'as_of_ms'),
}));

const shrinkPools = changePool((pool) => {
  const { target, held, confirmed } = pool;
  const capacity = Math.max(target ?? 0, held + confirmed);
  return target !== null && pool.capacity > capacity ? { ...pool, capacity } : undefined;
});

const reachTargets = changePool((pool) =>
  pool.target !== null && pool.capacity <= pool.target ? { ...pool, target: null } : undefined,
);

const changeShows = changeEach(({ own }, partition, [show, name, revision, rules]) => {
  const id = idFor(show, 'id');
  if (own.shows.get(id)?.partition_id !== partition) return false;
  const row = own.shows.locked(id);
  if (!row) return false;
  own.shows.replace({
    ...row,
    name: textFor(name, 'name', 255),
    revision: intFor(revision, 'revision'),
    rules: bytesFor(rules, 'rules', 65_535),
  });
  return true;
});

const changeReservations = changeEach(({ own }, partition, element) => {
  const [reservation, status, lines, reference, expiresAtMs, extended, changedAtMs] = element;
  const id = idFor(reservation, 'id');
  if (own.reservations.get(id)?.partition_id !== partition) return false;
  const row = own.reservations.locked(id);
  if (!row) return false;
  own.reservations.replace({
    ...row,
    status: textFor(status ?? row.status, 'status', 40),
    line_list: bytesFor(lines ?? row.line_list, 'line_list', 65_535),
    reference: orNull(reference ?? row.reference, 'reference', (it, column) => bytesFor(it, column, 512)),
    expires_at_ms: orNull(expiresAtMs ?? row.expires_at_ms, 'expires_at_ms', numberFor),
    extended: numberFor(extended ?? row.extended, 'extended'),
    changed_at_ms: orNull(changedAtMs ?? row.changed_at_ms, 'changed_at_ms', numberFor),
  });
  return true;
});

const extendHolds = changeEach(({ own }, partition, [reservation, expiresAtMs]) => {
  const id = idFor(reservation, 'reservation_id');
  if (own.holds.get(id)?.partition_id !== partition) return false;
  const row = own.holds.locked(id);
  if (row) own.holds.replace({ ...row, expires_at_ms: numberFor(expiresAtMs, 'expires_at_ms') });
  return row !== undefined;
});

const deleteHolds = changeEach(({ own }, partition, [reservation]) => {
  const id = idFor(reservation, 'reservation_id');
  if (own.holds.get(id)?.partition_id !== partition || !own.holds.locked(id)) return false;
  own.holds.remove(id);
  return true;
});

/** The second parameter is the time up to which a key has expired. */
const deleteOldRequestKeys: Change = ({ own }, values) => {
  const freeUntilMs = numberAt(values, 1);
  const isOld = (key: string): boolean =>
    (own.requestKeys.locked(key)?.made_at_ms ?? Infinity) <= freeUntilMs;
  const old = parseElements(values, 0)
    .map(([hash]) => idFor(hash, 'key_hash'))
    .filter(isOld);
  for (const key of old) own.requestKeys.remove(key);
  return old.length;
};

const purgeRequestKeys: Change = ({ own, committed }, values) => {
  const freeUntilMs = numberAt(values, 0);
  const old = [...committed.requestKeys.all()]
    .filter((row) => row.made_at_ms <= freeUntilMs)
    .toSorted((a, b) => a.made_at_ms - b.made_at_ms)
    .slice(0, numberAt(values, 1));
  const there = old.filter(({ key_hash }) => own.requestKeys.locked(key_hash) !== undefined);
  for (const { key_hash } of there) own.requestKeys.remove(key_hash);
  return there.length;
};

/** Deletes the pending rows of requests that were sent again. */
const deleteRedriven: Change = ({ own, committed }, values) => {
  let deleted = 0;
  for (const [id] of parseElements(values, 0)) {
    const row = own.reservations.locked(String(id));
    const waits = committed.parked
      .group('request', String(id))
      .some(({ redriven_as }) => redriven_as === null);
    if (row?.status !== 'pending' || waits) continue;
    own.reservations.remove(row.id);
    deleted += 1;
  }
  return deleted;
};

export const changeStatements: Readonly<Record<string, Change>> = {
  'move-pools': movePools,
  'change-pools': changePools,
  'shrink-pools': shrinkPools,
  'reach-targets': reachTargets,
  'change-shows': changeShows,
  'change-reservations': changeReservations,
  'extend-holds': extendHolds,
  'delete-holds': deleteHolds,
  'delete-redriven-reservations': deleteRedriven,
  'delete-old-request-keys': deleteOldRequestKeys,
  'purge-request-keys': purgeRequestKeys,
};
