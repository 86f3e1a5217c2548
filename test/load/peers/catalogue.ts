import { conditionalUpdate } from './conditional-update.ts';
import { constant } from './constant.ts';
import { jobQueue, jobQueueWorker } from './job-queue.ts';
import { lockPerRequest } from './lock-per-request.ts';
import { luaCounter } from './lua-counter.ts';
import { oldAlgorithm } from './old-algorithm.ts';
import type { Peer, PeerOptions, PeerWorker } from './peer.ts';
import { selectForUpdate } from './select-for-update.ts';
import { streamCeiling, streamCeilingWorker } from './stream-ceiling.ts';

export interface PeerEntry {
  readonly name: string;
  readonly open: (options: PeerOptions) => Promise<Peer>;
  readonly openWorker?: (options: PeerOptions) => Promise<PeerWorker>;
  /** MySQL connections of each of its processes. */
  readonly poolSize: number;
  /** Whether its requests are counted and timed as ours are. */
  readonly observed?: true;
}

export const peerIds = [
  'old-algorithm',
  'lock-per-request',
  'select-for-update',
  'conditional-update',
  'job-queue',
  'lua-counter',
  'stream-ceiling',
] as const;

/** For comparison only: the cost of HTTP alone, selling nothing; and the ceiling with our telemetry on it. */
const otherIds = ['constant', 'stream-ceiling-observed'] as const;

export type PeerId = (typeof peerIds)[number] | (typeof otherIds)[number];

const ceiling = { open: streamCeiling, openWorker: streamCeilingWorker, poolSize: 2 } as const;

export const peerEntries: Readonly<Record<PeerId, PeerEntry>> = {
  'old-algorithm': { name: 'read, compare, insert, write back', open: oldAlgorithm, poolSize: 32 },
  'lock-per-request': { name: 'lock per request in Redis', open: lockPerRequest, poolSize: 4 },
  'select-for-update': { name: 'SELECT … FOR UPDATE', open: selectForUpdate, poolSize: 16 },
  'conditional-update': { name: 'conditional UPDATE', open: conditionalUpdate, poolSize: 16 },
  'job-queue': {
    name: 'BullMQ, worker with conditional UPDATE',
    open: jobQueue,
    openWorker: jobQueueWorker,
    poolSize: 16,
  },
  'lua-counter': { name: 'Lua counter, INSERT behind', open: luaCounter, poolSize: 2 },
  'stream-ceiling': { ...ceiling, name: 'bare ceiling: XADD, batch INSERT' },
  'stream-ceiling-observed': { ...ceiling, name: 'bare ceiling with our telemetry', observed: true },
  constant: { name: 'fastify with a constant answer', open: constant, poolSize: 1 },
};

export const parsePeerId = (text: string | undefined): PeerId => {
  const id = [...peerIds, ...otherIds].find((known) => known === text);
  if (id === undefined) throw new Error(`there is no peer "${text}": ${[...peerIds, ...otherIds].join(' ')}`);
  return id;
};
