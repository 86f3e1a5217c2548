const NAMED_MAX = 100;

/** Rows of one key that are not what the journal says. */
export interface Difference {
  readonly table: string;
  /** The id of the reservation or show, or a key's hash. */
  readonly key: string;
  readonly what: 'missing' | 'left over' | 'different';
}

/** What was found; grows while the tables are compared. */
export interface Differences {
  /** All of them. Beyond those that are named, one that is decided upon meanwhile may count again. */
  count: number;
  /** The first of them. */
  readonly named: Map<string, Difference>;
}

export const newDifferences = (): Differences => ({ count: 0, named: new Map() });

export const addDifference = (differences: Differences, found: Difference): void => {
  const name = `${found.table} ${found.key}`;
  if (differences.named.has(name)) return;
  differences.count += 1;
  if (differences.named.size < NAMED_MAX) differences.named.set(name, found);
};
