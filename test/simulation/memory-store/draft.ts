import { duplicateEntry } from './server-error.ts';
import type { Table } from './table.ts';

/** A transaction's changes to a table, invisible to others until it commits. `null` is a deleted row. */
export class Draft<R> {
  readonly #table: Table<R>;
  /** Takes a lock for the transaction, or throws. */
  readonly #hold: (lock: string) => void;
  readonly #rows = new Map<string, R | null>();
  readonly #uniques = new Set<string>();
  /** Each row of `rows` as it was before the current statement. */
  #undo: [key: string, before: R | null | undefined][] = [];

  constructor(table: Table<R>, hold: (lock: string) => void) {
    this.#table = table;
    this.#hold = hold;
  }

  get(key: string): R | undefined {
    const own = this.#rows.get(key);
    return own === undefined ? this.#table.get(key) : (own ?? undefined);
  }

  /** The row, locked: nobody else is changing it, and it stays so until the transaction ends. */
  locked(key: string): R | undefined {
    if (this.get(key) === undefined) return undefined;
    this.#hold(`${this.#table.shape.name} ${key}`);
    return this.get(key);
  }

  /**
   * Throws the server's error 1062 if a key is taken. Waits for a transaction that is inserting or deleting
   * that key.
   */
  insert(row: R): void {
    const { name, primary, unique } = this.#table.shape;
    const key = primary(row);
    this.#hold(`${name} ${key}`);
    if (this.get(key) !== undefined) throw duplicateEntry(key, 'PRIMARY');
    const value = unique?.of(row);
    if (unique && typeof value === 'string') {
      this.#hold(`${name} ${unique.name} ${value}`);
      if (this.#table.byUnique(value) !== undefined || this.#uniques.has(value))
        throw duplicateEntry(value, unique.name);
      this.#uniques.add(value);
    }
    this.#write(key, row);
  }

  /** The row must be locked. */
  replace(row: R): void {
    this.#write(this.#table.shape.primary(row), row);
  }

  /** The row must be locked. */
  remove(key: string): void {
    this.#write(key, null);
  }

  beginStatement(): void {
    if (this.#undo.length > 0) this.#undo = [];
  }

  undoStatement(): void {
    const { unique } = this.#table.shape;
    for (const [key, before] of this.#undo.toReversed()) {
      const row = this.#rows.get(key);
      const value = row && unique?.of(row);
      if (typeof value === 'string') this.#uniques.delete(value);
      if (before === undefined) this.#rows.delete(key);
      else this.#rows.set(key, before);
    }
    this.#undo = [];
  }

  commit(): void {
    for (const [key, row] of this.#rows) {
      if (row === null) this.#table.remove(key);
      else this.#table.put(row);
    }
  }

  #write(key: string, row: R | null): void {
    this.#undo.push([key, this.#rows.get(key)]);
    this.#rows.set(key, row);
  }
}
