import { duplicateEntry } from './server-error.ts';
import type { Table } from './table.ts';

/** What a transaction has done to a table: seen by itself alone until it commits. `null` is a deleted row. */
export class Draft<R> {
  readonly #table: Table<R>;
  /** Takes a lock for the transaction, or throws. */
  readonly #hold: (lock: string) => void;
  readonly #rows = new Map<string, R | null>();
  readonly #uniques = new Set<string>();
  /** What each row of `rows` was before the statement that runs. */
  #undo: [key: string, before: R | null | undefined][] = [];

  constructor(table: Table<R>, hold: (lock: string) => void) {
    this.#table = table;
    this.#hold = hold;
  }

  get(key: string): R | undefined {
    const own = this.#rows.get(key);
    return own === undefined ? this.#table.get(key) : (own ?? undefined);
  }

  /** The row as it is once nobody else is changing it, and as it stays until the transaction ends. */
  locked(key: string): R | undefined {
    if (this.get(key) === undefined) return undefined;
    this.#hold(`${this.#table.shape.name} ${key}`);
    return this.get(key);
  }

  /** Throws the server's 1062 where a key is taken; waits for whoever may be about to take it or to give it back. */
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

  /** Of a row that is locked. */
  replace(row: R): void {
    this.#write(this.#table.shape.primary(row), row);
  }

  /** Of a row that is locked. */
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
