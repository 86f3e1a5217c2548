import type { CustomerId, PoolId, RequestId, ReservationId, ShowId } from './ids.ts';
import type { Line } from './lines.ts';

export interface PoolOpening {
  readonly id: PoolId;
  readonly name: string;
  readonly capacity: number;
}

/** What may be set for a show beyond its pools; an absent rule does not limit. */
export interface ShowRules {
  /** Places one reservation may ask for, over all its lines. */
  readonly maxPerRequest?: number;
  /** The sale's window, by the entry's time in the stream (ms since the epoch). */
  readonly opensAtMs?: number;
  readonly closesAtMs?: number;
}

export interface ShowOpeningRequested {
  readonly type: 'ShowOpeningRequested';
  readonly showId: ShowId;
  readonly name: string;
  readonly pools: readonly PoolOpening[];
  readonly rules: ShowRules;
}

export interface ReservationRequested {
  readonly type: 'ReservationRequested';
  readonly reservationId: ReservationId;
  readonly showId: ShowId;
  readonly customerId: CustomerId;
  readonly lines: readonly Line[];
  readonly reference?: string;
}

/** A command once it is on the stream. */
export type RequestEvent = ShowOpeningRequested | ReservationRequested;

/** What makes a request itself: at most one decision is ever made for it, however often it arrives. */
export const requestIdOf = (request: RequestEvent): RequestId => {
  switch (request.type) {
    case 'ShowOpeningRequested':
      return request.showId;
    case 'ReservationRequested':
      return request.reservationId;
  }
};
