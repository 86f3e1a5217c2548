import { journalOut, ledgerRows, nothingOf, reservationOut } from './driver-rows.ts';
import { binary, hexAt, numberAt, parseElements, type Query, textAt } from './parameters.ts';
import type { Tables } from './tables.ts';

const ascending = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : Number(a.id > b.id);

const findLedgers: Query = ({ committed }, values) => {
  const shows = parseElements(values, 0).flatMap(([id]) => committed.shows.get(String(id)) ?? []);
  return ledgerRows(committed, shows.toSorted(ascending));
};

const listLedgersOfPartition: Query = ({ committed }, values) => {
  const from = hexAt(values, 1);
  const shows = committed.shows.group('partition', textAt(values, 0)).filter(({ id }) => id > from);
  return ledgerRows(committed, shows.toSorted(ascending).slice(0, numberAt(values, 2)));
};

const listShows: Query = ({ committed }, values) => {
  const before = hexAt(values, 0);
  const shows = [...committed.shows.all()].filter(({ id }) => id < before);
  return ledgerRows(committed, shows.toSorted(ascending).reverse().slice(0, numberAt(values, 1)));
};

const noReservation = nothingOf('id');
const noWatermark = nothingOf('watermark_ms', 'watermark_seq');

const findReservations: Query = ({ committed }, values) =>
  parseElements(values, 0).map(([id, partition]) => {
    const row = committed.reservations.get(String(id));
    const { watermark_ms, watermark_seq } = committed.partitions.get(String(partition)) ?? noWatermark;
    return {
      asked_id: binary(String(id)),
      watermark_ms,
      watermark_seq,
      ...(row ? reservationOut(row) : noReservation),
    };
  });

const noDecision = nothingOf('position');

const findKnownRequests: Query = ({ committed }, values) =>
  parseElements(values, 0).flatMap(([asked]) => {
    const id = String(asked);
    const row = committed.reservations.get(id);
    const reservation = row?.status === 'pending' ? undefined : row;
    const show = committed.shows.get(id);
    const decision = reservation || show ? undefined : committed.journal.byUnique(id);
    const isKnown = reservation || show || decision || isParked(committed, id);
    if (!isKnown) return [];
    return {
      ...(decision ? journalOut(decision) : noDecision),
      asked_id: binary(id),
      reservation_id: reservation ? binary(id) : null,
      opened_id: show ? binary(id) : null,
    };
  });

/** Whether the request is parked and was not sent again. */
const isParked = ({ parked }: Tables, id: string): boolean =>
  parked.group('request', id).some(({ redriven_as }) => redriven_as === null);

const findParkedRequests: Query = ({ committed }, values) =>
  parseElements(values, 0).some(([id]) => isParked(committed, String(id))) ? [{ found: 1 }] : [];

const findParkedOfPartition: Query = ({ committed }, values) => {
  const rows = committed.parked.group('partition', textAt(values, 0));
  return rows.some(({ request_id, redriven_as }) => request_id !== null && redriven_as === null)
    ? [{ found: 1 }]
    : [];
};

const countAttempts: Query = ({ committed }, values) =>
  parseElements(values, 0).flatMap(([id]) => {
    const rows = committed.parked.group('request', String(id));
    const attempts = Math.max(...rows.map((row) => row.attempts));
    return rows.length > 0 ? [{ request_id: binary(String(id)), attempts }] : [];
  });

const findRequestKeys: Query = ({ committed }, values) => {
  const freeUntilMs = numberAt(values, 1);
  return parseElements(values, 0).flatMap(([hash]) => {
    const row = committed.requestKeys.get(String(hash));
    if (!row || row.made_at_ms <= freeUntilMs) return [];
    const { key_hash, request_id, fingerprint } = row;
    return {
      key_hash: binary(key_hash),
      request_id: binary(request_id),
      fingerprint: binary(fingerprint),
    };
  });
};

const findDueHolds: Query = ({ committed }, values) => {
  const [untilMs, fromMs, fromId] = [numberAt(values, 1), numberAt(values, 2), hexAt(values, 4)];
  return committed.holds
    .group('partition', textAt(values, 0))
    .filter(({ expires_at_ms: ms, reservation_id: id }) => {
      const isBehind = ms > fromMs || (ms === fromMs && id > fromId);
      return ms <= untilMs && isBehind;
    })
    .toSorted((a, b) => a.expires_at_ms - b.expires_at_ms || (a.reservation_id < b.reservation_id ? -1 : 1))
    .slice(0, numberAt(values, 5))
    .map(({ reservation_id, expires_at_ms }) => {
      const row = committed.reservations.get(reservation_id);
      const reservation = row ? reservationOut(row) : noReservation;
      return { hold_id: binary(reservation_id), due_at_ms: expires_at_ms, ...reservation };
    });
};

export const lookStatements: Readonly<Record<string, Query>> = {
  'find-ledgers': findLedgers,
  'list-ledgers-of-partition': listLedgersOfPartition,
  'list-shows': listShows,
  'find-reservations': findReservations,
  'find-known-requests': findKnownRequests,
  'find-parked-requests': findParkedRequests,
  'find-parked-of-partition': findParkedOfPartition,
  'count-attempts': countAttempts,
  'find-request-keys': findRequestKeys,
  'find-due-holds': findDueHolds,
};
