import type { RequestId } from '../../domain/ids.ts';
import { type RequestEvent, requestIdOf } from '../../domain/requests.ts';
import type { StreamId } from '../../domain/stream-id.ts';
import type { RequestAppender } from '../../log/contract.ts';
import { readParkedEntry } from '../../log/inspect/read-parked-entry.ts';
import type { RedriveMarks } from '../../store/repair/mark-redriven.ts';
import { isWhole, type ParkedRecord } from '../../store/rows/parked-record.ts';

export interface Redrive {
  /** The entries to send again, in order; read one after the other. */
  readonly entries: AsyncIterable<ParkedRecord>;
  /** Absent: nothing is sent, the plan is only reported. */
  readonly to?: { readonly marks: RedriveMarks; readonly appender: RequestAppender };
  /** The most entries to send. */
  readonly limit: number;
  readonly report: (line: RedriveResult) => void;
}

/** The result for one entry. */
export type RedriveResult = { readonly entry: ParkedRecord } & (
  | { readonly type: 'sent'; readonly as: StreamId; readonly request: RequestEvent['type'] }
  | { readonly type: 'would-send'; readonly request: RequestEvent['type'] }
  /** It would be parked again, or it is not what was sent originally: it is left parked. */
  | { readonly type: 'left'; readonly why: string }
);

export interface RedriveEnd {
  readonly sent: number;
  readonly left: number;
  /** There may be more than the limit. */
  readonly more: boolean;
  /** Why it ended early. */
  readonly stopped?: string;
}

/**
 * Appends parked requests to their partition's stream again, each with its original request id, so that it is decided once
 * whatever happens to this process or to a reply. An entry is marked first, sent second, and marked with its new stream id
 * third. After a crash at any point the next redrive continues; an entry that is on the stream twice is absorbed the second time.
 */
export const redriveEntries = async (redrive: Redrive): Promise<RedriveEnd> => {
  const count = { sent: 0, left: 0 };
  try {
    return await redriveCounting(redrive, count);
  } catch (error) {
    return { ...count, more: true, stopped: error instanceof Error ? error.message : String(error) };
  }
};

const redriveCounting = async (
  { entries, to, limit, report }: Redrive,
  count: { sent: number; left: number },
): Promise<RedriveEnd> => {
  // An entry that is parked again at once appears again later in the list; so does another entry of the same request.
  const seen = new Set<RequestId>();
  for await (const entry of entries) {
    if (count.sent >= limit) return { ...count, more: true };
    const reading = readingOf(entry);
    if (reading.type === 'left') {
      count.left += 1;
      report({ entry, ...reading });
      continue;
    }
    const { request } = reading;
    if (seen.has(requestIdOf(request))) continue;
    seen.add(requestIdOf(request));
    if (to) {
      const sending = await send(entry, request, to);
      if (sending.type === 'stopped') return { ...count, more: true, stopped: sending.why };
      report({ entry, type: 'sent', as: sending.as, request: request.type });
    } else report({ entry, type: 'would-send', request: request.type });
    count.sent += 1;
  }
  return { ...count, more: false };
};

type EntryReading =
  | { readonly type: 'readable'; readonly request: RequestEvent }
  | { readonly type: 'left'; readonly why: string };

/** An entry that this version cannot read would be parked again, without a request id by which a repetition is recognised. */
const readingOf = (entry: ParkedRecord): EntryReading => {
  if (entry.state === 'decided') return { type: 'left', why: 'its request is decided' };
  if (entry.dismissal) {
    const { by, because } = entry.dismissal;
    return {
      type: 'left',
      why: `${by} has dismissed it (${because}): onsale parked --restore takes that back`,
    };
  }
  if (!isWhole(entry))
    return { type: 'left', why: `it was cut to its first ${entry.bytes} bytes when it was parked` };
  const content = readParkedEntry(entry.raw);
  switch (content.type) {
    case 'request':
      return { type: 'readable', request: content.request };
    case 'broken':
      return { type: 'left', why: `it still cannot be read: ${content.why}` };
    case 'newer':
      return { type: 'left', why: `it is of codec version ${content.version}: use that version's redrive` };
  }
};

type SendResult =
  | { readonly type: 'sent'; readonly as: StreamId }
  | { readonly type: 'stopped'; readonly why: string };

const send = async (
  entry: ParkedRecord,
  request: RequestEvent,
  { marks, appender }: NonNullable<Redrive['to']>,
): Promise<SendResult> => {
  const requestId = requestIdOf(request);
  await marks.sending(entry, requestId);
  const verdict = await appender.append(entry.partition, request);
  switch (verdict.type) {
    case 'appended':
      await marks.redriven(requestId, verdict.streamId);
      return { type: 'sent', as: verdict.streamId };
    case 'refused':
      // A redrive that was cut off may have appended it already.
      if (entry.state !== 'sending') await marks.notSent(requestId);
      return { type: 'stopped', why: `the log refuses: ${verdict.why}` };
    case 'taken':
      return { type: 'stopped', why: `its key is claimed by ${verdict.owner.requestId}` };
    case 'unknown':
      return { type: 'stopped', why: `it is not known whether the last one was sent: ${verdict.why}` };
  }
};
