import type { AuditSource, DecisionPosition } from '../../src/audit/contract.ts';
import type { JournalEntry } from '../../src/domain/decisions.ts';
import type { RequestId, ReservationId } from '../../src/domain/ids.ts';
import type { ShowLedger } from '../../src/domain/ledger.ts';
import { compareStreamIds, newStreamId } from '../../src/domain/stream-id.ts';
import { journalEntryOf } from '../../src/store/rows/journal-row.ts';
import { ledgersOf } from '../../src/store/rows/ledger-row.ts';
import { reservationOf } from '../../src/store/rows/reservation-row.ts';
import type { MemoryDatabase } from './memory-database.ts';
import type { MemoryLogServer } from './memory-log.ts';
import { journalOut, ledgerRows, reservationOut } from './memory-store/driver-rows.ts';
import type { Tables } from './memory-store/tables.ts';
import { progressOf } from './progress.ts';
import { requestIdIn } from './request-id-in.ts';

export interface AuditedSystem {
  readonly partitions: number;
  readonly database: MemoryDatabase;
  readonly log: MemoryLogServer;
  /** Whether Redis ever returned to an older state. */
  readonly wentBack: boolean;
  readonly clockWentBack: boolean;
}

/** The auditor's source when the servers are in memory and nothing is in progress. */
export const auditSourceOf = (audited: AuditedSystem): AuditSource => {
  const { partitions, database, log, wentBack, clockWentBack } = audited;
  const { tables } = database;
  const numbers = Array.from({ length: partitions }, (_, partition) => partition);
  const journals = numbers.map((partition) => journalOf(tables, partition));
  const places = placesOf(journals);
  return {
    partitions: async () =>
      numbers.map((partition) => ({
        partition,
        progress: progressOf(tables, partition),
        wentBack,
        clockWentBack,
      })),
    journal: async (partition, { after, limit }) =>
      (journals[partition] ?? []).filter(({ position }) => position > after).slice(0, limit),
    reservations: async (ids) => found(ids, (id) => reservationIn(tables, id)),
    holds: async (ids) => found(ids, (id) => tables.holds.get(hexOf(id))?.expires_at_ms),
    laterDecisions: async (partition, decisions) =>
      new Set(
        decisions.flatMap(({ reservationId, position }) => {
          const rows = tables.reservationDecisions.group('reservation', hexOf(reservationId));
          return rows.some((row) => row.partition_id === partition && row.position === position)
            ? position
            : [];
        }),
      ),
    keys: async (hashes) => found(hashes, (hash) => requestIdIn(tables.requestKeys.get(hash)?.request_id)),
    ledgers: async (partition) => ledgersIn(tables, partition),
    decided: async (ids) => found(ids, (id) => places.get(id)),
    parked: async (partition) => parkedIn(tables, partition),
    counts: async (partition) => countsOf(tables, partition),
    stream: async (partition, { after, limit }) =>
      log
        .entries(partition)
        .filter(({ streamId }) => compareStreamIds(streamId, after) > 0)
        .slice(0, limit),
  };
};

const journalOf = (tables: Tables, partition: number): readonly JournalEntry[] =>
  tables.journal
    .group('partition', String(partition))
    .toSorted((a, b) => a.position - b.position)
    .map((row) => journalEntryOf(journalOut(row)));

const placesOf = (journals: readonly (readonly JournalEntry[])[]): Map<RequestId, DecisionPosition[]> => {
  const places = new Map<RequestId, DecisionPosition[]>();
  for (const [partition, entries] of journals.entries()) {
    for (const { requestId, position, streamId, late } of entries) {
      if (!requestId) continue;
      const place = { partition, position, ...(streamId && { streamId }), late };
      places.set(requestId, [...(places.get(requestId) ?? []), place]);
    }
  }
  return places;
};

const found = <Key, Value>(keys: readonly Key[], find: (key: Key) => Value | undefined): Map<Key, Value> =>
  new Map(
    keys.flatMap((key): readonly (readonly [Key, Value])[] => {
      const value = find(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );

const hexOf = (id: string): string => id.replaceAll('-', '');

const reservationIn = (tables: Tables, id: ReservationId) => {
  const row = tables.reservations.get(hexOf(id));
  return row && reservationOf(reservationOut(row));
};

const ledgersIn = (tables: Tables, partition: number): readonly ShowLedger[] => [
  ...ledgersOf(ledgerRows(tables, tables.shows.group('partition', String(partition)))).values(),
];

const parkedIn = ({ parked }: Tables, partition: number) =>
  [...parked.all()]
    .filter((row) => row.partition_id === partition)
    .map((row) => {
      const requestId = requestIdIn(row.request_id);
      return { streamId: newStreamId(row.stream_ms, row.stream_seq), ...(requestId && { requestId }) };
    });

const countsOf = ({ reservations, holds, reservationDecisions }: Tables, partition: number) => {
  const own = (rows: Iterable<{ readonly partition_id: number }>): number =>
    [...rows].filter((row) => row.partition_id === partition).length;
  return {
    reservations: own(reservations.all()),
    holds: own(holds.all()),
    laterDecisions: own(reservationDecisions.all()),
  };
};
