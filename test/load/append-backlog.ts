import { Redis } from 'ioredis';
import { parseCustomerId, parsePoolId, parseShowId, partitionOf } from '../../src/domain/ids.ts';
import { newReservationIds } from '../../src/http/identity/reservation-ids.ts';
import { keysOf } from '../../src/log/keys.ts';
import { encodeEntry } from '../../src/log/wire/codec.ts';
import { testIdKey } from '../support/onsale.ts';

export interface BacklogPlan {
  readonly redisUrl: string;
  readonly showId: string;
  readonly customer: string;
  readonly entries: number;
}

const atOnce = 2_000;

/**
 * Puts requests on the stream as an API process does, in its encoding and with ids of its key, but without
 * HTTP, so that a million takes seconds. Returns some of their ids, evenly spread: at most `idsMax`.
 */
export const appendBacklog = async (plan: BacklogPlan, idsMax = 0): Promise<readonly string[]> => {
  const showId = required(parseShowId(plan.showId), 'show id');
  const customerId = required(parseCustomerId(plan.customer), 'customer');
  const poolId = required(parsePoolId('stalls'), 'pool');
  const partition = partitionOf(showId);
  const { mint } = newReservationIds({ keys: [testIdKey], nowMs: Date.now, random: Math.random });
  const every = Math.max(1, Math.ceil(plan.entries / Math.max(1, idsMax)));
  const ids: string[] = [];
  const redis = new Redis(plan.redisUrl);
  for (let done = 0; done < plan.entries; done += atOnce) {
    const pipeline = redis.pipeline();
    for (let n = done; n < Math.min(done + atOnce, plan.entries); n += 1) {
      const reservationId = mint(partition, customerId);
      if (n % every === 0 && ids.length < idsMax) ids.push(reservationId);
      const lines = [{ poolId, quantity: 1 }];
      const entry = { type: 'ReservationRequested', reservationId, showId, customerId, lines } as const;
      pipeline.xadd(keysOf(partition).requests, '*', ...encodeEntry(entry));
    }
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
  }
  redis.disconnect();
  return ids;
};

const required = <Value>(value: Value | undefined, name: string): Value => {
  if (value === undefined) throw new Error(`not a ${name}`);
  return value;
};
