import type { Clock, Logger, Random } from '../domain/ports.ts';
import type { PartitionLog } from '../log/contract.ts';
import type { PartitionStore } from '../store/contract.ts';

/** What an owner caches of its partition. */
export interface PartitionCaches {
  readonly partition: number;
  readonly ledgers: { readonly bytes: number };
  readonly customers: { readonly bytes: number };
  /** Holds that are due and that the database refuses to let lapse. */
  readonly stuckHolds: ReadonlySet<string>;
}

/** Everything a projector needs from outside. */
export interface ProjectorDependencies {
  readonly log: PartitionLog;
  readonly store: PartitionStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Called with each partition after its claim, for the metrics of its caches. */
  readonly onTakenOver?: (owned: PartitionCaches) => void;
  readonly settings: {
    /** Written into the claim, for people who inspect it. */
    readonly projectorId: string;
    /** Limit of the entries that are read, decided and committed at once. */
    readonly batchMax: number;
  };
}
