import { beforeAll } from '../../src/domain/stream-id.ts';
import { ownersStore } from '../../src/projector/take-over.ts';
import { partitionWorker } from '../../src/projector/work-partition.ts';
import { type Claim, ClaimElsewhere, type PartitionStore } from '../../src/store/contract.ts';
import { newMemoryStore } from '../model/memory-store.ts';
import { newCustomerId, newId } from '../store/story.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('an owner and the server of its claim');

test('whatever an owner reads names its claim', () => {
  const claim: Claim = { partition: 3, epoch: 1, token: '00', server: 'here' };
  const unnamed: string[] = [];
  const note =
    (name: string) =>
    (...args: readonly unknown[]): never => {
      if (args.at(-1) !== claim) unnamed.push(name);
      throw new Error('nobody is asked');
    };
  const inner: PartitionStore = {
    ...newMemoryStore().store,
    ledgers: note('ledgers'),
    ledgersOfPartition: note('ledgersOfPartition'),
    known: note('known'),
    keys: note('keys'),
    reservations: note('reservations'),
    customerTotals: note('customerTotals'),
    dueHolds: note('dueHolds'),
    nextExpiryMs: note('nextExpiryMs'),
  };
  const store = ownersStore(inner, claim);
  const showId = newId(3);
  const reads = [
    () => store.ledgers([showId]),
    () => store.ledgersOfPartition(3, { limit: 1 }),
    () => store.known([]),
    () => store.keys([]),
    () => store.reservations([showId]),
    () => store.customerTotals([{ showId, customerId: newCustomerId('anyone') }]),
    () => store.dueHolds(3, { untilMs: 1, limit: 1 }),
    () => store.nextExpiryMs(3),
  ];
  for (const read of reads) assert.throws(read, 'nobody is asked');
  assert.equal(unnamed, []);
});

test('one whose claim was made on another server leaves, to claim again', async () => {
  const memory = newMemoryStore().store;
  let sleeps = 0;
  const elsewhere = async (): Promise<never> => {
    throw new ClaimElsewhere('the claim was made on a, sessions are on b');
  };
  const quiet = (): void => undefined;
  const running = partitionWorker({
    log: {
      read: async () => ({ type: 'read', entries: [], nowMs: 0, lastDelivered: beforeAll }),
      waitForEntries: async () => {},
      lift: async () => 'current',
      compareClaim: async () => 'same',
      noteClaim: async () => {},
      trim: async () => {},
      publish: async () => {},
      boardsServer: () => 'server',
      markBoardsComplete: async () => {},
      markBoardsIncomplete: async () => {},
    },
    store: { ...memory, nextExpiryMs: elsewhere },
    clock: {
      nowMs: () => 0,
      monotonicMs: () => 0,
      sleep: async () => {
        sleeps += 1;
        if (sleeps > 10) running.stop();
      },
    },
    random: () => 0.5,
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    settings: { projectorId: 'test', batchMax: 10 },
  })({ partition: 0, token: 'ours' }, () => true);
  assert.is(await running.ended, 'fenced');
});
