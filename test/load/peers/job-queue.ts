import { Queue, Worker } from 'bullmq';
import { sell } from './conditional-update.ts';
import type { Order, Peer, PeerOptions, PeerWorker } from './peer.ts';

const name = 'orders';
const concurrency = 16;
// Jobs of a dead worker are retried after this time, instead of the default of half a minute.
const lockMs = 2_000;

/**
 * Orders go into a BullMQ queue and are answered "queued"; a worker sells them, each by a conditional UPDATE.
 */
export const jobQueue = async ({ redis }: PeerOptions): Promise<Peer> => {
  const queue = new Queue<Order>(name, {
    connection: redis,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  });
  return {
    buy: async (order) => {
      await queue.add('buy', order);
      return 'queued';
    },
    close: () => queue.close(),
  };
};

export const jobQueueWorker = async ({ redis, database }: PeerOptions): Promise<PeerWorker> => {
  const worker = new Worker<Order>(name, async ({ data }) => await sell(database, data), {
    connection: redis,
    concurrency,
    lockDuration: lockMs,
    stalledInterval: lockMs,
  });
  await worker.waitUntilReady();
  return { close: () => worker.close() };
};
