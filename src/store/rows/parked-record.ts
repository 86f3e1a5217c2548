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

/**
 * The key of a parked entry. It contains a hash, because Redis may give a stream id out twice after a
 * fail-over to an older state.
 */
export interface ParkedKey {
  readonly partition: number;
  readonly streamId: StreamId;
  /** The hash of the whole entry. */
  readonly sha256: Buffer;
}

/** The state of a parked entry. */
export type ParkedState =
  /** It waits for an operator. */
  | 'waiting'
  /** Sending it again was interrupted: it may or may not be on the stream. */
  | 'sending'
  /** It was sent again and is not decided yet. */
  | 'sent'
  /** It was sent again and parked again, under its new stream id. */
  | 'parked-again'
  /** An operator decided that nothing needs to be done about it. */
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
  /** The first bytes of the entry, as many as were requested and are stored. */
  readonly raw: Buffer;
  /** The number of bytes stored. */
  readonly bytes: number;
  readonly reason: string;
  readonly attempts: number;
  readonly parkedAtMs: number;
  readonly state: ParkedState;
  /** Its new id on the stream. */
  readonly redrivenAs?: StreamId;
  readonly dismissal?: Dismissal;
  /** The type of the decision on its request, and the id of the entry that was decided. */
  readonly decision?: { readonly type: string; readonly streamId: StreamId };
}

/**
 * The columns that a parked entry is read from, and those of the decision on its request, if there is one.
 */
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

/** False for an entry that was cut when it was parked: the stored bytes are not all that was sent. */
export const isWhole = ({ raw, sha256 }: ParkedRecord): boolean =>
  createHash('sha256').update(raw).digest().equals(sha256);
