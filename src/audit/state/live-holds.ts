import type { ReservationId } from '../../domain/ids.ts';
import type { Reservation } from '../../domain/reservation.ts';

/** The live holds of a partition at one position of its journal. */
export interface LiveHolds {
  readonly held: Map<ReservationId, Reservation>;
  /**
   * A heap, earliest first. Entries of holds that are over or were extended are skipped when they reach the
   * top.
   */
  queue: Expiry[];
  /** Holds that are due and have not lapsed. */
  readonly overdue: Map<ReservationId, Reservation>;
}

/** Holds are due in order of time; at the same time, in order of id. */
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

/** Holds before this bound are over at `atMs`. */
export const overAt = (atMs: number): Expiry => ({ expiresAtMs: atMs + 1, id: '' });

/** Moves holds that are due before the bound to `overdue`, and returns those that were not there yet. */
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

/** Keeps the heap valid, because a sorted array is a heap. */
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

/** Whether element `a` comes before element `b`; false if one of them does not exist. */
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
