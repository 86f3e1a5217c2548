import type { Logger } from '../domain/ports.ts';
import type { ListRow, Lookup, PartitionStore, Reader } from '../store/contract.ts';
import { metricList } from './metrics/metric-list.ts';
import type { Registry } from './metrics/registry.ts';

/** Called for each read of a row that this version cannot read. */
export type NoteUnreadable = (table: Table, why: string) => void;

type Table = 'reservations' | 'shows' | 'journal' | 'request_keys';

const quietMs = 1_000;

/** Counts every such read and logs one a second: a client that polls reads the same row again and again. */
export const newNoteUnreadable = ({
  registry,
  logger,
}: {
  readonly registry: Registry;
  readonly logger: Logger;
}): NoteUnreadable => {
  let quietUntilMs = 0;
  let unlogged = 0;
  return (table, why) => {
    registry.counter(metricList.unreadableRows, table).value += 1;
    const nowMs = performance.now();
    if (nowMs < quietUntilMs) {
      unlogged += 1;
      return;
    }
    logger.warn({ table, why, unlogged }, 'a row cannot be read: docs/operating/rows-unreadable.md');
    quietUntilMs = nowMs + quietMs;
    unlogged = 0;
  };
};

export const observeReader = (inner: Reader, note: NoteUnreadable): Reader => ({
  reservation: async (id) => {
    const answer = await inner.reservation(id);
    if (answer.unreadable !== undefined) note('reservations', answer.unreadable);
    return answer;
  },
  show: async (id) => {
    const answer = await inner.show(id);
    if (answer.unreadable !== undefined) note('shows', answer.unreadable);
    return answer;
  },
  shows: async (page) => noting('shows', await inner.shows(page), note),
  reservations: async (query) => {
    const page = await inner.reservations(query);
    noting('reservations', page.rows, note);
    return page;
  },
  history: async (id) => {
    const items = await inner.history(id);
    for (const item of items) if (item.type === 'unreadable') note('journal', item.why);
    return items;
  },
});

const noting = <Id, Value>(
  table: Table,
  rows: readonly ListRow<Id, Value>[],
  note: NoteUnreadable,
): readonly ListRow<Id, Value>[] => {
  for (const row of rows) if ('unreadable' in row) note(table, row.unreadable);
  return rows;
};

type Reads = Pick<
  PartitionStore,
  'ledgers' | 'ledgersOfPartition' | 'known' | 'keys' | 'reservations' | 'customerTotals'
>;

/** The reads of an owner, observed. */
export const observeReads = (inner: PartitionStore, note: NoteUnreadable): Reads => {
  const found = <Key extends string, Value>(table: Table, rows: Lookup<Key, Value>): Lookup<Key, Value> => {
    for (const why of rows.unreadable.values()) note(table, why);
    return rows;
  };
  return {
    ledgers: async (...asked) => found('shows', await inner.ledgers(...asked)),
    ledgersOfPartition: async (...asked) => {
      const page = await inner.ledgersOfPartition(...asked);
      return { ...page, ledgers: found('shows', page.ledgers) };
    },
    known: async (...asked) => {
      const known = await inner.known(...asked);
      for (const it of known.values()) if (it.type === 'unreadable') note('journal', it.why);
      return known;
    },
    keys: async (...asked) => found('request_keys', await inner.keys(...asked)),
    reservations: async (...asked) => found('reservations', await inner.reservations(...asked)),
    customerTotals: async (...asked) => found('reservations', await inner.customerTotals(...asked)),
  };
};
