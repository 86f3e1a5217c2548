import { decide } from '../../../src/domain/decide.ts';
import { evolve, type ShowLedger } from '../../../src/domain/ledger.ts';
import type { RequestEvent } from '../../../src/domain/requests.ts';
import { line, opening, request } from '../../domain/generate.ts';
import { insertTicket, type Peer, type PeerOptions, ticketOf } from './peer.ts';
import { parseEntries } from './stream-entries.ts';

const stream = 'peer:lock-less:requests';
const consumers = 3;
const noTime = { arrivedAtMs: 0, nowMs: 0 };

/**
 * Our own design without its lock. The stream and `decide` are the same, but an ordinary consumer group
 * serves the show with several consumers. Each has its own copy of the ledger, and commits check no epoch,
 * claim or position. Each decides correctly by what it knows; together they sell the show once per consumer.
 */
export const lockLess = async ({ redis, database, capacity }: PeerOptions): Promise<Peer> => {
  await redis.del(stream);
  await redis.xgroup('CREATE', stream, 'sellers', '0', 'MKSTREAM');
  const waiting = new Map<string, (sold: boolean) => void>();
  let closing = false;

  const consume = async (consumer: string): Promise<void> => {
    const connection = redis.duplicate();
    let ledger = evolve(undefined, decide(opening({ stalls: capacity }), noTime), 0);
    while (!closing) {
      const reply = await connection.xreadgroup(
        ...(['GROUP', 'sellers', consumer, 'COUNT', 50, 'BLOCK', 50, 'STREAMS', stream, '>'] as const),
      );
      for (const [id, fields] of parseEntries(reply)) {
        const decided = decideOne(ledger, Number(fields[1]), Number(fields[3]));
        ledger = decided.ledger;
        if (decided.sold) {
          await database.execute(insertTicket, ticketOf({ quantity: Number(fields[3]) }));
        }
        waiting.get(id)?.(decided.sold);
      }
    }
    connection.disconnect();
  };

  const consuming = Array.from({ length: consumers }, (_, n) => consume(`consumer-${n}`));
  let requests = 0;
  return {
    buy: async ({ quantity }) => {
      const n = ++requests;
      const sold = await new Promise<boolean>((resolve, reject) => {
        const id = `${n}-1`;
        waiting.set(id, resolve);
        redis.xadd(stream, id, 'n', n, 'quantity', quantity).catch(reject);
      });
      return sold ? 'sold' : 'sold-out';
    },
    close: async () => {
      closing = true;
      await Promise.all(consuming);
    },
  };
};

const decideOne = (
  ledger: ShowLedger | undefined,
  n: number,
  quantity: number,
): { readonly sold: boolean; readonly ledger: ShowLedger | undefined } => {
  const event: RequestEvent = request(n, [line('stalls', quantity)]);
  const decision = decide(event, { ledger, ...noTime });
  return { sold: decision.type === 'ReservationConfirmed', ledger: evolve(ledger, decision, 0) };
};
