import { beforeAll } from '../../domain/stream-id.ts';
import type { NodeOf } from '../connection/nodes.ts';
import { isErrorReply } from '../connection/unfit-server.ts';
import { group, keysOf } from '../keys.ts';

export interface StreamsVerdict {
  /** Partitions whose stream or group this user may not make; another user has to. */
  readonly forbidden: readonly number[];
  /** Partitions whose server did not answer; `why` is the reason for one of them, in one line. */
  readonly missing: readonly number[];
  readonly why?: string;
}

const atOnce = 64;

type StreamResult = 'made' | 'forbidden' | Error;

/**
 * Makes missing streams and groups of these partitions; existing ones stay unchanged. Only for partitions in which nothing
 * was ever decided: in any other, a missing group was lost with its Redis, and the owner has to find it missing (lift.lua).
 * Nothing of such a stream was ever trimmed or read, so the lag of the new group is exact from the start. Never rejects.
 */
export const makeStreams = async (nodeOf: NodeOf, partitions: readonly number[]): Promise<StreamsVerdict> => {
  const made: (readonly [number, StreamResult])[] = [];
  for (let from = 0; from < partitions.length; from += atOnce)
    made.push(
      ...(await Promise.all(
        partitions
          .slice(from, from + atOnce)
          .map(async (partition) => [partition, await makeStream(nodeOf, partition)] as const),
      )),
    );
  const [why] = made.flatMap(([, how]) => (how instanceof Error ? how.message : []));
  return {
    forbidden: made.filter(([, how]) => how === 'forbidden').map(([partition]) => partition),
    missing: made.filter(([, how]) => how instanceof Error).map(([partition]) => partition),
    ...(why !== undefined && { why }),
  };
};

const makeStream = async (nodeOf: NodeOf, partition: number): Promise<StreamResult> => {
  const { requests } = keysOf(partition);
  try {
    await nodeOf(requests).xgroup('CREATE', requests, group, beforeAll, 'MKSTREAM', 'ENTRIESREAD', 0);
    return 'made';
  } catch (error) {
    if (isErrorReply(error) && error.message.startsWith('BUSYGROUP')) return 'made';
    if (isErrorReply(error) && error.message.startsWith('NOPERM')) return 'forbidden';
    return error instanceof Error ? error : new Error(String(error));
  }
};
