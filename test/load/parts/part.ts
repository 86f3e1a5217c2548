import type { BenchServers } from '../bench-servers.ts';
import type { PromiseCheck } from '../kept.ts';
import type { Measurement } from '../measured.ts';
import type { Arguments } from '../read-arguments.ts';

export interface Bench {
  readonly servers: BenchServers;
  readonly asked: Arguments;
  readonly say: (line: string) => void;
  /** Whether nothing further may begin. */
  readonly isLate: () => boolean;
  /** Results of earlier parts of the run, for later parts and for the table. */
  readonly found: SharedFindings;
}

export interface SharedFindings {
  /** Our rate, once `throughput` has measured it. */
  committedPerSecond?: number;
  /** By side. */
  readonly kept: Map<string, PromiseCheck>;
}

export type RunPart = (bench: Bench) => Promise<readonly Measurement[]>;
