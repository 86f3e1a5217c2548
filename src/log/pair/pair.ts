import type { RequestId } from '../../domain/ids.ts';
import { requestIdOf } from '../../domain/requests.ts';
import { beforeAll, compareStreamIds, parseStreamId, type StreamId } from '../../domain/stream-id.ts';
import { runScript } from '../../shared/redis-script.ts';
import type { NodeOf } from '../connection/nodes.ts';
import type { ServerCheck } from '../connection/prepare-connection.ts';
import { isMissingKey, parseFields, parseLastId } from '../connection/replies.ts';
import { loadScript } from '../connection/scripts.ts';
import { keysOf, settingsKey } from '../keys.ts';
import { decodeEntry } from '../wire/codec.ts';

const script = loadScript('settle-pair');
const atOnce = 64;

/**
 * Checks the pair id on the server of a connection; in a cluster, only on the node that keeps it. `judge`
 * throws UnfitServer.
 */
export const newPairCheck =
  (judge: (ask: () => Promise<string | undefined>) => Promise<void>): ServerCheck =>
  async ({ redis, keeps }) => {
    if (!keeps(settingsKey)) return 'no-say';
    await judge(() => storedPair(() => redis));
    return 'passed';
  };

export const storedPair = async (nodeOf: NodeOf): Promise<string | undefined> => {
  const [id] = await nodeOf(settingsKey).hmget(settingsKey, 'pair');
  return id ?? undefined;
};

/**
 * Writes the id if there is none. Resolves to the id that is stored then, or to undefined where this user may
 * not write it.
 */
export const settlePair = async (nodeOf: NodeOf, id: string): Promise<string | undefined> => {
  const reply = await runScript(nodeOf, script, { keys: [settingsKey], args: [id] });
  return reply === null ? undefined : String(reply);
};

/** What a stream shows about the database it belongs to. */
export interface StreamWitness {
  readonly lastId: StreamId;
  readonly firstId?: StreamId;
  /** The request of the entry at the watermark, if there is one that can be read. */
  readonly atWatermark?: RequestId;
}

/** Reads the witnesses, in the order of the arguments. */
export const witnessesOf = async (
  nodeOf: NodeOf,
  asked: readonly { readonly partition: number; readonly watermark: StreamId }[],
): Promise<readonly StreamWitness[]> => {
  const witnesses: StreamWitness[] = [];
  for (let from = 0; from < asked.length; from += atOnce) {
    const group = asked.slice(from, from + atOnce);
    witnesses.push(
      ...(await Promise.all(
        group.map(({ partition, watermark }) => witnessOf(nodeOf, partition, watermark)),
      )),
    );
  }
  return witnesses;
};

const witnessOf = async (nodeOf: NodeOf, partition: number, watermark: StreamId): Promise<StreamWitness> => {
  const { requests } = keysOf(partition);
  const redis = nodeOf(requests);
  try {
    const info = await redis.xinfo('STREAM', requests);
    const firstId = firstIn(info);
    if (firstId === undefined) return { lastId: parseLastId(info) };
    const witness = { lastId: parseLastId(info), firstId };
    if (compareStreamIds(watermark, firstId) < 0) return witness;
    const [entry] = await redis.xrangeBuffer(requests, watermark, watermark, 'COUNT', 1);
    const content = entry && decodeEntry(entry[1]);
    return content?.type === 'request' ? { ...witness, atWatermark: requestIdOf(content.request) } : witness;
  } catch (error) {
    if (isMissingKey(error)) return { lastId: beforeAll };
    throw error;
  }
};

const firstIn = (info: unknown): StreamId | undefined => {
  const first: unknown = parseFields(info).get('first-entry');
  return Array.isArray(first) ? parseStreamId(String(first[0])) : undefined;
};
