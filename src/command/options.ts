import type { Clock } from '../domain/ports.ts';
import type { Identity } from '../http/identity/identity.ts';
import type { ReservationIds } from '../http/identity/reservation-ids.ts';
import type { ClosingNotices } from '../log/contract.ts';
import type { AdmitOptions } from './admit.ts';
import type { DoorOptions } from './door.ts';
import type { NewIdOptions } from './new-id.ts';

export interface CallOfMany {
  /** The length of the body; undefined where the client did not tell it before. */
  readonly bodyBytes: number | undefined;
  /** The status of the answer to each request. */
  readonly statuses: readonly number[];
}

/** The dependencies and settings of the command routes. */
export interface CommandOptions extends DoorOptions, AdmitOptions, NewIdOptions {
  readonly identity: Identity;
  readonly reservationIds: ReservationIds;
  readonly closings: ClosingNotices;
  /** Whether every POST has to have an Idempotency-Key. */
  readonly requireKeys: boolean;
  /** Called when a call of many requests is answered. */
  readonly onManyAnswered: (call: CallOfMany) => void;
  /** The wall clock is used in ids, and decides nothing. */
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  /** The partition of a new show, unless the show names one. Throws when no server can be asked. */
  readonly choosePartition: () => Promise<number>;
}
