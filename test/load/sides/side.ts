import type { Pool } from 'mysql2/promise';

/** The target of the load: the same request for every side, except for the id of the show. */
export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Urls {
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

export interface SideOptions extends Urls {
  readonly capacity: number;
}

/** A sale according to the tables. */
export interface SaleCount {
  readonly places: number;
  /** The mark of every request that has places; more than once if it was sold twice. */
  readonly references: readonly string[];
}

/** One way to sell, started on empty servers. */
export interface RunningSide {
  readonly target: Target;
  /** Its own processes, by role. */
  readonly pids: () => Readonly<Record<string, number>>;
  /**
   * Number of requests that are decided and on disk, for sides that decide after their answer. Cheap to call.
   */
  readonly decided: () => Promise<number>;
  readonly sold: () => Promise<SaleCount>;
  /** Kills all its own processes with -9 and starts them again on the data that they left. */
  readonly crash: () => Promise<void>;
  readonly recover: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface Side {
  readonly id: string;
  readonly name: string;
  readonly start: (options: SideOptions) => Promise<RunningSide>;
}

/** Our side can also let requests queue up. */
export interface OurRunningSide extends RunningSide {
  readonly showId: string;
  readonly database: Pool;
  /** Of the API processes beside the one in `target`. */
  readonly otherUrls: readonly string[];
  /** Where the API process in `target` answers probes and metrics. */
  readonly opsUrl: string;
  readonly stopProjectors: () => Promise<void>;
  readonly startProjectors: () => Promise<void>;
}

export interface OurSide extends Side {
  readonly start: (options: SideOptions) => Promise<OurRunningSide>;
}
