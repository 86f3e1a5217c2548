import type { JournalEntry } from '../domain/decisions.ts';
import type { RequestId, ReservationId } from '../domain/ids.ts';
import { changeOf, type Reservation } from '../domain/reservation.ts';
import type { Auditing } from './auditing.ts';
import { comparePage } from './compare-page.ts';
import type { AuditedPartition } from './contract.ts';
import { judgePlace } from './judge-place.ts';
import { isLateConfirmRefused, judgeCapacity, judgeRefusal } from './judge-room.ts';
import { newReplay, type Replay, replayEntry } from './replay.ts';
import { watchTold } from './told.ts';

/** Reads a partition's journal to its end, judging every entry where it stands and the tables page by page. */
export const replayJournal = async (auditing: Auditing, audited: AuditedPartition): Promise<Replay> => {
  const { source, pageEntries, looked } = auditing;
  const replay = newReplay();
  let after = 0;
  for (;;) {
    const page = await source.journal(audited.partition, { after, limit: pageEntries });
    const last = page.at(-1);
    if (!last) return replay;
    if (last.position <= after) throw new Error(`the journal goes back at position ${after}`);
    after = last.position;
    looked.decisions += page.length;
    const rows = await rowsOfForgotten(auditing, replay, page);
    for (const entry of page) judgeEntry(replay, entry, { auditing, audited, rows });
    await comparePage(auditing, replay, { partition: audited.partition, page });
  }
};

interface Page {
  readonly auditing: Auditing;
  readonly audited: AuditedPartition;
  /** Of reservations that were forgotten because their rows agreed: these are what they are. */
  readonly rows: ReadonlyMap<ReservationId, Reservation>;
}

const judgeEntry = (replay: Replay, entry: JournalEntry, { auditing, audited, rows }: Page): void => {
  const { notes, told, looked } = auditing;
  const { decision, requestId } = entry;
  const about = 'reservationId' in decision ? decision.reservationId : undefined;
  const reservationNow = () => about && (replay.open.get(about) ?? rows.get(about));
  const before = decision.showId && replay.ledgers.get(decision.showId);
  if (entry.late) looked.late += 1;
  judgePlace(replay, entry, { notes, audited });
  judgeRefusal(replay, entry, { notes, reservation: reservationNow() });
  replayEntry(replay, entry, { notes, told, rows });
  judgeCapacity(replay, entry, { notes, before });
  if (requestId) watchTold(told, requestId, reservationNow());
};

/** Reservations from before this page that it needs; few, because those with decisions to come are open as a rule. */
const rowsOfForgotten = async (
  { source, told }: Auditing,
  { open }: Replay,
  page: readonly JournalEntry[],
): Promise<ReadonlyMap<ReservationId, Reservation>> => {
  const here = new Set<RequestId>();
  const ids = new Set<ReservationId>();
  for (const { decision, requestId, decidedAtMs } of page) {
    if (requestId) here.add(requestId);
    const about = 'reservationId' in decision ? decision.reservationId : undefined;
    if (!about || here.has(about) || open.has(about)) continue;
    const isTold = requestId !== undefined && told.unproven.has(requestId);
    if (isTold || isLateConfirmRefused(decision) || changeOf(decision, decidedAtMs)) ids.add(about);
  }
  return ids.size === 0 ? new Map() : await source.reservations([...ids]);
};
