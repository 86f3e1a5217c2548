import { Draft } from './draft.ts';
import type { Locks } from './locks.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

/** A transaction at READ COMMITTED: it sees its own writes and the committed rows of others. */
export class MemoryTransaction {
  readonly committed: Tables;
  readonly #locks: Locks<MemoryTransaction>;
  /** Created on the first write; most transactions only read committed rows once. */
  #drafts: Drafts | undefined;

  constructor(tables: Tables, locks: Locks<MemoryTransaction>) {
    this.committed = tables;
    this.#locks = locks;
  }

  get own(): Drafts {
    this.#drafts ??= newDrafts(this.committed, (lock) => this.#locks.take(lock, this));
    return this.#drafts;
  }

  /** Applies a whole statement or nothing of it; the locks it took stay. */
  statement<T>(work: (transaction: MemoryTransaction) => T): T {
    for (const draft of this.#all()) draft.beginStatement();
    try {
      return work(this);
    } catch (error) {
      for (const draft of this.#all()) draft.undoStatement();
      throw error;
    }
  }

  commit(): void {
    for (const draft of this.#all()) draft.commit();
    this.#locks.release(this);
  }

  rollback(): void {
    this.#locks.release(this);
  }

  #all(): readonly Pick<Draft<unknown>, 'beginStatement' | 'undoStatement' | 'commit'>[] {
    return this.#drafts ? Object.values(this.#drafts) : [];
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
