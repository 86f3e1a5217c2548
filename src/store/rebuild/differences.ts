const NAMED_MAX = 100;

/** The rows of one key, where the live table does not hold what the journal says. */
export interface Difference {
  readonly table: string;
  /** The id of the reservation or show, or the hash of an idempotency key. */
  readonly key: string;
  readonly what: 'missing' | 'left over' | 'different';
}

/** The differences found so far. */
export interface Differences {
  /**
   * How many there are. Once `named` is full, a difference may count twice if a decision changes its row
   * between two comparisons.
   */
  count: number;
  /** The first differences found, by table and key. */
  readonly named: Map<string, Difference>;
}

export const newDifferences = (): Differences => ({ count: 0, named: new Map() });

export const addDifference = (differences: Differences, found: Difference): void => {
  const name = `${found.table} ${found.key}`;
  if (differences.named.has(name)) return;
  differences.count += 1;
  if (differences.named.size < NAMED_MAX) differences.named.set(name, found);
};
