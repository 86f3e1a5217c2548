import type { Decision, JournalEntry, ShowOpened } from '../domain/decisions.ts';
import type { ReservationId, ShowId } from '../domain/ids.ts';
import { halvesOf, hexOf } from './parameter.ts';
import { isNull, numberIn, type Row, reservationIdIn, showIdIn, streamIdIn, textIn } from './row.ts';

/** What insert-journal.sql takes: one element an entry, in its order. */
export const journalElement = (entry: JournalEntry): readonly unknown[] => [
  entry.position,
  hexOf(entry.requestId),
  entry.decision.type,
  hexOf(entry.decision.showId),
  ...halvesOf(entry.streamId),
  entry.decidedAtMs,
  entry.late ? 1 : 0,
  JSON.stringify(dataOf(entry.decision)),
];

/** What the other columns do not hold. A reservation's id is the request id of its first decision. */
const dataOf = (decision: Decision): object => {
  switch (decision.type) {
    case 'ShowOpened': {
      const { name, pools, rules } = decision;
      return { name, pools, rules };
    }
    case 'ReservationConfirmed': {
      const { customerId, lines, reference } = decision;
      return { customerId, lines, reference };
    }
    case 'ReservationRejected': {
      const { customerId, lines, reference, reason, poolId } = decision;
      return { customerId, lines, reference, reason, poolId };
    }
  }
};

export const journalEntryOf = (row: Row): JournalEntry => {
  if (isNull(row, 'request_id')) throw new Error(`decision ${String(row['position'])} names no request`);
  return {
    position: numberIn(row, 'position'),
    requestId: reservationIdIn(row, 'request_id'),
    streamId: streamIdIn(row, 'stream'),
    decidedAtMs: numberIn(row, 'decided_at_ms'),
    late: numberIn(row, 'late') === 1,
    decision: parseDecision(textIn(row, 'type'), textIn(row, 'data'), {
      showId: showIdIn(row, 'show_id'),
      reservationId: reservationIdIn(row, 'request_id'),
    }),
  };
};

type Ids = { readonly showId: ShowId; readonly reservationId: ReservationId };
type DataOf<T extends Decision> = Omit<T, 'type' | keyof Ids>;

/** Trusts the JSON: it was written by journalElement and the journal is never changed. */
const parseDecision = (type: string, data: string, ids: Ids): Decision => {
  switch (type) {
    case 'ShowOpened':
      return { type, showId: ids.showId, ...(JSON.parse(data) as DataOf<ShowOpened>) };
    case 'ReservationConfirmed':
      return { type, ...ids, ...(JSON.parse(data) as DataOf<Extract<Decision, { type: typeof type }>>) };
    case 'ReservationRejected':
      return { type, ...ids, ...(JSON.parse(data) as DataOf<Extract<Decision, { type: typeof type }>>) };
    default:
      throw new Error(`the journal holds a ${type}, which this version does not know: upgrade`);
  }
};
