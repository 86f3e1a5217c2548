import type { StreamId } from '../domain/stream-id.ts';

/** How one turn of the loop ended. Everything that can go wrong has a type here. */
export type Verdict =
  | { readonly type: 'committed'; readonly decisions: number }
  /** The database refused the batch for its data, and nothing was applied: the next one is smaller, or parks. */
  | { readonly type: 'halved' }
  /** Nothing to do until something newer than `after` arrives. */
  | { readonly type: 'idle'; readonly after: StreamId }
  /** Another projector claimed the partition: nothing of ours can be committed any more. */
  | { readonly type: 'fenced' }
  /** The lease went to another: nothing may be read any more. */
  | { readonly type: 'lease-lost' }
  /** The partition is worked from another database, of which ours may be a copy: nothing of it may be touched. */
  | { readonly type: 'another-database' }
  /** An entry was written by a newer version: this process must not judge it. */
  | { readonly type: 'newer'; readonly version: number }
  /** An external error (connection, deadlock, disk full): nothing was applied, try again later. */
  | {
      readonly type: 'retry';
      readonly error: Error;
      /** For the log: what could not be done, when it was not the batch. */
      readonly undone?: string;
    };
