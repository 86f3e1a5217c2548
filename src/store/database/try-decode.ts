import type { ListRow, Lookup } from '../contract.ts';

/** A decoded row, or why it cannot be read. */
export type DecodeResult<Value> =
  | { readonly type: 'read'; readonly value: Value }
  | { readonly type: 'unreadable'; readonly why: string };

const WHY_LENGTH_MAX = 300;

/**
 * Decodes one row, so that an unreadable one does not fail the others. A row is unreadable after an edit by hand, or when a
 * newer build wrote it during an upgrade. `what` names the row in the reason.
 */
export const tryDecode = <Value>(what: string, decode: () => Value): DecodeResult<Value> => {
  try {
    return { type: 'read', value: decode() };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { type: 'unreadable', why: `${what}: ${why}`.slice(0, WHY_LENGTH_MAX) };
  }
};

/** Collects the rows by key, in their order; unreadable ones by the id in their row. */
export const newLookup = <Key extends string, Value>(
  rows: Iterable<readonly [id: string, row: DecodeResult<readonly [Key, Value]>]>,
): Lookup<Key, Value> => {
  const found = new Map<Key, Value>();
  const unreadable = new Map<string, string>();
  for (const [id, row] of rows) {
    if (row.type === 'read') found.set(...row.value);
    else unreadable.set(id, row.why);
  }
  return Object.assign(found, { unreadable });
};

/** The row of a list for this id, with its value or the reason why it cannot be read. */
export const listRowOf = <Id extends string, Value>(id: Id, found: Lookup<Id, Value>): ListRow<Id, Value> => {
  const value = found.get(id);
  return value === undefined
    ? { id, unreadable: found.unreadable.get(id) ?? `${id} cannot be read` }
    : { id, value };
};
