import type { Weather } from './weather.ts';

/** One simulated run, all of it: the rest follows from the seed. Data, so that it can be printed, shrunk and replayed. */
export interface Plan {
  readonly seed: string;
  readonly settings: Settings;
  /** In the order of their times. */
  readonly actions: readonly Action[];
}

export interface Settings {
  readonly partitions: number;
  readonly projectors: number;
  readonly apis: number;
  readonly batchMax: number;
  readonly leaseTtlMs: number;
  readonly retentionMs: number;
  /** When the last action has begun, faults end and everything must come right by itself. */
  readonly durationMs: number;
}

export type Action = { readonly atMs: number } & (ClientAction | Fault);

/** Numbers pick from what there is by then, so that every shrunken plan makes sense. */
export type ClientAction =
  | {
      readonly type: 'open';
      readonly show: number;
      readonly capacities: readonly number[];
      readonly holdSeconds?: number;
      readonly maxPerCustomer?: number;
      readonly maxPerRequest?: number;
      /** Of the sale, from the beginning of the run. */
      readonly opensInMs?: number;
      readonly closesInMs?: number;
    }
  | {
      readonly type: 'reserve';
      readonly show: number;
      readonly customer: number;
      readonly lines: readonly { readonly pool: number; readonly quantity: number }[];
      /** With a key the client tries again whenever it cannot be sure; the same number is the same key. */
      readonly key?: number;
      /** The database refuses whatever is decided of it. */
      readonly isIndigestible?: boolean;
      readonly waitMs: number;
    }
  | {
      readonly type: 'confirm' | 'extend' | 'cancel';
      /** Of the reservations answered so far, counted from the latest. */
      readonly nth: number;
      readonly key?: number;
      /** Of a payment that is confirmed with. */
      readonly reference?: number;
      /** What is given back, of all that there is. */
      readonly lines?: readonly { readonly pool: number; readonly quantity: number }[];
      /** A second unless it says otherwise. */
      readonly waitMs?: number;
    }
  | {
      readonly type: 'change';
      readonly show: number;
      readonly pool: number;
      readonly capacity?: number;
      readonly closed?: boolean;
      /** `null` clears it. */
      readonly maxPerCustomer?: number | null;
      readonly force: boolean;
    }
  /** Something that was sent before is put on the stream once more. */
  | { readonly type: 'again'; readonly nth: number };

type Server = 'redis' | 'mysql';

/** Each is over by itself after `forMs`, where it has one. */
export type Fault =
  | { readonly type: 'crash-projector'; readonly nth: number; readonly forMs: number }
  | { readonly type: 'crash-api'; readonly nth: number; readonly forMs: number }
  | { readonly type: 'freeze-projector'; readonly nth: number; readonly forMs: number }
  | { readonly type: 'freeze-api'; readonly nth: number; readonly forMs: number }
  | { readonly type: 'join' }
  | { readonly type: 'leave'; readonly nth: number }
  | { readonly type: 'cut-off'; readonly server: Server; readonly nth: number; readonly forMs: number }
  | { readonly type: 'down'; readonly server: Server; readonly forMs: number }
  | { readonly type: 'weather'; readonly server: Server; readonly weather: Weather; readonly forMs: number }
  /** What a later fail-over or restore goes back to. */
  | { readonly type: 'remember'; readonly server: Server }
  /** Redis as it was remembered, behind a clock that may be behind. */
  | { readonly type: 'fail-over'; readonly clockMs: number; readonly forMs: number }
  | { readonly type: 'lose-all'; readonly clockMs: number; readonly forMs: number }
  | { readonly type: 'restore-mysql'; readonly forMs: number }
  | { readonly type: 'redis-clock'; readonly aheadMs: number }
  | { readonly type: 'clock'; readonly nth: number; readonly aheadMs: number }
  /** A lease ends although its holder renews it: two believe to own the partition. */
  | { readonly type: 'forget-lease'; readonly partition: number }
  | { readonly type: 'out-of-memory'; readonly forMs: number };
