import type { RequestId } from '../../domain/ids.ts';
import type { StreamId } from '../../domain/stream-id.ts';
import { loadSql } from '../database/load-sql.ts';
import { bytesOf, halvesOf } from '../database/parameters.ts';
import type { Session } from '../database/session.ts';
import type { Dismissal, ParkedKey } from '../rows/parked-record.ts';

const markParkedSending = loadSql('repair/mark-parked-sending');
const markRequestSending = loadSql('repair/mark-request-sending');
const markRequestRedriven = loadSql('repair/mark-request-redriven');
const dismissParked = loadSql('repair/dismiss-parked');

/** The marks that allow a parked request to be decided after all, and the mark that dismisses it. */
export interface RedriveMarks {
  /** Called before the request is sent. From here on, the request no longer counts as parked. */
  sending(key: ParkedKey, requestId: RequestId): Promise<void>;
  /** Called when the request is on the stream again. */
  redriven(requestId: RequestId, as: StreamId): Promise<void>;
  /** Called when the request was certainly not sent: it counts as parked again. */
  notSent(requestId: RequestId): Promise<void>;
  /**
   * Undefined withdraws a dismissal. False when the entry is not parked any more, or another operator was
   * faster.
   */
  dismiss(key: ParkedKey, dismissal: Dismissal | undefined): Promise<boolean>;
}

export const markRedriven = (session: Session): RedriveMarks => ({
  sending: async ({ partition, streamId, sha256 }, requestId) => {
    const key = [String(partition), ...halvesOf(streamId), sha256];
    const marked = await session.change(markParkedSending, [bytesOf(requestId), ...key]);
    if (marked !== 1)
      throw new Error(`the entry ${partition}/${streamId} is no longer parked, or was dismissed`);
    await session.change(markRequestSending, [bytesOf(requestId)]);
  },
  redriven: async (requestId, as) => {
    await session.change(markRequestRedriven, [as, bytesOf(requestId)]);
  },
  notSent: async (requestId) => {
    await session.change(markRequestRedriven, [null, bytesOf(requestId)]);
  },
  dismiss: async ({ partition, streamId, sha256 }, dismissal) => {
    const values = dismissal ? [String(dismissal.atMs), dismissal.by, dismissal.because] : [null, null, null];
    const key = [String(partition), ...halvesOf(streamId), sha256];
    return (await session.change(dismissParked, [...values, dismissal ? '0' : '1', ...key])) === 1;
  },
});
