import type { RequestId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import type { KnownRequest } from './contract.ts';
import { hexOf } from './parameter.ts';
import { read } from './read.ts';
import { readLedgers } from './read-ledgers.ts';
import { reservationOf } from './reservation-row.ts';
import { isNull, type Row, reservationIdIn, showIdIn } from './row.ts';
import { sentence } from './sentence.ts';
import type { Sessions } from './sessions.ts';

const findKnownRequests = sentence('find-known-requests');

export const readKnownRequests = async (
  sessions: Sessions,
  requestIds: readonly RequestId[],
): Promise<ReadonlyMap<RequestId, KnownRequest>> => {
  if (requestIds.length === 0) return new Map();
  const ids = JSON.stringify([...new Set(requestIds)].map(hexOf));
  const rows = await read(sessions, (session) => session.rows(findKnownRequests, [ids]));
  const opened = rows.filter((row) => !isNull(row, 'opened_id')).map((row) => showIdIn(row, 'opened_id'));
  const ledgers = await readLedgers(sessions, opened);
  const shows = new Map(ledgers.map((show) => [show.showId, show]));
  return new Map(rows.map((row) => [reservationIdIn(row, 'request_id'), knownOf(row, shows)]));
};

const knownOf = (row: Row, shows: ReadonlyMap<RequestId, ShowLedger>): KnownRequest => {
  if (!isNull(row, 'id')) {
    const reservation = reservationOf(row);
    return reservation.status === 'pending' ? { type: 'parked' } : { type: 'reservation', reservation };
  }
  const show = shows.get(reservationIdIn(row, 'request_id'));
  return show ? { type: 'show', show } : { type: 'parked' };
};
