import type { RequestId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Clock, Random } from '../domain/ports.ts';
import type { RequestKey } from '../domain/requests.ts';
import type { Identity } from '../http/identity.ts';
import type { ProblemCode } from '../http/problems.ts';
import type { ReservationIds } from '../http/reservation-ids.ts';
import type {
  Backlogs,
  Boards,
  Closings,
  KeyOwner,
  Outcomes,
  RequestAppender,
  RequestKeys,
} from '../log/contract.ts';
import type { BacklogLimits } from './door.ts';

/** What the command routes need of the world. */
export interface CommandOptions {
  /** P: ids made for a higher partition are of another installation. */
  readonly partitions: number;
  readonly identity: Identity;
  readonly reservationIds: ReservationIds;
  readonly appender: RequestAppender;
  readonly boards: Boards;
  readonly closings: Closings;
  readonly backlogs: Backlogs;
  readonly backlogLimits: BacklogLimits;
  readonly outcomes: Outcomes;
  readonly keys: Pick<RequestKeys, 'owner'>;
  /** The request that the tables know by this key; asked before a refusal at the door, when Redis knows none. */
  readonly keyOnRecord: (key: RequestKey) => Promise<KeyOwner | undefined>;
  /** What the tables know of a request; asked only for keys seen before. May throw: nobody is stopped by that. */
  readonly lookUp: (id: RequestId) => Promise<Outcome | undefined>;
  /** Whether every POST has to have an Idempotency-Key. */
  readonly requireKeys: boolean;
  /** The wall clock goes into ids and decides nothing. */
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  readonly random: Random;
  /** Where a new show goes unless it says so itself. Throws when nobody can be asked. */
  readonly choosePartition: () => Promise<number>;
  /** Told of each refusal at the door: it leaves no other trace. */
  readonly onRefused: (code: ProblemCode) => void;
}
