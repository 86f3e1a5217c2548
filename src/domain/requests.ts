import {
  type CustomerId,
  type PoolId,
  parseReservationId,
  parseShowId,
  type RequestId,
  type ReservationId,
  type ShowId,
} from './ids.ts';
import type { Line } from './lines.ts';
import type { TraceContext } from './trace-context.ts';

export interface PoolOpening {
  readonly id: PoolId;
  readonly name: string;
  readonly capacity: number;
}

/** Settings of a show beside its pools; an absent rule sets no limit. */
export interface ShowRules {
  /** Places one reservation may ask for, over all its lines. */
  readonly maxPerRequest?: number;
  /** Places one customer may have of the show, held and confirmed, over all reservations. */
  readonly maxPerCustomer?: number;
  /** When set, places are held for so long after the decision and have to be confirmed. */
  readonly holdSeconds?: number;
  /** Who may confirm a hold; the customer unless said otherwise. */
  readonly confirmBy?: 'customer' | 'service';
  /** The sale's window, by the entry's time in the stream (ms since the epoch). */
  readonly opensAtMs?: number;
  readonly closesAtMs?: number;
  /** Closed by hand: stops new reservations, not confirms. */
  readonly closed?: boolean;
}

/** Who sends a request: the customer, a service that acts for the customer, or an administrator. */
export type Actor = 'customer' | 'service' | 'admin';

/**
 * The client's idempotency key. `hash` is of customer and key; `fingerprint` is of the request's content, to tell a retry
 * from a different request under the same key. 32 hex digits each.
 */
export interface RequestKey {
  readonly hash: string;
  readonly fingerprint: string;
}

export interface ShowOpeningRequested {
  readonly type: 'ShowOpeningRequested';
  readonly showId: ShowId;
  readonly name: string;
  readonly pools: readonly PoolOpening[];
  readonly rules: ShowRules;
  readonly key?: RequestKey;
  readonly trace?: TraceContext;
}

/** A pool by its id: a new id adds one, which then needs name and capacity. */
export interface PoolChange {
  readonly id: PoolId;
  readonly name?: string;
  readonly capacity?: number;
}

/** `null` clears a rule; what is absent stays. */
export type RuleChanges = { readonly [Rule in keyof ShowRules]?: ShowRules[Rule] | null };

export interface ShowChangeRequested {
  readonly type: 'ShowChangeRequested';
  readonly requestId: RequestId;
  readonly showId: ShowId;
  /** The revisions the change was made for: at any other revision it is refused. Absent for a change of any revision. */
  readonly revisions?: readonly number[];
  readonly name?: string;
  readonly pools?: readonly PoolChange[];
  readonly rules?: RuleChanges;
  /** With it, a capacity below what is held and confirmed becomes a target, reached as places come back. */
  readonly force: boolean;
  readonly key?: RequestKey;
  readonly trace?: TraceContext;
}

export interface ReservationRequested {
  readonly type: 'ReservationRequested';
  readonly reservationId: ReservationId;
  readonly showId: ShowId;
  readonly customerId: CustomerId;
  readonly lines: readonly Line[];
  readonly reference?: string;
  readonly key?: RequestKey;
  readonly trace?: TraceContext;
}

/** The common part of requests about an existing reservation. It names no show: the reservation does. */
export interface FollowUp {
  readonly requestId: RequestId;
  readonly reservationId: ReservationId;
  /** The customer who must own it. Absent only when a service or an administrator names none. */
  readonly customerId?: CustomerId;
  readonly actor: Actor;
  readonly key?: RequestKey;
  readonly trace?: TraceContext;
}

export interface ConfirmationRequested extends FollowUp {
  readonly type: 'ConfirmationRequested';
  readonly reference?: string;
}

export interface ExtensionRequested extends FollowUp {
  readonly type: 'ExtensionRequested';
}

export interface CancellationRequested extends FollowUp {
  readonly type: 'CancellationRequested';
  /** What to give back; all of it when absent. */
  readonly lines?: readonly Line[];
}

export type FollowUpRequested = ConfirmationRequested | ExtensionRequested | CancellationRequested;

/** A command once it is on the stream. */
export type RequestEvent =
  | ShowOpeningRequested
  | ShowChangeRequested
  | ReservationRequested
  | FollowUpRequested;

/** The id of a request: at most one decision is ever made for it, however often the request arrives. */
export const requestIdOf = (request: RequestEvent): RequestId => {
  switch (request.type) {
    case 'ShowOpeningRequested':
      return request.showId;
    case 'ReservationRequested':
      return request.reservationId;
    case 'ShowChangeRequested':
    case 'ConfirmationRequested':
    case 'ExtensionRequested':
    case 'CancellationRequested':
      return request.requestId;
  }
};

/** The request with the id of the one that it repeats; undefined when that is no id of its kind. */
export const withId = <Request extends RequestEvent>(
  request: Request,
  id: RequestId,
): Request | undefined => {
  switch (request.type) {
    case 'ShowOpeningRequested': {
      const showId = parseShowId(id);
      return showId && { ...request, showId };
    }
    case 'ReservationRequested': {
      const reservationId = parseReservationId(id);
      return reservationId && { ...request, reservationId };
    }
    case 'ShowChangeRequested':
    case 'ConfirmationRequested':
    case 'ExtensionRequested':
    case 'CancellationRequested':
      return { ...request, requestId: id };
  }
};

export const isFollowUp = (request: RequestEvent): request is FollowUpRequested =>
  request.type === 'ConfirmationRequested' ||
  request.type === 'ExtensionRequested' ||
  request.type === 'CancellationRequested';
