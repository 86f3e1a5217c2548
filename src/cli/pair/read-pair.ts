import type { PairHalves, PartitionHalves } from '../../domain/pair.ts';
import { beforeAll } from '../../domain/stream-id.ts';
import type { NodeOf } from '../../log/connection/nodes.ts';
import { storedPartitions } from '../../log/inspect/inspect-server.ts';
import { storedPair, witnessesOf } from '../../log/pair/pair.ts';
import type { PairStore } from '../../store/pair/pair.ts';

export interface PairConnections {
  readonly nodeOf: NodeOf;
  readonly store: PairStore;
}

/** Reads both halves. Streams and tables are read only where the ids alone do not decide. Changes nothing. */
export const readPair = async (
  { nodeOf, store }: PairConnections,
  partitions: number,
): Promise<PairHalves> => {
  const [mysqlId, redisId] = await Promise.all([store.id(), storedPair(nodeOf)]);
  if (mysqlId === undefined || redisId !== undefined) return { mysqlId, redisId, partitions: [] };
  return { mysqlId, redisId, partitions: await partitionsOf({ nodeOf, store }, partitions) };
};

const partitionsOf = async (
  { nodeOf, store }: PairConnections,
  atLeast: number,
): Promise<readonly PartitionHalves[]> => {
  const [progress, inRedis] = await Promise.all([store.progress(), storedPartitions(nodeOf)]);
  const known = new Map(progress.map((each) => [each.partition, each]));
  const count = Math.max(atLeast, inRedis ?? 0, ...[...known.keys()].map((partition) => partition + 1));
  const asked = Array.from(
    { length: count },
    (_, partition) => known.get(partition) ?? { partition, position: 0, watermark: beforeAll },
  );
  const witnesses = await witnessesOf(nodeOf, asked);
  const settled = await store.settled(witnesses.flatMap(({ atWatermark }) => atWatermark ?? []));
  return asked.map((each, index): PartitionHalves => {
    const { lastId = beforeAll, firstId, atWatermark } = witnesses[index] ?? {};
    return {
      ...each,
      lastId,
      ...(firstId && { firstId }),
      ...(atWatermark && { atWatermark: settled.has(atWatermark) ? 'decided' : 'unknown' }),
    };
  });
};
