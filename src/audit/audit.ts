import { parseReservationId, type RequestId } from '../domain/ids.ts';
import { compareTables } from './compare-tables.ts';
import type { AuditedPartition, AuditReport, AuditSource, Operation } from './contract.ts';
import { journalPages } from './journal-pages.ts';
import { judgeCustomer } from './judges/judge-customer.ts';
import { endsOf, judgeOperations } from './judges/judge-operations.ts';
import { replayJournal } from './replay-journal.ts';
import { scanStream } from './scan-stream.ts';
import type { AuditRun } from './state/audit-run.ts';
import { type Customers, countCustomer, newCustomers, type UncountedShows } from './state/customers.ts';
import { newReported, noteUnproven } from './state/known-requests.ts';
import { newNotes } from './state/notes.ts';
import { newParking, type Parking } from './state/parking.ts';
import { newWaiting } from './state/waiting.ts';

export interface AuditOptions {
  /**
   * The number of entries that are checked together. A reservation stays in memory after its page only if its
   * row does not agree yet.
   */
  readonly pageEntries?: number;
  /**
   * The maximum number of customers whose places are kept in memory, about 150 bytes each; a show with more
   * customers may exceed it. Customers that do not fit are judged by reading the journal of the partition
   * again, one reading for each `customersMax` customers of shows with limits.
   */
  readonly customersMax?: number;
}

/**
 * Checks whether every promise was kept. First reads the journal once from its beginning, judges each
 * decision by those before it, and compares the tables page by page. Then reads the streams, and what clients
 * report about their calls.
 *
 * Memory grows with shows, live holds, parked entries, operations and disagreeing rows, but not with the
 * journal. The customers in memory are limited. Throws what the source throws.
 */
export const audit = async (
  source: AuditSource,
  operations: Iterable<Operation> = [],
  { pageEntries = 1_000, customersMax = 1_000_000 }: AuditOptions = {},
): Promise<AuditReport> => {
  const partitions = await source.partitions();
  const auditing = newAuditing(source, partitions, { pageEntries, customersMax });
  const ends = endsOf(auditing, operations);
  const waiting = newWaiting(ends);
  const parked = new Set<RequestId>();
  for (const audited of partitions) {
    const parking = newParking(await source.parked(audited.partition));
    for (const requestId of parking.requests) parked.add(requestId);
    await auditTables(auditing, audited, parking);
    await scanStream({ auditing, audited, parking, waiting });
  }
  noteUnproven(auditing.reported, auditing.notes);
  await judgeOperations(auditing, ends, { parked, waiting });
  return { ...auditing.notes.report(), looked: auditing.looked };
};

const newAuditing = (
  source: AuditSource,
  partitions: readonly AuditedPartition[],
  options: Required<AuditOptions>,
): AuditRun => ({
  source,
  ...options,
  notes: newNotes(),
  reported: newReported(),
  arrivals: new Map(),
  lost: new Set(),
  clockMs: partitions.reduce((latest, { progress }) => Math.max(latest, progress.clockMs), 0),
  looked: {
    partitions: partitions.length,
    entries: 0,
    decisions: 0,
    reservations: 0,
    shows: 0,
    parked: 0,
    dismissed: 0,
    late: 0,
    raised: 0,
    operations: 0,
  },
});

const auditTables = async (
  auditing: AuditRun,
  audited: AuditedPartition,
  parking: Parking,
): Promise<void> => {
  const { source, notes, looked } = auditing;
  const { partition } = audited;
  const replay = await replayJournal(auditing, audited, parking);
  await readAgain(auditing, partition, replay.customers);
  const parkedIds = [...parking.requests].flatMap((id) => parseReservationId(id) ?? []);
  await compareTables(auditing, { partition, replay, parkedIds });
  for (const position of (await source.supersededCommits?.(partition)) ?? [])
    notes.note('unfenced', `position ${position} of partition ${partition}`, 'its claim was superseded');
  for (const { about, what } of (await source.faults?.(partition)) ?? [])
    notes.note('disagreeing', about, what);
  looked.reservations += replay.made;
  looked.shows += replay.ledgers.size;
  looked.parked += parking.entries.size - parking.dismissed;
  looked.dismissed += parking.dismissed;
};

/** Judges the customers that did not fit into memory: reads the journal again until none is left. */
const readAgain = async (
  auditing: AuditRun,
  partition: number,
  { unread, limited, customersMax }: Customers,
): Promise<void> => {
  let only = withLimits(unread, limited);
  while (only.shows.size > 0) {
    const customers = newCustomers(customersMax, only);
    for await (const page of journalPages(auditing, partition))
      for (const entry of page) {
        const refused = only.lateConfirms.get(entry.position);
        judgeCustomer(customers, entry, { notes: auditing.notes, refused });
        countCustomer(customers, entry);
      }
    only = customers.unread;
  }
};

/** Shows that never had a limit need no second reading. */
const withLimits = (
  { shows, lateConfirms }: UncountedShows,
  limited: ReadonlySet<string>,
): UncountedShows => ({
  shows: new Map([...shows].filter(([showId]) => limited.has(showId))),
  lateConfirms,
});
