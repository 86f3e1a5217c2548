import { createHash } from 'node:crypto';
import type { RequestId } from '../domain/ids.ts';
import { parseStreamId, type StreamId } from '../domain/stream-id.ts';
import { bytesIn, isNull, numberIn, parsedIn, type Row, requestIdIn, streamIdIn, textIn } from './row.ts';

/** Where a parked entry is found. A stream id may be given out twice, by a Redis that went back: hence the hash. */
export interface ParkedPlace {
  readonly partition: number;
  readonly streamId: StreamId;
  /** Of the whole entry. */
  readonly sha256: Buffer;
}

/** What became of a parked entry. */
export type ParkedState =
  /** Nothing: it waits for somebody to look. */
  | 'waiting'
  /** It was being sent again when that was cut off: it may be on the stream, or not. */
  | 'sending'
  /** It was sent again; nothing was decided yet. */
  | 'sent'
  /** It was sent again, and set aside once more under its new stream id. */
  | 'parked-again'
  /** Somebody has said that nothing is to be done about it. */
  | 'dismissed'
  /** Its request has a decision. */
  | 'decided';

const states: Readonly<Record<ParkedState, true>> = {
  waiting: true,
  sending: true,
  sent: true,
  'parked-again': true,
  dismissed: true,
  decided: true,
};

export const parseParkedState = (text: string): ParkedState | undefined =>
  Object.hasOwn(states, text) ? (text as ParkedState) : undefined;

export interface Dismissal {
  readonly atMs: number;
  readonly by: string;
  readonly because: string;
}

export interface ParkedRecord extends ParkedPlace {
  readonly requestId?: RequestId;
  /** As far as it was asked for and kept. */
  readonly raw: Buffer;
  /** How much of it is kept. */
  readonly bytes: number;
  readonly reason: string;
  readonly attempts: number;
  readonly parkedAtMs: number;
  readonly state: ParkedState;
  /** Where it stands on the stream again. */
  readonly redrivenAs?: StreamId;
  readonly dismissal?: Dismissal;
  /** What was decided, and where that entry stands. */
  readonly decision?: { readonly type: string; readonly streamId: StreamId };
}

export const parkedRecordOf = (row: Row): ParkedRecord => {
  const redrivenAs = isNull(row, 'redriven_as') ? undefined : parseStreamId(textIn(row, 'redriven_as'));
  return {
    partition: numberIn(row, 'partition_id'),
    streamId: streamIdIn(row, 'stream'),
    sha256: bytesIn(row, 'sha256'),
    ...(!isNull(row, 'request_id') && { requestId: requestIdIn(row, 'request_id') }),
    raw: bytesIn(row, 'raw'),
    bytes: numberIn(row, 'bytes'),
    reason: textIn(row, 'reason'),
    attempts: numberIn(row, 'attempts'),
    parkedAtMs: numberIn(row, 'parked_at_ms'),
    state: parsedIn(row, 'state', parseParkedState),
    ...(redrivenAs && { redrivenAs }),
    ...(!isNull(row, 'dismissed_at_ms') && { dismissal: dismissalOf(row) }),
    ...(!isNull(row, 'decision') && {
      decision: { type: textIn(row, 'decision'), streamId: streamIdIn(row, 'decided') },
    }),
  };
};

const dismissalOf = (row: Row): Dismissal => ({
  atMs: numberIn(row, 'dismissed_at_ms'),
  by: textIn(row, 'dismissed_by'),
  because: textIn(row, 'dismissed_because'),
});

/** False for an entry that was cut when it was parked: what is left of it is not what was sent. */
export const isWhole = ({ raw, sha256 }: ParkedRecord): boolean =>
  createHash('sha256').update(raw).digest().equals(sha256);
