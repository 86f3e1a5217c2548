import { type CustomerId, newUuidHead, type ReservationId } from '../../domain/ids.ts';
import { limits } from '../../domain/limits.ts';
import type { Random } from '../../domain/ports.ts';
import { newKeyedTag } from './keyed-tag.ts';

/**
 * Reservation ids that know their partition and their owner: 48 bits of time, 12 of partition, a 30-bit counter and
 * a 32-bit tag over all of that and the customer. So a foreign id is refused without a look-up, before and after its
 * decision.
 */
export interface ReservationIds {
  mint(partition: number, customerId: CustomerId): ReservationId;
  /** False for an id that was not made for this customer, or not by a key of the list. */
  isOwn(id: ReservationId, customerId: CustomerId): boolean;
}

export interface ReservationIdOptions {
  /** The first signs, all of them verify, so that keys rotate. At least one. */
  readonly keys: readonly string[];
  /** Our own clock; a wrong one is no harm, since nothing is decided by it. */
  readonly nowMs: () => number;
  readonly random: Random;
}

const counterSize = 2 ** 30;
/** Above the 30 bits of the counter: the variant of a UUID. */
const variantBit = 2 ** 31;
// The text of the id's first 12 bytes, dashes included: everything but the tag.
const prefixLength = 28;

export const newReservationIds = ({ keys, nowMs, random }: ReservationIdOptions): ReservationIds => {
  const tags = keys.map((key) => newKeyedTag(key, prefixLength + limits.customerIdBytes));
  const sign = tags[0];
  if (!sign) throw new Error('reservation ids need at least one key');
  // A random start keeps two processes apart that count in the same millisecond.
  let counter = Math.floor(random() * counterSize);
  const headOf = cachingHead();
  return {
    mint: (partition, customerId) => {
      counter = (counter + 1) % counterSize;
      const count = (variantBit + counter).toString(16);
      const prefix = `${headOf(nowMs(), partition)}${count.slice(0, 4)}-${count.slice(4)}`;
      return newReservationId(prefix + hex8(sign(prefix + customerId)));
    },
    isOwn: (id, customerId) => {
      const covered = id.slice(0, prefixLength) + customerId;
      const tag = Number.parseInt(id.slice(prefixLength), 16);
      return tags.some((tagOf) => tagOf(covered) === tag);
    },
  };
};

const hex8 = (number: number): string => number.toString(16).padStart(8, '0');

const newReservationId = (text: string): ReservationId => text as ReservationId;

/** Many ids are made in a millisecond, most of them for one partition. */
const cachingHead = (): ((timeMs: number, partition: number) => string) => {
  let last = { timeMs: -1, partition: -1, head: '' };
  return (timeMs, partition) => {
    if (timeMs !== last.timeMs || partition !== last.partition)
      last = { timeMs, partition, head: newUuidHead(timeMs, partition) };
    return last.head;
  };
};
