import type { Clock } from '../domain/ports.ts';
import type { Identity } from '../http/identity.ts';
import type { ReservationIds } from '../http/reservation-ids.ts';
import type { Backlogs, LogTail, Outcomes, OutcomeWatch } from '../log/contract.ts';
import type { Reader } from '../store/contract.ts';
import type { StreamLimits } from './event-streams.ts';

/** What the query routes need of the world. */
export interface QueryOptions {
  /** P: ids made for a higher partition are of another installation. */
  readonly partitions: number;
  readonly identity: Identity;
  readonly reservationIds: Pick<ReservationIds, 'isOwn'>;
  readonly reader: Reader;
  /** A server that may be a little behind, where there is one: for lists, and for what a client has not seen in a newer state. */
  readonly replica?: Reader | undefined;
  readonly tail: LogTail;
  readonly backlogs: Backlogs;
  readonly outcomes: Outcomes;
  readonly watches: OutcomeWatch;
  readonly streamLimits: StreamLimits;
  /** Ends the streams of those who are believed no longer. */
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Aborted when the process begins to stop: streams end. */
  readonly stopping: AbortSignal;
}
