import { isDeepStrictEqual } from 'node:util';
import type { JournalEntry } from '../../domain/decisions.ts';
import type { ShowLedger } from '../../domain/ledger.ts';
import type { Reservation } from '../../domain/reservation.ts';
import type { Notes } from '../state/notes.ts';

interface Context {
  readonly notes: Notes;
  /** The reservation of the entry, and its show, as they are after the entry. */
  readonly reservation: Reservation | undefined;
  readonly ledger: ShowLedger | undefined;
}

/**
 * Runs after the entry was replayed: the state that the entry records must be the replayed state. Older
 * builds recorded none.
 */
export const judgeAfter = (entry: JournalEntry, { notes, reservation, ledger }: Context): void => {
  const { poolsAfter = [], reservationAfter, requestId, position } = entry;
  const about = requestId ?? reservation?.id ?? `position ${position}`;
  const note = (kept: unknown, given: unknown): void => {
    if (isDeepStrictEqual(kept, given)) return;
    const sides = `keeps ${JSON.stringify(kept)}, and the journal gives ${JSON.stringify(given)}`;
    notes.note('disagreeing', about, `${sides} after position ${position}`);
  };
  for (const kept of poolsAfter) {
    const pool = ledger?.pools.find(({ id }) => id === kept[0]);
    note(kept, pool && [pool.id, pool.held, pool.confirmed, pool.capacity]);
  }
  if (!reservationAfter || !reservation) return;
  const stood = new Map<string, unknown>(Object.entries(reservation));
  const given = Object.keys(reservationAfter).map((member) => [member, stood.get(member)]);
  note(reservationAfter, Object.fromEntries(given));
};
