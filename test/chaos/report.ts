import type { Judgement } from './judge.ts';
import type { PlannedFault } from './schedule.ts';
import type { TakeOver } from './take-overs.ts';

/** A fault that was injected, and its effects. */
export interface InjectedFault extends PlannedFault {
  /** Time since the beginning of the load. */
  readonly atMs: number;
  readonly tookMs: number;
  /** From its end until every partition accepted and decided again; undefined if that took too long. */
  readonly recoveredMs: number | undefined;
  /** The longest time without a decision that overlaps the fault or the recovery. */
  readonly gapMs: number;
  readonly notes: readonly string[];
  readonly wrong: readonly string[];
}

/** One promise that was checked besides the audit. */
export interface Check {
  readonly what: string;
  readonly verdict: 'kept' | 'broken' | 'skipped';
}

export interface PartReport {
  readonly name: string;
  readonly seconds: number;
  readonly verdict: 'kept' | 'broken';
  readonly faults: readonly InjectedFault[];
  readonly requests: Readonly<Record<string, number>>;
  readonly takeOvers: readonly TakeOver[];
  /** Undefined if it was not measured. */
  readonly longestGapMs: number | undefined;
  readonly checks: readonly Check[];
  /** The audits by name: one, or one before and one after a repair. */
  readonly audits: Readonly<Record<string, Judgement>>;
}

export interface DrillReport {
  readonly version: string;
  readonly node: string;
  readonly startedAt: string;
  readonly seed: number;
  readonly command: string;
  readonly seconds: number;
  readonly verdict: 'kept' | 'broken';
  readonly parts: readonly PartReport[];
}
