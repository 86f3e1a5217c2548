import type { AuditSource } from '../../../src/audit/contract.ts';
import type { JournalEntry } from '../../../src/domain/decisions.ts';
import type { RequestId } from '../../../src/domain/ids.ts';
import { compareStreamIds } from '../../../src/domain/stream-id.ts';
import type { ReadEntry } from '../../../src/log/contract.ts';
import { journalEntryOf } from '../../../src/store/journal-row.ts';
import { ledgersOf } from '../../../src/store/ledger-row.ts';
import { hexOf } from '../../../src/store/parameter.ts';
import { reservationOf } from '../../../src/store/reservation-row.ts';
import { numberIn, requestIdIn, reservationIdIn, streamIdIn } from '../../../src/store/row.ts';
import { loadTables, type TablesCopy } from './copy-tables.ts';
import { journalOut, ledgerRows, reservationOut } from './driver-rows.ts';
import { binary } from './parameters.ts';
import { newTables, type Tables } from './tables.ts';

/** What lies on a partition's stream, in order. */
type EntriesOf = (partition: number) => readonly ReadEntry[];

/** A snapshot of the database in memory, and the streams as they are, for the audit. */
export const auditSourceOf = (snapshot: TablesCopy, entriesOf: EntriesOf): AuditSource => {
  const tables = newTables();
  loadTables(tables, snapshot);
  const journals = new Map<number, readonly JournalEntry[]>();
  const journalOf = (partition: number): readonly JournalEntry[] => {
    const journal = journals.get(partition) ?? readJournal(tables, partition);
    journals.set(partition, journal);
    return journal;
  };
  return {
    ...rowsIn(tables),
    ...listsIn(tables),
    journal: async (partition, { after, limit }) => {
      const behind = journalOf(partition).filter(({ position }) => position > after);
      return behind.slice(0, limit);
    },
    stream: async (partition, { after, limit }) =>
      entriesOf(partition)
        .filter(({ streamId }) => compareStreamIds(streamId, after) > 0)
        .slice(0, limit),
  };
};

const readJournal = ({ journal }: Tables, partition: number): readonly JournalEntry[] =>
  journal
    .group('partition', String(partition))
    .toSorted((a, b) => a.position - b.position)
    .map((row) => journalEntryOf(journalOut(row)));

const rowsIn = ({
  reservations,
  holds,
  journal,
}: Tables): Pick<AuditSource, 'reservations' | 'holds' | 'decided'> => ({
  reservations: async (ids) =>
    picked(ids, (hex) => {
      const row = reservations.get(hex);
      return row && reservationOf(reservationOut(row));
    }),
  holds: async (ids) => picked(ids, (hex) => holds.get(hex)?.expires_at_ms),
  decided: async (ids) => new Set(ids.filter((id) => journal.byUnique(hexOf(id)) !== undefined)),
});

const picked = <Id extends RequestId, Value>(
  ids: readonly Id[],
  find: (hex: string) => Value | undefined,
): ReadonlyMap<Id, Value> => {
  const found = new Map<Id, Value>();
  for (const id of ids) {
    const value = find(hexOf(id));
    if (value !== undefined) found.set(id, value);
  }
  return found;
};

const listsIn = (
  tables: Tables,
): Pick<AuditSource, 'partitions' | 'laterDecisions' | 'ledgers' | 'parked' | 'counts'> => ({
  partitions: async () =>
    [...tables.partitions.all()].map((row) => ({
      partition: row.id,
      progress: {
        position: numberIn(row, 'position'),
        watermark: streamIdIn(row, 'watermark'),
        clockMs: numberIn(row, 'clock_ms'),
      },
    })),
  laterDecisions: async (partition, { after, limit }) =>
    ofPartition(tables.reservationDecisions.all(), partition)
      .filter(({ position }) => position > after)
      .toSorted((a, b) => a.position - b.position)
      .slice(0, limit)
      .map(({ reservation_id, position }) => ({
        position,
        reservationId: reservationIdIn({ id: binary(reservation_id) }, 'id'),
      })),
  ledgers: async (partition) =>
    ledgersOf(ledgerRows(tables, tables.shows.group('partition', String(partition)))),
  parked: async (partition) =>
    ofPartition(tables.parked.all(), partition).map((row) => ({
      streamId: streamIdIn({ ...row }, 'stream'),
      ...(row.request_id !== null && { requestId: requestIdIn({ id: binary(row.request_id) }, 'id') }),
    })),
  counts: async (partition) => ({
    reservations: ofPartition(tables.reservations.all(), partition).length,
    holds: tables.holds.group('partition', String(partition)).length,
    laterDecisions: ofPartition(tables.reservationDecisions.all(), partition).length,
  }),
});

const ofPartition = <R extends { readonly partition_id: number }>(
  rows: Iterable<R>,
  partition: number,
): readonly R[] => [...rows].filter(({ partition_id }) => partition_id === partition);
