import type { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { RequestId } from '../../domain/ids.ts';
import { newStreamId, parseStreamId, type StreamId } from '../../domain/stream-id.ts';
import {
  type ReadableRow,
  readable,
  type SelectedRow,
  type UnreadableValue,
} from '../database/column-types.ts';
import { streamIdFrom } from '../database/parameters.ts';
import { journal, parked } from '../schema.ts';

/** The key of a parked entry. A stream id may be given out twice, by a Redis that went back: hence the hash. */
export interface ParkedKey {
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

export interface ParkedRecord extends ParkedKey {
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

/** What a parked entry is read from, and of the decision on its request, if there is one. */
export const parkedColumns = {
  partition: parked.partitionId,
  streamMs: parked.streamMs,
  streamSeq: parked.streamSeq,
  sha256: parked.sha256,
  requestId: parked.requestId,
  reason: parked.reason,
  attempts: parked.attempts,
  redrivenAs: parked.redrivenAs,
  parkedAtMs: parked.parkedAtMs,
  dismissedAtMs: parked.dismissedAtMs,
  dismissedBy: parked.dismissedBy,
  dismissedBecause: parked.dismissedBecause,
};

export const decisionColumns = {
  decision: journal.type,
  decidedMs: journal.streamMs,
  decidedSeq: journal.streamSeq,
};

type Nullable<Columns> = { readonly [Name in keyof Columns]: Columns[Name] | null };

interface ParkedRow extends SelectedRow<typeof parkedColumns>, Nullable<SelectedRow<typeof decisionColumns>> {
  readonly raw: Buffer | UnreadableValue;
  readonly bytes: number;
  readonly state: ParkedState;
}

export const parkedRecordOf = (parkedRow: ParkedRow): ParkedRecord => {
  const row = readable(parkedRow);
  const { partition, sha256, requestId, raw, bytes, reason, attempts, parkedAtMs, state } = row;
  const redrivenAs = row.redrivenAs === null ? undefined : parseStreamId(row.redrivenAs);
  const dismissal = dismissalIn(row);
  const decision = decisionIn(row);
  return {
    partition,
    streamId: newStreamId(row.streamMs, row.streamSeq),
    sha256,
    ...(requestId !== null && { requestId }),
    raw,
    bytes,
    reason,
    attempts,
    parkedAtMs,
    state,
    ...(redrivenAs && { redrivenAs }),
    ...(dismissal && { dismissal }),
    ...(decision && { decision }),
  };
};

const dismissalIn = ({
  dismissedAtMs: atMs,
  dismissedBy: by,
  dismissedBecause: because,
}: ReadableRow<ParkedRow>): Dismissal | undefined => {
  if (atMs === null) return undefined;
  if (by === null || because === null) throw new Error('it was dismissed by nobody, or for no reason');
  return { atMs, by, because };
};

const decisionIn = ({ decision: type, decidedMs, decidedSeq }: ReadableRow<ParkedRow>) => {
  if (type === null) return undefined;
  const streamId = streamIdFrom(decidedMs, decidedSeq);
  if (!streamId) throw new Error(`its request was decided without standing on a stream: ${type}`);
  return { type, streamId };
};

/** False for an entry that was cut when it was parked: what is left of it is not what was sent. */
export const isWhole = ({ raw, sha256 }: ParkedRecord): boolean =>
  createHash('sha256').update(raw).digest().equals(sha256);
