import type { JournalEntry } from '../domain/decisions.ts';
import type { PoolId, ReservationId, ShowId } from '../domain/ids.ts';
import { available, deltasOf, type ShowLedger } from '../domain/ledger.ts';
import { type Line, sumLines } from '../domain/lines.ts';
import type { Reservation } from '../domain/reservation.ts';
import { dueHolds } from './due-holds.ts';
import type { Notes } from './notes.ts';
import type { Replay } from './replay.ts';

/** Who was refused for lack of room, and what was asked for. */
interface Refused {
  readonly about: ReservationId;
  readonly showId: ShowId;
  readonly lines: readonly Line[];
  readonly decidedAtMs: number;
}

/** Before the entry is replayed: was there room for what it refuses? */
export const judgeRefusal = (
  replay: Replay,
  entry: JournalEntry,
  { notes, reservation }: { readonly notes: Notes; readonly reservation: Reservation | undefined },
): void => {
  const refused = refusedForRoom(replay, entry, reservation);
  const ledger = refused && replay.ledgers.get(refused.showId);
  if (!refused || !ledger) return;
  const { about, lines, showId, decidedAtMs } = refused;
  const at = `at position ${entry.position}`;
  if (hasRoom(ledger, lines)) return notes.note('undersold', about, `refused ${at} while there was room`);
  const due = dueHolds(replay.holds, showId, decidedAtMs).find((hold) => sharesPool(hold.lines, lines));
  if (due)
    notes.note('undersold', about, `refused ${at} while hold ${due.id} was due since ${due.expiresAtMs}`);
};

const refusedForRoom = (
  { ledgers }: Replay,
  { decision, decidedAtMs }: JournalEntry,
  reservation: Reservation | undefined,
): Refused | undefined => {
  if (decision.type === 'ReservationRejected' && decision.reason === 'sold-out') {
    const { reservationId, showId, lines } = decision;
    return { about: reservationId, showId, lines: sumLines(lines), decidedAtMs };
  }
  if (!isLateConfirmRefused(decision) || reservation?.status !== 'expired') return undefined;
  const { id, showId, lines } = reservation;
  // It may as well have been the customer's limit, and what the customer had by then is not kept here.
  if (ledgers.get(showId)?.rules.maxPerCustomer !== undefined) return undefined;
  return { about: id, showId, lines, decidedAtMs };
};

export const isLateConfirmRefused = (decision: JournalEntry['decision']): boolean =>
  decision.type === 'RequestRefused' &&
  decision.asked === 'ConfirmationRequested' &&
  decision.reason === 'hold-expired';

const hasRoom = (ledger: ShowLedger, lines: readonly Line[]): boolean =>
  lines.every(({ poolId, quantity }) =>
    ledger.pools.some((pool) => pool.id === poolId && available(pool) >= quantity),
  );

const sharesPool = (some: readonly Line[], others: readonly Line[]): boolean =>
  some.some(({ poolId }) => others.some((other) => other.poolId === poolId));

/** After the entry was replayed: a pool that is short of places, and shorter than before it. */
export const judgeCapacity = (
  { ledgers }: Replay,
  { position, decision }: JournalEntry,
  { notes, before }: { readonly notes: Notes; readonly before: ShowLedger | undefined },
): void => {
  const { showId } = decision;
  const after = showId && ledgers.get(showId);
  for (const { poolId, held, confirmed } of deltasOf(decision)) {
    if (held + confirmed <= 0 || after?.pools.some(({ id }) => id === poolId)) continue;
    notes.note('oversold', showId ?? '', `pool ${poolId} at position ${position}: there is no such pool`);
  }
  if (!after || after === before) return;
  for (const pool of after.pools) {
    const free = available(pool);
    if (free < Math.min(0, freeBefore(before, pool.id)))
      notes.note('oversold', after.showId, `pool ${pool.id} at position ${position}: ${-free} too many`);
  }
};

const freeBefore = (ledger: ShowLedger | undefined, poolId: PoolId): number => {
  const pool = ledger?.pools.find(({ id }) => id === poolId);
  return pool ? available(pool) : 0;
};
