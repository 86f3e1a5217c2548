import type { ReservationId } from '../../domain/ids.ts';
import type { Reservation } from '../../domain/reservation.ts';

/** The live holds of a partition at a place in its journal. */
export interface LiveHolds {
  readonly held: Map<ReservationId, Reservation>;
  /** A heap, the earliest first. Those that are over or last longer by now are passed over when they come to the top. */
  queue: Expiry[];
  /** Those that are due and still there. */
  readonly overdue: Map<ReservationId, Reservation>;
}

/** Holds are due in the order of time, and of ids where it is the same. */
export interface Expiry {
  readonly expiresAtMs: number;
  readonly id: ReservationId | '';
}

export const newLiveHolds = (): LiveHolds => ({ held: new Map(), queue: [], overdue: new Map() });

export const keepHold = (holds: LiveHolds, reservation: Reservation): void => {
  const { id, expiresAtMs } = reservation;
  const before = holds.held.get(id);
  holds.held.set(id, reservation);
  if (expiresAtMs === undefined || before?.expiresAtMs === expiresAtMs) return;
  holds.overdue.delete(id);
  holds.queue.push({ id, expiresAtMs });
  rise(holds.queue);
  if (holds.queue.length > 1_000 + 2 * holds.held.size) dropStale(holds);
};

export const endHold = ({ held, overdue }: LiveHolds, id: ReservationId): void => {
  held.delete(id);
  overdue.delete(id);
};

/** What an expiry has to stand before to be over at `atMs`. */
export const overAt = (atMs: number): Expiry => ({ expiresAtMs: atMs + 1, id: '' });

/** Holds that are due before that, and were not known to be; from here on they are overdue. */
export const fallDue = (holds: LiveHolds, before: Expiry): readonly Reservation[] => {
  const due: Reservation[] = [];
  for (;;) {
    const first = holds.queue[0];
    if (!first || !isBefore(first, before)) return due;
    takeFirst(holds.queue);
    const hold = holdOf(holds, first);
    if (!hold) continue;
    holds.overdue.set(hold.id, hold);
    due.push(hold);
  }
};

const holdOf = ({ held }: LiveHolds, { id, expiresAtMs }: Expiry): Reservation | undefined => {
  const hold = id === '' ? undefined : held.get(id);
  return hold?.expiresAtMs === expiresAtMs ? hold : undefined;
};

const isBefore = (a: Expiry, b: Expiry): boolean =>
  a.expiresAtMs < b.expiresAtMs || (a.expiresAtMs === b.expiresAtMs && a.id < b.id);

/** A sorted array is a heap. */
const dropStale = (holds: LiveHolds): void => {
  holds.queue = holds.queue
    .filter((expiry) => holdOf(holds, expiry) !== undefined)
    .sort((a, b) => (isBefore(a, b) ? -1 : 1));
};

const swap = (queue: Expiry[], a: number, b: number): void => {
  const [first, second] = [queue[a], queue[b]];
  if (!first || !second) return;
  queue[a] = second;
  queue[b] = first;
};

/** Whether the one stands before the other; one that is not there stands before none. */
const goesFirst = (queue: readonly Expiry[], a: number, b: number): boolean => {
  const [first, second] = [queue[a], queue[b]];
  return first !== undefined && second !== undefined && isBefore(first, second);
};

const rise = (queue: Expiry[]): void => {
  let at = queue.length - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!goesFirst(queue, at, parent)) return;
    swap(queue, at, parent);
    at = parent;
  }
};

const takeFirst = (queue: Expiry[]): void => {
  swap(queue, 0, queue.length - 1);
  queue.pop();
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const child = goesFirst(queue, left + 1, left) ? left + 1 : left;
    if (!goesFirst(queue, child, at)) return;
    swap(queue, at, child);
    at = child;
  }
};
