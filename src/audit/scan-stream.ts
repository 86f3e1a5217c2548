import type { RequestId } from '../domain/ids.ts';
import { requestIdOf } from '../domain/requests.ts';
import { beforeAll, compareStreamIds, type StreamId } from '../domain/stream-id.ts';
import type { ReadEntry } from '../log/contract.ts';
import type { AuditedPartition, DecisionPosition, Suspect } from './contract.ts';
import { judgeLost } from './judges/judge-lost.ts';
import type { AuditRun } from './state/audit-run.ts';
import type { Parking } from './state/parking.ts';
import type { Waiting } from './state/waiting.ts';

export interface Scan {
  readonly auditing: AuditRun;
  readonly audited: AuditedPartition;
  readonly parking: Parking;
  /** Requests that clients know and that are not decided yet. */
  readonly waiting: Waiting;
}

/**
 * Reads the remaining entries of a partition's stream. Every entry at or below the watermark must be decided
 * or parked, and decided where it first occurs. Of entries above the watermark, only their presence is
 * recorded.
 */
export const scanStream = async (scan: Scan): Promise<void> => {
  const { auditing, audited, waiting } = scan;
  const { source, pageEntries, looked } = auditing;
  const skipped: SkippedEntries = new Map();
  let after = beforeAll;
  for (;;) {
    const page = await source.stream(audited.partition, { after, limit: pageEntries });
    const last = page.at(-1);
    if (!last) return;
    if (compareStreamIds(last.streamId, after) <= 0) throw new Error(`the stream goes back at ${after}`);
    after = last.streamId;
    const isBelow = ({ streamId }: ReadEntry): boolean =>
      compareStreamIds(streamId, audited.progress.watermark) <= 0;
    const below = page.filter(isBelow);
    looked.entries += below.length;
    await scanBelow(scan, below, skipped);
    if (below.length === page.length) continue;
    if (!waiting.isNeeded) return;
    for (const entry of page) if (!isBelow(entry)) waiting.saw(idIn(entry));
  }
};

/**
 * Requests that were decided at a later entry than the first one seen. It is a fault once that later entry is
 * seen too.
 */
type SkippedEntries = Map<RequestId, { readonly first: StreamId; readonly decidedAs: StreamId }>;

const scanBelow = async (
  { auditing, audited, parking, waiting }: Scan,
  entries: readonly ReadEntry[],
  skipped: SkippedEntries,
): Promise<void> => {
  const ids = new Set(entries.flatMap((entry) => requestIn(entry) ?? []));
  const places = ids.size === 0 ? new Map() : await auditing.source.decided([...ids]);
  const suspects: Suspect[] = [];
  for (const entry of entries) {
    const { streamId, content } = entry;
    waiting.saw(idIn(entry));
    // A newer version wrote this entry, and this version cannot read it, so it cannot know whether it was
    // decided.
    if (content.type === 'newer' || parking.entries.has(streamId)) continue;
    const requestId = requestIn(entry);
    const place = requestId && places.get(requestId)?.[0];
    // The request is parked somewhere. It may have been sent again and decided there, and at none of its
    // entries before.
    if (requestId && parking.requests.has(requestId)) continue;
    if (requestId && place) judgeStreamEntry(auditing, { audited, requestId, streamId, place, skipped });
    else suspects.push({ partition: audited.partition, streamId, ...(requestId && { requestId }) });
  }
  await judgeLost(auditing, suspects);
};

const requestIn = ({ content }: ReadEntry): RequestId | undefined =>
  content.type === 'request' ? requestIdOf(content.request) : undefined;

const idIn = ({ content }: ReadEntry): RequestId | undefined => {
  if (content.type === 'broken') return content.requestId;
  return content.type === 'request' ? requestIdOf(content.request) : undefined;
};

interface StreamEntry {
  readonly audited: AuditedPartition;
  readonly requestId: RequestId;
  readonly streamId: StreamId;
  readonly place: DecisionPosition;
  readonly skipped: SkippedEntries;
}

/**
 * A request may occur again after its decision, as often as it likes, but no entry may be skipped in favour
 * of a later one. It is a fault only if the later entry is found: a stream that went back may have lost it,
 * and given the request a lower id since.
 */
const judgeStreamEntry = (
  { notes }: AuditRun,
  { audited, requestId, streamId, place, skipped }: StreamEntry,
): void => {
  const { streamId: decidedAs } = place;
  if (!decidedAs || place.late || place.partition !== audited.partition || audited.wentBack) return;
  const order = compareStreamIds(streamId, decidedAs);
  if (order < 0 && !skipped.has(requestId)) skipped.set(requestId, { first: streamId, decidedAs });
  const before = order === 0 ? skipped.get(requestId) : undefined;
  if (!before) return;
  skipped.delete(requestId);
  notes.note('out-of-order', requestId, `decided at ${decidedAs}, though it stood at ${before.first} first`);
};
