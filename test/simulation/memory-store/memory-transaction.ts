import { Draft } from './draft.ts';
import type { Locks } from './locks.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

/** A transaction at READ COMMITTED: what it wrote is its own, what it reads of others is committed. */
export class MemoryTransaction {
  readonly committed: Tables;
  readonly own: Drafts;
  readonly #locks: Locks<MemoryTransaction>;

  constructor(tables: Tables, locks: Locks<MemoryTransaction>) {
    this.committed = tables;
    this.#locks = locks;
    this.own = newDrafts(tables, (lock) => locks.take(lock, this));
  }

  /** All of a statement or nothing of it; the locks it took stay. */
  statement<T>(work: (transaction: MemoryTransaction) => T): T {
    for (const draft of Object.values(this.own)) draft.beginStatement();
    try {
      return work(this);
    } catch (error) {
      for (const draft of Object.values(this.own)) draft.undoStatement();
      throw error;
    }
  }

  commit(): void {
    for (const draft of Object.values(this.own)) draft.commit();
    this.#locks.release(this);
  }

  rollback(): void {
    this.#locks.release(this);
  }
}

const newDrafts = (tables: Tables, hold: (lock: string) => void) => {
  const draft = <R>(table: Table<R>): Draft<R> => new Draft(table, hold);
  return {
    partitions: draft(tables.partitions),
    settings: draft(tables.settings),
    journal: draft(tables.journal),
    shows: draft(tables.shows),
    pools: draft(tables.pools),
    reservations: draft(tables.reservations),
    reservationDecisions: draft(tables.reservationDecisions),
    holds: draft(tables.holds),
    requestKeys: draft(tables.requestKeys),
    parked: draft(tables.parked),
  };
};

type Drafts = ReturnType<typeof newDrafts>;
