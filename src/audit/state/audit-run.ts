import type { RequestId } from '../../domain/ids.ts';
import type { AuditReport, AuditSource } from '../contract.ts';
import type { ReportedStatuses } from './known-requests.ts';
import type { Notes } from './notes.ts';

/** The state of an audit between its steps. */
export interface AuditRun {
  readonly source: AuditSource;
  readonly notes: Notes;
  readonly reported: ReportedStatuses;
  /** By when requests were on their streams, as clients know. */
  readonly arrivals: Map<RequestId, number>;
  /** What was reported as lost, so that nothing is counted twice. */
  readonly lost: Set<string>;
  /** How many entries are looked at together. */
  readonly pageEntries: number;
  /** How many customers' places are remembered, of a partition at a time. */
  readonly customersMax: number;
  /** The latest time that decisions of any partition were made at. */
  readonly clockMs: number;
  readonly looked: { -readonly [What in keyof AuditReport['looked']]: number };
}
