/** How rows of a table are told apart and found. */
export interface Shape<R> {
  readonly name: string;
  readonly primary: (row: R) => string;
  /** A unique key besides the primary one; null is as often there as one likes. */
  readonly unique?: { readonly name: string; readonly of: (row: R) => string | null };
  /** An index that leads from a value to its rows; null is not in it. */
  readonly groups?: Readonly<Record<string, (row: R) => string | null>>;
}

/** Committed rows. They are never changed in place, so that a snapshot is a copy of the map. */
export class Table<R> {
  readonly shape: Shape<R>;
  readonly #rows = new Map<string, R>();
  readonly #uniques = new Map<string, R>();
  readonly #groups = new Map<string, Map<string, Map<string, R>>>();

  constructor(shape: Shape<R>) {
    this.shape = shape;
    for (const name of Object.keys(shape.groups ?? {})) this.#groups.set(name, new Map());
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

  /** Rows of an index with this value, in no order that one may rely on. */
  group(index: string, value: string): readonly R[] {
    const groups = this.#groups.get(index);
    if (!groups) throw new Error(`${this.shape.name} has no index ${index}`);
    return [...(groups.get(value)?.values() ?? [])];
  }

  put(row: R): void {
    const key = this.shape.primary(row);
    this.remove(key);
    this.#rows.set(key, row);
    const unique = this.shape.unique?.of(row);
    if (typeof unique === 'string') this.#uniques.set(unique, row);
    for (const [name, of] of Object.entries(this.shape.groups ?? {})) {
      const value = of(row);
      if (value === null) continue;
      const groups = this.#groups.get(name);
      const group = groups?.get(value) ?? new Map<string, R>();
      groups?.set(value, group.set(key, row));
    }
  }

  remove(key: string): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    this.#rows.delete(key);
    const unique = this.shape.unique?.of(row);
    if (typeof unique === 'string') this.#uniques.delete(unique);
    for (const [name, of] of Object.entries(this.shape.groups ?? {})) {
      const value = of(row);
      if (value !== null) this.#groups.get(name)?.get(value)?.delete(key);
    }
  }

  copy(): ReadonlyMap<string, R> {
    return new Map(this.#rows);
  }

  load(rows: ReadonlyMap<string, R>): void {
    for (const key of [...this.#rows.keys()]) this.remove(key);
    for (const row of rows.values()) this.put(row);
  }
}
