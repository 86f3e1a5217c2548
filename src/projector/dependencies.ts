import type { Clock, Logger, Random } from '../domain/ports.ts';
import type { PartitionLog } from '../log/contract.ts';
import type { PartitionStore } from '../store/contract.ts';

/** What a projector is handed: everything that touches the world. */
export interface ProjectorDependencies {
  readonly log: PartitionLog;
  readonly store: PartitionStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly settings: {
    /** Written into the claim, for people who look. */
    readonly projectorId: string;
    /** Entries read, decided and committed at once, at the most. */
    readonly batchMax: number;
  };
}
