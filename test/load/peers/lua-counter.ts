import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'mysql2/promise';
import { insertTicket, type Order, type Peer, type PeerOptions, ticketOf } from './peer.ts';

const key = 'peer:counter';
const flushMs = 10;
const rowsMax = 2_000;

/**
 * The fast design that is often recommended: a script in Redis compares and counts, the answer is sent at
 * once, and the rows are written afterwards, many in one INSERT.
 */
export const luaCounter = async ({ redis, database, capacity }: PeerOptions): Promise<Peer> => {
  const waiting: Order[] = [];
  const closing = new AbortController();
  const writing = writeBehind(database, waiting, closing.signal);
  return {
    buy: async (order) => {
      const counted = await redis.eval(countIfRoom, 1, key, order.quantity, capacity);
      if (counted !== 1) return 'sold-out';
      waiting.push(order);
      return 'sold';
    },
    close: async () => {
      closing.abort();
      await writing;
    },
  };
};

// One script, because another client may count between a GET and an INCRBY.
const countIfRoom = `
local sold = tonumber(redis.call('GET', KEYS[1]) or '0')
if sold + ARGV[1] > tonumber(ARGV[2]) then return 0 end
redis.call('INCRBY', KEYS[1], ARGV[1])
return 1`;

const writeBehind = async (database: Pool, waiting: Order[], closing: AbortSignal): Promise<void> => {
  while (!closing.aborted || waiting.length > 0) {
    if (waiting.length === 0) {
      await delay(flushMs);
      continue;
    }
    const rows = waiting.splice(0, rowsMax).map(ticketOf);
    await database.query(insertTicket.replace('(?, ?)', '?'), [rows]);
  }
};
