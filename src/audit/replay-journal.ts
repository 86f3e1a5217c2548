import { isRaised, type JournalEntry } from '../domain/decisions.ts';
import type { RequestId, ReservationId } from '../domain/ids.ts';
import type { Reservation } from '../domain/reservation.ts';
import { comparePage } from './compare-page.ts';
import type { AuditedPartition } from './contract.ts';
import { journalPages } from './journal-pages.ts';
import { judgeActed } from './judges/judge-acted.ts';
import { judgeAfter } from './judges/judge-after.ts';
import { judgeCapacity } from './judges/judge-capacity.ts';
import { judgeCustomer } from './judges/judge-customer.ts';
import { judgeGiven } from './judges/judge-given.ts';
import { judgeOrder } from './judges/judge-order.ts';
import { judgeRefused } from './judges/judge-refused.ts';
import { judgeTime } from './judges/judge-time.ts';
import type { AuditRun } from './state/audit-run.ts';
import { countCustomer } from './state/customers.ts';
import { watchReported } from './state/known-requests.ts';
import { statusesNeeded } from './state/misfit.ts';
import type { Parking } from './state/parking.ts';
import { newReplay, type Replay, replayEntry } from './state/replay.ts';

/** Reads a partition's journal to its end; judges every entry in its order, and the tables page by page. */
export const replayJournal = async (
  auditing: AuditRun,
  audited: AuditedPartition,
  parking: Parking,
): Promise<Replay> => {
  const { customersMax, looked } = auditing;
  const replay = newReplay(customersMax);
  for await (const page of journalPages(auditing, audited.partition)) {
    looked.decisions += page.length;
    const rows = await rowsOfEvicted(auditing, replay, page);
    for (const entry of page) judgeEntry(replay, entry, { auditing, audited, parking, rows });
    await comparePage(auditing, replay, { partition: audited.partition, page });
  }
  return replay;
};

interface Page {
  readonly auditing: AuditRun;
  readonly audited: AuditedPartition;
  readonly parking: Parking;
  /** Rows of reservations that were evicted because their rows agreed: the row is their state. */
  readonly rows: ReadonlyMap<ReservationId, Reservation>;
}

const judgeEntry = (replay: Replay, entry: JournalEntry, page: Page): void => {
  const { auditing, audited, parking, rows } = page;
  const { notes, reported, looked, arrivals } = auditing;
  const { decision, requestId } = entry;
  const about = 'reservationId' in decision ? decision.reservationId : undefined;
  const reservationNow = () => (about ? (replay.open.get(about) ?? rows.get(about)) : undefined);
  const before = decision.showId ? replay.ledgers.get(decision.showId) : undefined;
  const beside = { notes, reservation: reservationNow() };
  if (entry.late) looked.late += 1;
  if (isRaised(entry)) looked.raised += 1;
  judgeOrder(replay, entry, { notes, audited });
  judgeTime(replay, entry, { ...beside, audited });
  judgeActed(entry, { ...beside, audited, parking, arrivals, rules: before?.rules });
  judgeGiven(replay, entry, beside);
  const refused = judgeRefused(replay, entry, beside);
  judgeCustomer(replay.customers, entry, { notes, refused });
  replayEntry(replay, entry, { notes, reported, rows });
  countCustomer(replay.customers, entry);
  judgeCapacity(replay, entry, { notes, before });
  const ledger = decision.showId ? replay.ledgers.get(decision.showId) : undefined;
  judgeAfter(entry, { notes, reservation: reservationNow(), ledger });
  if (requestId) watchReported(reported, requestId, reservationNow());
};

/**
 * The reservations from earlier pages that this page needs. They are few, because a reservation with
 * decisions to come is usually still open.
 */
const rowsOfEvicted = async (
  { source, reported }: AuditRun,
  { open }: Replay,
  page: readonly JournalEntry[],
): Promise<ReadonlyMap<ReservationId, Reservation>> => {
  const here = new Set<RequestId>();
  const ids = new Set<ReservationId>();
  for (const { decision, requestId } of page) {
    if (requestId) here.add(requestId);
    const about = 'reservationId' in decision ? decision.reservationId : undefined;
    if (!about || here.has(about) || open.has(about)) continue;
    const isTold = requestId !== undefined && reported.unproven.has(requestId);
    if (isTold || statusesNeeded(decision)) ids.add(about);
  }
  return ids.size === 0 ? new Map() : await source.reservations([...ids]);
};
