import type { Decision } from '../../domain/decisions.ts';
import type { RequestId, ReservationId, ShowId } from '../../domain/ids.ts';
import type { ShowLedger } from '../../domain/ledger.ts';
import { answerTo, reservationInAnswer } from '../../domain/outcome.ts';
import type { Reservation } from '../../domain/reservation.ts';
import type { KnownRequest, Lookup } from '../contract.ts';
import { isNull, type Row, requestIdIn, reservationIdIn, showIdIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { hexOf } from '../database/parameters.ts';
import { readWithRetry } from '../database/read-with-retry.ts';
import type { Sessions } from '../database/session-pool.ts';
import { tryDecode } from '../database/try-decode.ts';
import { journalEntryOf } from '../rows/journal-row.ts';
import { readLedgers } from './read-ledgers.ts';
import { readReservationsByIds } from './read-reservations.ts';

const findKnownRequests = loadSql('read/find-known-requests');

/** What is recorded about a request, before the reservation and the show that it names are read. */
interface RequestRecord {
  readonly requestId: RequestId;
  /** The reservation or show that the request made or opened, or that its decision names. */
  readonly reservationId?: ReservationId | undefined;
  readonly showId?: ShowId | undefined;
  /** The decision on a request about something that existed before. */
  readonly decision?: Decision;
}

export const readKnownRequests = async (
  sessions: Sessions,
  requestIds: readonly RequestId[],
): Promise<ReadonlyMap<RequestId, KnownRequest>> => {
  if (requestIds.length === 0) return new Map();
  const ids = JSON.stringify([...new Set(requestIds)].map(hexOf));
  const rows = await readWithRetry(sessions, (session) => session.rows(findKnownRequests, [ids]));
  const decoded = rows.map((row) => {
    const requestId = requestIdIn(row, 'asked_id');
    return [requestId, tryDecode(`decision on ${requestId}`, () => requestRecordOf(row, requestId))] as const;
  });
  const found = decoded.flatMap(([, it]) => (it.type === 'read' ? it.value : []));
  const [reservations, ledgers] = await Promise.all([
    readReservationsByIds(
      sessions,
      found.flatMap(({ reservationId }) => reservationId ?? []),
    ),
    readLedgers(
      sessions,
      found.flatMap(({ showId }) => showId ?? []),
    ),
  ]);
  return new Map(
    decoded.map(([requestId, it]): [RequestId, KnownRequest] => [
      requestId,
      it.type === 'read' ? knownOf(it.value, { reservations, ledgers }) : it,
    ]),
  );
};

const requestRecordOf = (row: Row, requestId: RequestId): RequestRecord => {
  if (!isNull(row, 'reservation_id'))
    return { requestId, reservationId: reservationIdIn(row, 'reservation_id') };
  if (!isNull(row, 'opened_id')) return { requestId, showId: showIdIn(row, 'opened_id') };
  if (isNull(row, 'position')) return { requestId };
  const { decision } = journalEntryOf(row);
  return {
    requestId,
    decision,
    reservationId: reservationInAnswer(decision),
    showId: decision.type === 'ShowChanged' ? decision.showId : undefined,
  };
};

interface ReferencedRows {
  readonly reservations: Lookup<ReservationId, Reservation>;
  readonly ledgers: Lookup<ShowId, ShowLedger>;
}

const knownOf = (
  { requestId, decision, reservationId, showId }: RequestRecord,
  { reservations, ledgers }: ReferencedRows,
): KnownRequest => {
  const why =
    (reservationId && reservations.unreadable.get(reservationId)) ??
    (showId && ledgers.unreadable.get(showId));
  if (why !== undefined) return { type: 'unreadable', why };
  const reservation = reservationId && reservations.get(reservationId);
  const show = showId && ledgers.get(showId);
  if (decision) return answerTo({ requestId, decision }, { reservation, show });
  if (reservation && reservation.status !== 'pending') return { type: 'reservation', reservation };
  return show ? { type: 'show', show } : { type: 'parked' };
};
