import type { ResultSetHeader } from 'mysql2/promise';
import type { Peer, PeerOptions, PeerWorker } from './peer.ts';
import { parseEntries } from './stream-entries.ts';

const stream = 'peer:ceiling:requests';
const readMax = 2_000;

/**
 * The upper limit: the cost of HTTP, an fsynced append and a batch insert without any promise. Nothing
 * compares with the capacity, nothing keeps two consumers apart, and entries that a dead consumer had read
 * are lost.
 */
export const streamCeiling = async ({ redis }: PeerOptions): Promise<Peer> => ({
  buy: async ({ quantity, reference }) => {
    await redis.xadd(stream, '*', 'q', quantity, 'r', reference ?? '');
    return 'queued';
  },
  close: async () => {},
});

export const streamCeilingWorker = async ({ redis, database }: PeerOptions): Promise<PeerWorker> => {
  await redis.xgroup('CREATE', stream, 'sellers', '0', 'MKSTREAM').catch(() => 'it is there already');
  let closing = false;
  const consume = async (): Promise<void> => {
    while (!closing) {
      const entries = parseEntries(
        await redis.xreadgroup(
          ...(['GROUP', 'sellers', 'one', 'COUNT', readMax, 'BLOCK', 200, 'NOACK'] as const),
          ...(['STREAMS', stream, '>'] as const),
        ),
      );
      if (entries.length === 0) continue;
      const rows = entries.map(([, fields]) => [Number(fields[1]), fields[3] ?? '']);
      await database.query<ResultSetHeader>('INSERT INTO tickets (quantity, reference) VALUES ?', [rows]);
    }
  };
  const consuming = consume();
  return {
    close: async () => {
      closing = true;
      await consuming;
    },
  };
};
