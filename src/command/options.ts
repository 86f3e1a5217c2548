import type { Clock } from '../domain/ports.ts';
import type { Identity } from '../http/identity/identity.ts';
import type { ReservationIds } from '../http/identity/reservation-ids.ts';
import type { ClosingNotices } from '../log/contract.ts';
import type { AdmitOptions } from './admit.ts';
import type { DoorOptions } from './door.ts';
import type { NewIdOptions } from './new-id.ts';

/** What the command routes need of the world. */
export interface CommandOptions extends DoorOptions, AdmitOptions, NewIdOptions {
  readonly identity: Identity;
  readonly reservationIds: ReservationIds;
  readonly closings: ClosingNotices;
  /** Whether every POST has to have an Idempotency-Key. */
  readonly requireKeys: boolean;
  /** The wall clock goes into ids and decides nothing. */
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  /** Where a new show goes unless it says so itself. Throws when nobody can be asked. */
  readonly choosePartition: () => Promise<number>;
}
