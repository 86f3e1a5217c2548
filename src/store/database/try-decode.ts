import type { ListRow, LookupResult } from '../contract.ts';

/** What a row says, or why it cannot be read. */
export type DecodeResult<Value> =
  | { readonly type: 'read'; readonly value: Value }
  | { readonly type: 'unreadable'; readonly why: string };

const WHY_LENGTH_MAX = 300;

/**
 * Decodes one row, so that one which cannot be read is nobody else's fault: a newer build's word during an upgrade, or
 * an edit by hand. `what` names the row in the reason.
 */
export const tryDecode = <Value>(what: string, decode: () => Value): DecodeResult<Value> => {
  try {
    return { type: 'read', value: decode() };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { type: 'unreadable', why: `${what}: ${why}`.slice(0, WHY_LENGTH_MAX) };
  }
};

/** By key, in the order of the rows; what cannot be read, by the id that its row has. */
export const newLookupResult = <Key extends string, Value>(
  rows: Iterable<readonly [id: string, row: DecodeResult<readonly [Key, Value]>]>,
): LookupResult<Key, Value> => {
  const found = new Map<Key, Value>();
  const unreadable = new Map<string, string>();
  for (const [id, row] of rows) {
    if (row.type === 'read') found.set(...row.value);
    else unreadable.set(id, row.why);
  }
  return Object.assign(found, { unreadable });
};

/** A row of a list, found or not. */
export const listRowOf = <Id extends string, Value>(
  id: Id,
  found: LookupResult<Id, Value>,
): ListRow<Id, Value> => {
  const value = found.get(id);
  return value === undefined
    ? { id, unreadable: found.unreadable.get(id) ?? `${id} cannot be read` }
    : { id, value };
};
