import type { Clock, Logger, Random } from '../domain/ports.ts';
import type { PartitionLog } from '../log/contract.ts';
import type { PartitionStore } from '../store/contract.ts';

/** What an owner keeps in memory of its partition. */
export interface Remembering {
  readonly partition: number;
  readonly ledgers: { readonly bytes: number };
  readonly customers: { readonly bytes: number };
  /** Holds that are due and that the database refuses to let lapse. */
  readonly stuckHolds: ReadonlySet<string>;
}

/** What a projector is handed: everything that touches the world. */
export interface ProjectorDependencies {
  readonly log: PartitionLog;
  readonly store: PartitionStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Told of each partition that was claimed, for whoever wants to see how much is remembered of it. */
  readonly onTakenOver?: (owned: Remembering) => void;
  readonly settings: {
    /** Written into the claim, for people who look. */
    readonly projectorId: string;
    /** Entries read, decided and committed at once, at the most. */
    readonly batchMax: number;
  };
}
