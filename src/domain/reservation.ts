import type { Decision, JournalEntry } from './decisions.ts';
import type { CustomerId, PoolId, RequestId, ReservationId, ShowId } from './ids.ts';
import { type Line, sumLines } from './lines.ts';
import type { NewerReason, RejectionReason } from './reasons.ts';
import type { ReservationRequested } from './requests.ts';
import { msOf, type StreamId } from './stream-id.ts';

export type ReservationStatus = 'pending' | 'held' | 'confirmed' | 'rejected' | 'cancelled' | 'expired';

/** Every status, as a record so that the compiler asks for a new one's place here. */
export const reservationStatuses: Readonly<Record<ReservationStatus, true>> = {
  pending: true,
  held: true,
  confirmed: true,
  rejected: true,
  cancelled: true,
  expired: true,
};

/** A reservation as its owner sees it; times in ms since the epoch. */
export interface Reservation {
  readonly id: ReservationId;
  readonly showId: ShowId;
  readonly customerId: CustomerId;
  readonly status: ReservationStatus;
  /** The places it has, or had last. */
  readonly lines: readonly Line[];
  readonly reference?: string;
  readonly reason?: RejectionReason | NewerReason;
  readonly poolId?: PoolId;
  /** For a duplicate: the request that counts. */
  readonly firstId?: RequestId;
  /** When a hold lapses, or lapsed. */
  readonly expiresAtMs?: number;
  /** A hold can be extended once. */
  readonly extended?: boolean;
  /** When the request reached the stream. */
  readonly requestedAtMs: number;
  /** Absent while pending. */
  readonly decidedAtMs?: number;
  /** When it last changed after that. */
  readonly changedAtMs?: number;
}

/** Whether it is a hold whose time is over. At the exact moment of its expiry it is no longer alive. */
export const isDue = ({ status, expiresAtMs }: Reservation, atMs: number): boolean =>
  status === 'held' && expiresAtMs !== undefined && expiresAtMs <= atMs;

/** A reservation whose request is on the stream and not decided yet. */
export const pendingReservation = (request: ReservationRequested, streamId: StreamId): Reservation => {
  const { reservationId, showId, customerId, lines, reference } = request;
  return {
    id: reservationId,
    showId,
    customerId,
    status: 'pending',
    lines: sumLines(lines),
    ...(reference !== undefined && { reference }),
    requestedAtMs: msOf(streamId),
  };
};

/** What a later decision changes of a reservation. Draft, tables and rebuild all use it. */
export type ReservationChange = Partial<
  Pick<Reservation, 'status' | 'lines' | 'reference' | 'expiresAtMs' | 'extended' | 'changedAtMs'>
>;

/** The reservation that a first decision makes; undefined for all others. */
export const reservationMade = ({
  decision,
  streamId,
  decidedAtMs,
}: Pick<JournalEntry, 'decision' | 'streamId' | 'decidedAtMs'>): Reservation | undefined => {
  const status = statusMade(decision);
  if (!status || !('lines' in decision) || !streamId || 'released' in decision) return undefined;
  return {
    id: decision.reservationId,
    showId: decision.showId,
    customerId: decision.customerId,
    status,
    lines: decision.lines,
    ...(decision.reference !== undefined && { reference: decision.reference }),
    ...(decision.type === 'ReservationRejected' && rejectionOf(decision)),
    ...(decision.type === 'ReservationHeld' && { expiresAtMs: decision.expiresAtMs }),
    requestedAtMs: msOf(streamId),
    decidedAtMs,
  };
};

const rejectionOf = ({ reason, poolId, firstId }: Extract<Decision, { type: 'ReservationRejected' }>) => ({
  reason,
  ...(poolId !== undefined && { poolId }),
  ...(firstId !== undefined && { firstId }),
});

/** Whether it is a first decision. */
export const makesReservation = (decision: Decision): boolean => statusMade(decision) !== undefined;

const statusMade = (decision: Decision): ReservationStatus | undefined => {
  switch (decision.type) {
    case 'ReservationHeld':
      return 'held';
    case 'ReservationConfirmed':
      return decision.from === undefined ? 'confirmed' : undefined;
    case 'ReservationRejected':
      return 'rejected';
    default:
      return undefined;
  }
};

/** What a decision changes of the reservation it is about; undefined when it makes one or changes none. */
export const changeOf = (decision: Decision, atMs: number): ReservationChange | undefined => {
  switch (decision.type) {
    case 'ReservationConfirmed':
      if (decision.from === undefined) return undefined;
      return {
        status: 'confirmed',
        changedAtMs: atMs,
        ...(decision.reference !== undefined && { reference: decision.reference }),
      };
    case 'HoldExtended':
      return { expiresAtMs: decision.expiresAtMs, extended: true, changedAtMs: atMs };
    case 'ReservationReduced':
      return { lines: decision.lines, changedAtMs: atMs };
    case 'ReservationCancelled':
      return { status: 'cancelled', changedAtMs: atMs };
    case 'HoldExpired':
      return { status: 'expired', changedAtMs: atMs };
    default:
      return undefined;
  }
};
