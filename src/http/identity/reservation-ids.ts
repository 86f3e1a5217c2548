import { type CustomerId, newUuidHead, type ReservationId } from '../../domain/ids.ts';
import { limits } from '../../domain/limits.ts';
import type { Random } from '../../domain/ports.ts';
import { newKeyedTag } from './keyed-tag.ts';

/**
 * Reservation ids that contain their partition and a tag of their owner: 48 bits of time, 12 of partition, a
 * 30-bit counter, and a 32-bit tag over all of that and the customer. So the id of another customer is
 * refused without a look-up, before and after the decision.
 */
export interface ReservationIds {
  mint(partition: number, customerId: CustomerId): ReservationId;
  /** False for an id that was not made for this customer, or not with one of the keys. */
  isOwn(id: ReservationId, customerId: CustomerId): boolean;
}

export interface ReservationIdOptions {
  /**
   * New ids are signed with the first key; all keys are accepted in verification, so that keys can be
   * rotated. At least one.
   */
  readonly keys: readonly string[];
  /** The clock of this process. A wrong clock does no harm, because nothing is decided by this time. */
  readonly nowMs: () => number;
  readonly random: Random;
}

const counterSize = 2 ** 30;
/** The two halves of the counter; above the first one is the variant of a UUID. */
const half = { size: 2 ** 16, first: 0x8000, last: 0xbfff };
// The length of the text of the id's first 12 bytes, dashes included: everything except the tag.
const prefixLength = 28;

export const newReservationIds = ({ keys, nowMs, random }: ReservationIdOptions): ReservationIds => {
  const tags = keys.map((key) => newKeyedTag(key, prefixLength + limits.customerIdBytes));
  const sign = tags[0];
  if (!sign) throw new Error('reservation ids need at least one key');
  const nextCount = newCounter(Math.floor(random() * counterSize));
  const headOf = cachingHead();
  return {
    mint: (partition, customerId) => {
      const prefix = headOf(nowMs(), partition) + nextCount();
      return newReservationId(prefix + sign(prefix + customerId));
    },
    isOwn: (id, customerId) => {
      const covered = id.slice(0, prefixLength) + customerId;
      // Numbers, because comparing texts takes longer the more digits of a guess are right.
      const tag = numberOf(id.slice(prefixLength));
      return tags.some((tagOf) => numberOf(tagOf(covered)) === tag);
    },
  };
};

const numberOf = (hex: string): number => Number.parseInt(hex, 16);

/**
 * The counter as an id contains it: eight hex digits with a dash between its halves. A random start keeps two processes from
 * making the same ids in the same millisecond. Counting in halves keeps the numbers small: writing one above 31 bits
 * takes five times as long.
 */
const newCounter = (start: number): (() => string) => {
  let high = half.first + Math.floor(start / half.size);
  let highText = high.toString(16);
  let low = start % half.size;
  return () => {
    low += 1;
    if (low === half.size) {
      low = 0;
      high = high === half.last ? half.first : high + 1;
      highText = high.toString(16);
    }
    return `${highText}-${low.toString(16).padStart(4, '0')}`;
  };
};

const newReservationId = (text: string): ReservationId => text as ReservationId;

/** Caches the head of an id, because many ids are made in one millisecond, most of them for one partition. */
const cachingHead = (): ((timeMs: number, partition: number) => string) => {
  let last = { timeMs: -1, partition: -1, head: '' };
  return (timeMs, partition) => {
    if (timeMs !== last.timeMs || partition !== last.partition)
      last = { timeMs, partition, head: newUuidHead(timeMs, partition) };
    return last.head;
  };
};
