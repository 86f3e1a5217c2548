import { requestIdOf } from '../domain/requests.ts';
import { pendingReservation } from '../domain/reservation.ts';
import type { ReadEntry } from '../log/contract.ts';
import type { ParkedEntry } from '../store/contract.ts';

/** An entry set aside, with all that is needed to look at it and to send it again. */
export const parkedEntry = (
  { streamId, content }: ReadEntry,
  reason: Pick<ParkedEntry, 'why' | 'parkedAtMs' | 'attempts'>,
): ParkedEntry => {
  const request = content.type === 'request' ? content.request : undefined;
  const requestId = request
    ? requestIdOf(request)
    : content.type === 'broken'
      ? content.requestId
      : undefined;
  // It was accepted, so it must be found.
  const reservation =
    request?.type === 'ReservationRequested' ? pendingReservation(request, streamId) : undefined;
  return {
    streamId,
    ...(requestId && { requestId }),
    ...(reservation && { reservation }),
    raw: content.type === 'broken' ? content.raw : Buffer.from(JSON.stringify(request)),
    ...reason,
  };
};
