import { partitionOf, type RequestId } from '../../domain/ids.ts';
import type { Operation, Suspect } from '../contract.ts';
import type { AuditRun } from '../state/audit-run.ts';
import { addReported } from '../state/known-requests.ts';
import type { Waiting } from '../state/waiting.ts';
import { judgeLost } from './judge-lost.ts';

type Ends = ReadonlyMap<RequestId, Operation['end']>;

const strength = { failed: 0, unknown: 1, ok: 2 } as const satisfies Record<Operation['end'], number>;

/** The result of each request over all its calls: a call that failed may have been sent again. */
export const endsOf = (auditing: AuditRun, operations: Iterable<Operation>): Ends => {
  const ends = new Map<RequestId, Operation['end']>();
  for (const { requestId, end, told, arrivedByMs } of operations) {
    auditing.looked.operations += 1;
    const before = ends.get(requestId);
    if (!before || strength[end] > strength[before]) ends.set(requestId, end);
    if (told) addReported(auditing.reported, requestId, told);
    if (arrivedByMs === undefined) continue;
    const { arrivals } = auditing;
    arrivals.set(requestId, Math.min(arrivedByMs, arrivals.get(requestId) ?? arrivedByMs));
  }
  return ends;
};

/**
 * A request whose id a client was given must be decided, parked or waiting; a request that certainly failed
 * must not be decided.
 */
export const judgeOperations = async (
  auditing: AuditRun,
  ends: Ends,
  { parked, waiting }: { readonly parked: ReadonlySet<RequestId>; readonly waiting: Waiting },
): Promise<void> => {
  const ids = [...ends.keys()];
  for (let from = 0; from < ids.length; from += auditing.pageEntries) {
    const page = ids.slice(from, from + auditing.pageEntries);
    const places = await auditing.source.decided(page);
    const suspects: Suspect[] = [];
    for (const requestId of page) {
      const [place] = places.get(requestId) ?? [];
      const end = ends.get(requestId);
      if (place && end === 'failed')
        auditing.notes.note(
          'duplicated',
          requestId,
          `decided at position ${place.position}, though it failed`,
        );
      if (!place && end === 'ok' && !parked.has(requestId) && !waiting.wasSeen(requestId))
        suspects.push({ partition: partitionOf(requestId), requestId });
    }
    await judgeLost(auditing, suspects);
  }
};
