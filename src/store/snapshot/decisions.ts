import { Buffer } from 'node:buffer';
import { and, eq, gt } from 'drizzle-orm';
import type { JournalEntry } from '../../domain/decisions.ts';
import type { RequestId, ReservationId } from '../../domain/ids.ts';
import { beforeAll, type StreamId } from '../../domain/stream-id.ts';
import type { Progress } from '../contract.ts';
import { readable, readableValue } from '../database/column-types.ts';
import { bytesIn, isNull, numberIn, type Row, requestIdIn, streamIdIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { halvesOf, hexOf } from '../database/parameters.ts';
import { newQuery, plainNumber } from '../database/queries.ts';
import type { Session } from '../database/session.ts';
import { tryDecode } from '../database/try-decode.ts';
import { type JournalColumns, journalColumns, journalEntryFrom } from '../rows/journal-row.ts';
import { type ProgressColumns, progressColumns, progressFrom } from '../rows/partition-state.ts';
import { journal, partitions } from '../schema.ts';
import type { Faults } from './faults.ts';

const findDecisionsOfRequests = loadSql('snapshot/find-decisions-of-requests');
const findLaterDecisions = loadSql('snapshot/find-later-decisions');
const findRequestKeys = loadSql('read/find-request-keys');
const listParkedKeys = loadSql('snapshot/list-parked-keys');

const listProgress = newQuery({}, (db) =>
  db
    .select({ partition: partitions.id, ...progressColumns })
    .from(partitions)
    .orderBy(partitions.id),
);

export const listJournal = newQuery(
  { partition: journal.partitionId, after: journal.position, limit: plainNumber },
  (db, { partition, after, limit }) =>
    db
      .select(journalColumns)
      .from(journal)
      .where(and(eq(journal.partitionId, partition), gt(journal.position, after)))
      .orderBy(journal.position)
      .limit(limit),
);

/** The reads of a snapshot about decisions, and about parked entries, which have none. */
export const decisionsIn = (session: Session, faults: Faults) => ({
  partitions: async (): Promise<readonly { readonly partition: number; readonly progress: Progress }[]> =>
    (await listProgress.rows(session, {})).map(readable).map(partitionOf),

  /**
   * In order of position, after `after`. Decisions that cannot be read are left out and recorded as faults.
   * Empty only at the end.
   */
  journal: async (
    partition: number,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<readonly JournalEntry[]> => {
    for (let from = after; ; ) {
      const rows = await listJournal.rows(session, { partition, after: from, limit });
      const entries = rows.flatMap((row) => entryIn(row, partition, faults));
      const last = rows.at(-1);
      if (entries.length > 0 || !last) return entries;
      from = readableValue(last.position);
    }
  },

  /** All decisions on each of these requests, in any partition; absent = none. */
  decided: async (ids: readonly RequestId[]): Promise<ReadonlyMap<RequestId, readonly DecisionRecord[]>> => {
    const rows = await session.rows(findDecisionsOfRequests, [JSON.stringify(ids.map(hexOf))]);
    const records = new Map<RequestId, DecisionRecord[]>();
    for (const row of rows) {
      const id = requestIdIn(row, 'request_id');
      records.set(id, [...(records.get(id) ?? []), decisionRecordOf(row)]);
    }
    return records;
  },

  /** The positions among these that their reservations refer to in reservation_decisions. */
  laterDecisions: async (
    partition: number,
    decisions: readonly { readonly reservationId: ReservationId; readonly position: number }[],
  ): Promise<ReadonlySet<number>> => {
    const asked = decisions.map(({ reservationId, position }) => [hexOf(reservationId), position]);
    const rows = await session.rows(findLaterDecisions, [JSON.stringify(asked), String(partition)]);
    return new Set(rows.map((row) => numberIn(row, 'position')));
  },

  /** The request that each key belongs to, by the key's hash, however old the key is. */
  keys: async (hashes: readonly string[]): Promise<ReadonlyMap<string, RequestId>> => {
    const rows = await session.rows(findRequestKeys, [JSON.stringify(hashes), '0']);
    return new Map(
      rows.map((row) => [bytesIn(row, 'key_hash').toString('hex'), requestIdIn(row, 'request_id')]),
    );
  },

  parked: (partition: number): Promise<readonly ParkedSummary[]> => allParked(session, partition),
});

const entryIn = (row: JournalColumns, partition: number, faults: Faults): readonly JournalEntry[] => {
  const decoded = tryDecode('its decision', () => journalEntryFrom(readable(row)));
  if (decoded.type === 'read') return [decoded.value];
  faults.set(`position ${readableValue(row.position)} of partition ${partition}`, decoded.why);
  return [];
};

interface DecisionRecord {
  readonly partition: number;
  readonly position: number;
  readonly streamId: StreamId;
  readonly late: boolean;
}

const decisionRecordOf = (row: Row): DecisionRecord => ({
  partition: numberIn(row, 'partition_id'),
  position: numberIn(row, 'position'),
  streamId: streamIdIn(row, 'stream'),
  late: numberIn(row, 'late') === 1,
});

const partitionOf = ({ partition, ...row }: ProgressColumns & { readonly partition: number }) => ({
  partition,
  progress: progressFrom(row),
});

interface ParkedSummary {
  readonly streamId: StreamId;
  readonly requestId?: RequestId;
  readonly isDismissed: boolean;
}

const parkedOf = (row: Row): ParkedSummary => ({
  streamId: streamIdIn(row, 'stream'),
  ...(!isNull(row, 'request_id') && { requestId: requestIdIn(row, 'request_id') }),
  isDismissed: !isNull(row, 'dismissed_at_ms'),
});

const parkedAtOnce = 1_000;

const allParked = async (session: Session, partition: number): Promise<readonly ParkedSummary[]> => {
  const parked: ParkedSummary[] = [];
  let [ms, seq] = halvesOf(beforeAll);
  let sha: Buffer = Buffer.alloc(32);
  for (;;) {
    const after = [ms, ms, seq, ms, seq, sha];
    const rows = await session.rows(listParkedKeys, [String(partition), ...after, String(parkedAtOnce)]);
    parked.push(...rows.map(parkedOf));
    const last = rows.at(-1);
    if (!last || rows.length < parkedAtOnce) return parked;
    [ms, seq] = halvesOf(streamIdIn(last, 'stream'));
    sha = bytesIn(last, 'sha256');
  }
};
