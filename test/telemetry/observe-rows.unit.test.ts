import { metricList } from '../../src/telemetry/metrics/metric-list.ts';
import { newRegistry } from '../../src/telemetry/metrics/registry.ts';
import { newNoteUnreadable, observeReader, observeReads } from '../../src/telemetry/observe-rows.ts';
import { alice, emptyReader, reservationIds, showId } from '../http/fakes.ts';
import { newMemoryStore } from '../model/memory-store.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('rows that cannot be read are counted');

const newWorld = () => {
  const registry = newRegistry();
  const logged: object[] = [];
  const silent = (): void => undefined;
  const logger = {
    debug: silent,
    info: silent,
    error: silent,
    warn: (about: object) => void logged.push(about),
  };
  const note = newNoteUnreadable({ registry, logger });
  const counted = (table: string): number => registry.counter(metricList.unreadableRows, table).value;
  return { note, counted, logged };
};

const id = reservationIds.mint(3, alice);
const unreadable = 'reservation 1: column status holds xyz';

test('those that clients ask for, each time, and one a second is logged', async () => {
  const { note, counted, logged } = newWorld();
  const reader = observeReader(
    {
      ...emptyReader,
      reservation: async (asked) => ({ ...(await emptyReader.reservation(asked)), unreadable }),
      show: async () => ({ unreadable }),
      shows: async () => [{ id: showId, unreadable }],
      reservations: async () => ({ rows: [{ id, unreadable }] }),
      history: async () => [
        { type: 'unreadable', decision: 'X', position: 1, decidedAtMs: 1, why: unreadable },
      ],
    },
    note,
  );
  await reader.reservation(id);
  await reader.reservations({ showId, limit: 1 });
  await reader.show(showId);
  await reader.shows({ limit: 1 });
  await reader.history(id);
  assert.equal(['reservations', 'shows', 'journal'].map(counted), [2, 2, 1]);
  assert.equal(logged, [{ table: 'reservations', why: unreadable, unlogged: 0 }]);
});

test('those that an owner asks for', async () => {
  const { note, counted } = newWorld();
  const { store } = newMemoryStore();
  const found = Object.assign(new Map(), { unreadable: new Map([[id, unreadable]]) });
  const reads = observeReads(
    {
      ...store,
      ledgers: async () => found,
      ledgersOfPartition: async () => ({ showIds: [], ledgers: found }),
      known: async () => new Map([[id, { type: 'unreadable', why: unreadable }]]),
      keys: async () => found,
      reservations: async () => found,
      customerTotals: async () => found,
    },
    note,
  );
  await reads.ledgers([]);
  await reads.ledgersOfPartition(0, { limit: 1 });
  await reads.known([]);
  await reads.keys([]);
  await reads.reservations([]);
  await reads.customerTotals([]);
  assert.equal(['reservations', 'shows', 'journal', 'request_keys'].map(counted), [2, 2, 1, 1]);
});
