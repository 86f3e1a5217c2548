import { movesCapacity, poolsMoved, reservationAfter } from '../../domain/after.ts';
import type { Decision, JournalEntry } from '../../domain/decisions.ts';
import type { ReservationId, ShowId } from '../../domain/ids.ts';
import type { ShowLedger } from '../../domain/ledger.ts';
import type { Reservation } from '../../domain/reservation.ts';

/** The state while a batch is being decided; parts of it are stored with the decisions for readers of the journal. */
export interface BatchState {
  readonly journal: JournalEntry[];
  readonly ledgers: ReadonlyMap<ShowId, ShowLedger>;
  readonly reservations: ReadonlyMap<ReservationId, Reservation>;
  readonly counted: Map<ShowId, Counted>;
}

/** A show after the last decision that moved its numbers, and the index of that decision in `journal`. */
interface Counted {
  readonly ledger: ShowLedger;
  readonly index: number;
}

/** Pool numbers are filled in at the end of the batch, except those that cannot be derived from later movements. */
export const stateAfter = (
  draft: BatchState,
  decision: Decision,
): Pick<JournalEntry, 'poolsAfter' | 'reservationAfter'> => {
  const { showId } = decision;
  const id = 'reservationId' in decision ? decision.reservationId : undefined;
  const reservation = id && reservationAfter(decision, draft.reservations.get(id));
  const state = reservation && { reservationAfter: reservation };
  const ledger = showId && draft.ledgers.get(showId);
  const before = ledger && draft.counted.get(ledger.showId);
  if (!ledger || ledger === before?.ledger) return { ...state };
  draft.counted.set(ledger.showId, { ledger, index: draft.journal.length });
  if (!movesCapacity(decision, ledger)) return { ...state };
  if (before) keepNumbers(draft.journal, before);
  return { ...state, poolsAfter: poolsMoved(undefined, ledger) };
};

/** A capacity before it moved cannot be derived from what follows, so the decision in front keeps its numbers too. */
const keepNumbers = (journal: JournalEntry[], { ledger, index }: Counted): void => {
  const entry = journal[index];
  if (entry && !entry.poolsAfter) journal[index] = { ...entry, poolsAfter: poolsMoved(undefined, ledger) };
};

/** Fills in a show's pool numbers once, at the last decision that moved them. */
export const putNumbersIn = (
  { journal, counted }: BatchState,
  before: ReadonlyMap<ShowId, ShowLedger>,
): void => {
  for (const [showId, { ledger, index }] of counted) {
    const entry = journal[index];
    if (!entry || entry.poolsAfter) continue;
    const pools = poolsMoved(before.get(showId), ledger);
    if (pools.length > 0) journal[index] = { ...entry, poolsAfter: pools };
  }
};
