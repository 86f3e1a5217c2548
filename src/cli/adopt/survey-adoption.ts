import { beforeAll, compareStreamIds } from '../../domain/stream-id.ts';
import { inspectMembers } from '../../lease/inspect-leases.ts';
import type { NodeOf, RedisNodes } from '../../log/connection/nodes.ts';
import { storedPartitions } from '../../log/inspect/inspect-server.ts';
import { countMax, inspectStream, type StreamSnapshot } from '../../log/inspect/inspect-stream.ts';
import { servingProcesses } from '../../log/pair/adopt-pair.ts';
import type { PairStore, PartitionProgress } from '../../store/pair/pair.ts';

/** Processes that prevent an adoption: the pair must not change while one of them works. */
export interface LiveProcesses {
  /** Projectors whose last heartbeat is younger than a lease. */
  readonly members: readonly string[];
  /** Processes with open connections; undefined where the server does not list them. */
  readonly serving: readonly string[] | undefined;
}

export const findLiveProcesses = async (nodes: RedisNodes, leaseTtlMs: number): Promise<LiveProcesses> => {
  const [members, serving] = await Promise.all([
    inspectMembers(nodes.control, { silentMsMax: leaseTtlMs }),
    servingProcesses(nodes),
  ]);
  return { members: members.map(({ id }) => id), serving };
};

/** What happens to a partition when database and streams are brought together. */
export interface PartitionAdoption {
  readonly partition: number;
  /** Entries above the watermark: they will be decided, for the first time or again. */
  readonly toDecide: number;
  readonly isCounted: boolean;
  /** Why some entries may never be decided; absent when nothing is missing. */
  readonly missing?: string;
}

export const surveyAdoption = async (
  nodeOf: NodeOf,
  store: PairStore,
  atLeast: number,
): Promise<readonly PartitionAdoption[]> => {
  const [progress, inRedis] = await Promise.all([store.progress(), storedPartitions(nodeOf)]);
  const known = new Map(progress.map((each) => [each.partition, each]));
  const count = Math.max(atLeast, inRedis ?? 0, progress.length);
  const adoptions: PartitionAdoption[] = [];
  for (let partition = 0; partition < count; partition += 1) {
    const standing = known.get(partition) ?? { partition, position: 0, watermark: beforeAll };
    const stream = await inspectStream(nodeOf, { partition, after: standing.watermark });
    adoptions.push(adoptionOf(standing, stream));
  }
  return adoptions;
};

export const adoptionOf = (
  { partition, position, watermark }: PartitionProgress,
  stream: StreamSnapshot,
): PartitionAdoption => {
  const { firstId, oldest, behind, lag, lastId } = stream;
  const toDecide = oldest === undefined ? 0 : (behind ?? lag ?? stream.length);
  const missing = missingOf();
  return { partition, toDecide, isCounted: toDecide < countMax, ...(missing !== undefined && { missing }) };

  function missingOf(): string | undefined {
    if (lastId === beforeAll)
      return position > 0 ? 'its stream is gone: what was accepted there and not decided is lost' : undefined;
    if (compareStreamIds(lastId, watermark) < 0)
      return `its stream ends at ${lastId}, before the watermark ${watermark}: what came between and was not decided is lost`;
    if (firstId !== undefined && compareStreamIds(watermark, firstId) < 0)
      return `its stream begins at ${firstId}, after the watermark ${watermark}: if anything was trimmed between the two, it cannot be decided`;
    return undefined;
  }
};
