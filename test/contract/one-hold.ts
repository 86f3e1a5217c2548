import type { Reservation } from '../../src/domain/reservation.ts';
import { BASE_MS, held, lineOf, newId, newOwner, opening, refOf } from '../store/story.ts';
import { newPartition, type Under } from './opened-store.ts';

/** A show with one hold of two places, in a partition of its own. */
export const oneHold = async (under: Under, expiresAtMs = BASE_MS + 60_000) => {
  const { store, reader } = under();
  const partition = newPartition();
  const owner = await newOwner(store, partition);
  const show = newId(partition);
  const hold = held(show, [lineOf('a', 2)], { expiresAtMs, customer: 'holder', reference: 'first' });
  await owner.commit([opening(show, { a: 5 }), hold]);
  const numbers = async () => {
    const [pool] = (await store.ledgers([show])).get(show)?.pools ?? [];
    return [pool?.held, pool?.confirmed];
  };
  const now = async (): Promise<Reservation | undefined> =>
    (await store.reservations([hold.reservationId])).get(hold.reservationId);
  return { store, reader, partition, owner, show, hold, ref: refOf(hold), numbers, now };
};
