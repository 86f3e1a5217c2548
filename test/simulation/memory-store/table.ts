/** The keys and indexes of a table. */
export interface Shape<R> {
  readonly name: string;
  readonly primary: (row: R) => string;
  /** A unique key besides the primary one, for rows that never change; NULL may occur any number of times. */
  readonly unique?: { readonly name: string; readonly of: (row: R) => string | null };
  /** Indexes from a value to its rows; NULL is not indexed. */
  readonly groups?: Readonly<Record<string, (row: R) => string | null>>;
}

interface Index<R> {
  readonly name: string;
  readonly of: (row: R) => string | null;
  readonly rows: Map<string, Map<string, R>>;
}

/** Committed rows. They are never changed in place, so a copy of the map is a snapshot. */
export class Table<R> {
  readonly shape: Shape<R>;
  readonly #rows = new Map<string, R>();
  readonly #uniques = new Map<string, R>();
  readonly #groups: readonly Index<R>[];

  constructor(shape: Shape<R>) {
    this.shape = shape;
    this.#groups = Object.entries(shape.groups ?? {}).map(([name, of]) => ({ name, of, rows: new Map() }));
  }

  get(key: string): R | undefined {
    return this.#rows.get(key);
  }

  byUnique(value: string): R | undefined {
    return this.#uniques.get(value);
  }

  all(): Iterable<R> {
    return this.#rows.values();
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Rows with this value in an index, in no defined order. */
  group(index: string, value: string): readonly R[] {
    const found = this.#groups.find(({ name }) => name === index);
    if (!found) throw new Error(`${this.shape.name} has no index ${index}`);
    return [...(found.rows.get(value)?.values() ?? [])];
  }

  put(row: R): void {
    const key = this.shape.primary(row);
    const before = this.#rows.get(key);
    this.#rows.set(key, row);
    const unique = this.shape.unique?.of(row);
    if (typeof unique === 'string') this.#uniques.set(unique, row);
    for (const { of, rows } of this.#groups) {
      const value = of(row);
      if (before !== undefined && of(before) !== value) leave(rows, of(before), key);
      if (value === null) continue;
      const group = rows.get(value);
      if (group) group.set(key, row);
      else rows.set(value, new Map([[key, row]]));
    }
  }

  remove(key: string): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    this.#rows.delete(key);
    const unique = this.shape.unique?.of(row);
    if (typeof unique === 'string') this.#uniques.delete(unique);
    for (const { of, rows } of this.#groups) leave(rows, of(row), key);
  }

  copy(): ReadonlyMap<string, R> {
    return new Map(this.#rows);
  }

  load(rows: ReadonlyMap<string, R>): void {
    for (const key of [...this.#rows.keys()]) this.remove(key);
    for (const row of rows.values()) this.put(row);
  }
}

const leave = <R>(rows: Map<string, Map<string, R>>, value: string | null, key: string): void => {
  if (value !== null) rows.get(value)?.delete(key);
};
