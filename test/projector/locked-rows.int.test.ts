import { createConnection } from 'mysql2/promise';
import { patience, waitUntil } from '../../infra/local/wait-until.ts';
import { realClock } from '../../src/cli/system.ts';
import type { ReservationId } from '../../src/domain/ids.ts';
import type { PartitionLog } from '../../src/log/contract.ts';
import { keysOf } from '../../src/log/keys.ts';
import { encodeEntry } from '../../src/log/wire/codec.ts';
import { partitionWorker } from '../../src/projector/work-partition.ts';
import { line, opening, request, reservationId, showId } from '../domain/generate.ts';
import { silent } from '../log/redis-log-world.ts';
import { assert, suite } from '../support/suite.ts';
import { openFixture, type ProjectorFixture } from './projector-fixture.ts';

const test = suite('a partition whose rows are locked, on real servers');

let it: ProjectorFixture;
test.before(async () => {
  it = await openFixture();
});
test.after(() => it.close());

const partitions = [0, 1] as const;

/** Works both partitions as one process, and notes whose outcomes are published. */
const working = async () => {
  const told = new Set<ReservationId>();
  const log: PartitionLog = {
    ...it.log,
    publish: async (published) => {
      await it.log.publish(published);
      for (const outcome of published.outcomes)
        if (outcome.type === 'reservation') told.add(outcome.reservation.id);
    },
  };
  const settings = { projectorId: 'one', batchMax: 2_000 };
  const work = partitionWorker({
    log,
    store: it.store,
    clock: realClock,
    random: Math.random,
    logger: silent,
    settings,
  });
  await Promise.all(partitions.map((partition) => it.redis.set(keysOf(partition).lease, `${partition}`)));
  const running = partitions.map((partition) => work({ partition, token: `${partition}` }, () => true));
  return {
    isTold: (n: number, partition: number) => told.has(reservationId(n, partition)),
    stop: async () => {
      for (const each of running) each.stop();
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
};

const append = async (partition: number, asked: Parameters<typeof encodeEntry>[0]): Promise<void> => {
  await it.redis.xadd(keysOf(partition).requests, '*', ...encodeEntry(asked));
};
const ask = (n: number, partition: number) =>
  append(partition, request(n, [line('stalls', 1)], showId(1, partition)));

test('it costs the others a second and a half once, and then nothing until it is well', async () => {
  const { isTold, stop } = await working();
  const soon = async (n: number, partition: number, limitMs: number): Promise<void> => {
    const limits = { limitMs: limitMs * patience(), everyMs: 5 };
    assert.ok(await waitUntil(async () => isTold(n, partition), limits), `${n} of partition ${partition}`);
  };
  for (const partition of partitions) {
    await append(partition, opening({ stalls: 100 }, {}, showId(1, partition)));
    await ask(1, partition);
    await soon(1, partition, 10_000);
  }
  const rival = await createConnection({ uri: it.urls.databaseUrl });
  try {
    await rival.query('START TRANSACTION');
    await rival.query('SELECT * FROM pools WHERE partition_id = 0 FOR UPDATE');
    await Promise.all([ask(2, 0), ask(2, 1)]);
    await soon(2, 1, 1_500);
    for (let n = 3; n < 20; n += 1) {
      await ask(n, 1);
      await soon(n, 1, 500);
    }
    assert.not.ok(isTold(2, 0));
    await rival.query('ROLLBACK');
    await soon(2, 0, 10_000);
  } finally {
    rival.destroy();
    await stop();
  }
});
