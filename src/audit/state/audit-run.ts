import type { RequestId } from '../../domain/ids.ts';
import type { AuditReport, AuditSource } from '../contract.ts';
import type { ReportedStatuses } from './known-requests.ts';
import type { Notes } from './notes.ts';

/** The state of an audit between its steps. */
export interface AuditRun {
  readonly source: AuditSource;
  readonly notes: Notes;
  readonly reported: ReportedStatuses;
  /** The moments by which requests were on their streams, as clients know. */
  readonly arrivals: Map<RequestId, number>;
  /** What was reported as lost, so that nothing is reported twice. */
  readonly lost: Set<string>;
  /** How many entries are checked together. */
  readonly pageEntries: number;
  /** The maximum number of customers whose places are kept in memory, for one partition at a time. */
  readonly customersMax: number;
  /** The latest time of a decision in any partition. */
  readonly clockMs: number;
  readonly looked: { -readonly [What in keyof AuditReport['looked']]: number };
}
