import type { Redis } from 'ioredis';
import { runScript } from '../../shared/redis-script.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { loadScript } from '../connection/scripts.ts';
import type { BoardUpdate, PartitionLog, PublishRequest } from '../contract.ts';
import { boardKey, fullKey, keysOf } from '../keys.ts';
import { encodeBoard, encodeFull } from '../wire/board-codec.ts';
import { encodeOutcomes } from '../wire/outcome-codec.ts';

const script = loadScript('publish-boards');

/** A pool whose full note is older than this is open again at the door. */
export const fullMs = 1_000;
/** Limits the time of one script call. */
const boardsAtOnce = 100;

/** Publishing outcomes needs no lease: they are committed, so they are true even from a former owner. */
export const newPublish =
  (nodeOf: NodeOf): PartitionLog['publish'] =>
  async (request) => {
    const { outcomes, decided } = keysOf(request.partition);
    const redis = nodeOf(outcomes);
    const published = encodeOutcomes(request.outcomes).map((message) => redis.publish(outcomes, message));
    if (request.position !== undefined) wakeFollowers(redis, decided, request.position);
    const written = inChunks(request.boards).map((boards) => writeBoards(nodeOf, request, boards));
    await Promise.all([...published, ...written]);
  };

/** Followers read again after some seconds in any case, so a wake-up that fails must not fail the outcomes. */
const wakeFollowers = (redis: Redis, channel: string, position: number): void => {
  redis.publish(channel, String(position)).catch(() => undefined);
};

const inChunks = (boards: readonly BoardUpdate[]): readonly (readonly BoardUpdate[])[] => {
  const chunks: (readonly BoardUpdate[])[] = [];
  for (let at = 0; at < boards.length; at += boardsAtOnce) chunks.push(boards.slice(at, at + boardsAtOnce));
  return chunks;
};

const writeBoards = (
  nodeOf: NodeOf,
  { partition, leaseToken }: PublishRequest,
  boards: readonly BoardUpdate[],
): Promise<unknown> =>
  runScript(nodeOf, script, {
    keys: [
      keysOf(partition).lease,
      ...boards.flatMap(({ board: { showId } }) => [boardKey(partition, showId), fullKey(partition, showId)]),
    ],
    args: [
      leaseToken,
      fullMs,
      ...boards.flatMap(({ board, full }) => [encodeBoard(board), encodeFull(full)]),
    ],
  });
