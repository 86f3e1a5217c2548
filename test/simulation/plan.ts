import type { Weather } from './weather.ts';

/**
 * Everything about one simulated run; the rest follows from the seed. It is data, so that it can be printed,
 * shrunk and replayed.
 */
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
  /** With `replicated`, an append waits until a replica has it. Default: `disk`. */
  readonly durability?: 'disk' | 'replicated';
  /** At this time all actions have begun. Faults end here, and the system must recover by itself. */
  readonly durationMs: number;
}

export type Action = { readonly atMs: number } & (ClientAction | Fault);

/** Numbers choose among what exists at that moment, so that every shrunken plan is valid. */
export type ClientAction =
  | {
      readonly type: 'open';
      readonly show: number;
      readonly capacities: readonly number[];
      readonly holdSeconds?: number;
      readonly maxPerCustomer?: number;
      readonly maxPerRequest?: number;
      readonly confirmBy?: 'service';
      /** Begin of the sale, ms after the run began. */
      readonly opensInMs?: number;
      readonly closesInMs?: number;
    }
  | {
      readonly type: 'reserve';
      readonly show: number;
      readonly customer: number;
      readonly lines: readonly { readonly pool: number; readonly quantity: number }[];
      /** With a key, the client tries again while the result is unknown; the same number is the same key. */
      readonly key?: number;
      /** The database refuses every decision about this request. */
      readonly isIndigestible?: boolean;
      readonly waitMs: number;
    }
  | {
      readonly type: 'confirm' | 'extend' | 'cancel';
      /** Index into the reservations answered so far, counted from the latest. */
      readonly nth: number;
      readonly key?: number;
      /** Number of the payment to confirm with. */
      readonly reference?: number;
      /** The part to cancel; everything if absent. */
      readonly lines?: readonly { readonly pool: number; readonly quantity: number }[];
      /** Who asks; a service names no customer. Default: the customer. */
      readonly by?: 'customer' | 'service';
      /** The database refuses every decision about this confirmation. */
      readonly isIndigestible?: boolean;
      /** Default: one second. */
      readonly waitMs?: number;
    }
  | {
      readonly type: 'change';
      readonly show: number;
      readonly pool: number;
      readonly capacity?: number;
      readonly closed?: boolean;
      /** `null` clears the limit. */
      readonly maxPerCustomer?: number | null;
      /** As in `open`. */
      readonly opensInMs?: number | null;
      readonly closesInMs?: number | null;
      readonly force: boolean;
    }
  /** One call for several customers. */
  | { readonly type: 'many'; readonly requests: readonly OneOfMany[]; readonly waitMs: number }
  /** Appends something that was sent before to the stream once more. */
  | { readonly type: 'again'; readonly nth: number }
  /** Looks at a reservation once, or watches it. */
  | { readonly type: 'look'; readonly nth: number }
  | { readonly type: 'watch'; readonly nth: number }
  /** A request that an API process of a newer version puts on the stream: nobody here can read it yet. */
  | {
      readonly type: 'newer';
      readonly show: number;
      readonly customer: number;
      readonly lines: readonly { readonly pool: number; readonly quantity: number }[];
      readonly key?: number;
    };

interface OneOfMany {
  readonly show: number;
  readonly customer: number;
  readonly lines: readonly { readonly pool: number; readonly quantity: number }[];
  /** With a key, the client sends it again while the result is unknown; the same number is the same key. */
  readonly key?: number;
  /** No lines, or a show that does not exist. */
  readonly mistake?: 'lines' | 'show';
  /** The database refuses every decision about this request. */
  readonly isIndigestible?: boolean;
}

type Server = 'redis' | 'mysql';

/** A fault with `forMs` ends by itself after that time. */
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
  /** Takes the snapshot that a later fail-over or restore returns to. */
  | { readonly type: 'remember'; readonly server: Server }
  /** Redis returns to its snapshot, with a clock that differs by `clockMs`, possibly backwards. */
  | { readonly type: 'fail-over'; readonly clockMs: number; readonly forMs: number }
  | { readonly type: 'lose-all'; readonly clockMs: number; readonly forMs: number }
  | { readonly type: 'restore-mysql'; readonly forMs: number }
  | { readonly type: 'redis-clock'; readonly aheadMs: number }
  | { readonly type: 'clock'; readonly nth: number; readonly aheadMs: number }
  /** A lease ends although its holder renews it: two processes believe that they own the partition. */
  | { readonly type: 'forget-lease'; readonly partition: number }
  | { readonly type: 'out-of-memory'; readonly forMs: number }
  /** Somebody else writes an entry that is no request; which one, by `nth`. */
  | { readonly type: 'broken'; readonly partition: number; readonly nth: number }
  /** From now on entries of the newer version can be read. */
  | { readonly type: 'upgrade' }
  /** The replica takes over, with all that it has acknowledged. */
  | { readonly type: 'promote'; readonly clockMs: number; readonly forMs: number }
  | { readonly type: 'cut-replica'; readonly forMs: number };
