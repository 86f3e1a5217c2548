import type { Clock } from '../domain/ports.ts';
import type { Identity } from '../http/identity/identity.ts';
import type { OwnIdOptions } from '../http/identity/own-reservation-id.ts';
import type { Backlogs, Outcomes } from '../log/contract.ts';
import type { StreamLimits } from './event-streams.ts';
import type { FollowOptions } from './follow.ts';
import type { FeedOptions } from './follow-feed.ts';
import type { LookUpOptions } from './look-up-reservation.ts';

/** The dependencies and settings of the query routes. */
export interface QueryOptions extends LookUpOptions, FollowOptions, OwnIdOptions {
  readonly identity: Identity;
  readonly backlogs: Backlogs;
  readonly outcomes: Outcomes;
  readonly streamLimits: StreamLimits;
  readonly feed: FeedOptions;
  /** Ends the streams of clients whose credentials have expired. */
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Aborted when the process begins to stop: streams end. */
  readonly stopping: AbortSignal;
}
