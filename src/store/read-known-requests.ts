import type { Decision } from '../domain/decisions.ts';
import type { RequestId, ReservationId, ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import { answerTo, reservationToldBy } from '../domain/outcome.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { KnownRequest } from './contract.ts';
import { journalEntryOf } from './journal-row.ts';
import { hexOf } from './parameter.ts';
import { read } from './read.ts';
import { readLedgers } from './read-ledgers.ts';
import { readReservationsByIds } from './read-reservations.ts';
import { isNull, type Row, requestIdIn, reservationIdIn, showIdIn } from './row.ts';
import { sentence } from './sentence.ts';
import type { Sessions } from './sessions.ts';

const findKnownRequests = sentence('find-known-requests');

/** What became of a request, before the things it names are looked at. */
interface Found {
  readonly requestId: RequestId;
  /** The request made this reservation or opened this show, or its decision names them. */
  readonly reservationId?: ReservationId | undefined;
  readonly showId?: ShowId | undefined;
  /** Of a request about something that existed before. */
  readonly decision?: Decision;
}

export const readKnownRequests = async (
  sessions: Sessions,
  requestIds: readonly RequestId[],
): Promise<ReadonlyMap<RequestId, KnownRequest>> => {
  if (requestIds.length === 0) return new Map();
  const ids = JSON.stringify([...new Set(requestIds)].map(hexOf));
  const rows = await read(sessions, (session) => session.rows(findKnownRequests, [ids]));
  const found = rows.map(foundIn);
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
  const shows = new Map(ledgers.map((show) => [show.showId, show]));
  return new Map(
    found.map((it) => [
      it.requestId,
      knownOf(it, it.reservationId && reservations.get(it.reservationId), it.showId && shows.get(it.showId)),
    ]),
  );
};

const foundIn = (row: Row): Found => {
  const requestId = requestIdIn(row, 'asked_id');
  if (!isNull(row, 'reservation_id'))
    return { requestId, reservationId: reservationIdIn(row, 'reservation_id') };
  if (!isNull(row, 'opened_id')) return { requestId, showId: showIdIn(row, 'opened_id') };
  if (isNull(row, 'position')) return { requestId };
  const { decision } = journalEntryOf(row);
  return {
    requestId,
    decision,
    reservationId: reservationToldBy(decision),
    showId: decision.type === 'ShowChanged' ? decision.showId : undefined,
  };
};

const knownOf = (
  { requestId, decision }: Found,
  reservation: Reservation | undefined,
  show: ShowLedger | undefined,
): KnownRequest => {
  if (decision) return answerTo({ requestId, decision }, { reservation, show });
  if (reservation && reservation.status !== 'pending') return { type: 'reservation', reservation };
  return show ? { type: 'show', show } : { type: 'parked' };
};
