import { type Connection, createConnection } from 'mysql2/promise';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { askMariadb } from './ask-mariadb.ts';
import { type MariadbPair, startMariadbPair } from './mariadb-pair.ts';
import type { OwnServer } from './servers.ts';
import { assert, suite } from './suite.ts';

const test = suite('a MariaDB with a replica that changes sides', { timeoutMs: 90_000 });

let pair: MariadbPair;
test.before(async () => {
  pair = await startMariadbPair();
  const { primary } = pair;
  await askMariadb(primary(), 'CREATE TABLE onsale.written (id BIGINT PRIMARY KEY)');
  // An administrator may write to a read-only server; processes may not.
  await askMariadb(primary(), "CREATE USER writer@'%' IDENTIFIED BY 'writer'");
  await askMariadb(primary(), "GRANT INSERT ON onsale.written TO writer@'%'");
});
test.after(() => pair.remove());

interface Writers {
  /** Values whose insert was acknowledged. */
  readonly written: readonly number[];
  readonly stop: () => Promise<void>;
}

const startWriters = (uri: string, count: number): Writers => {
  const written: number[] = [];
  let last = 0;
  let stopped = false;
  const write = async (): Promise<void> => {
    let connection: Connection | undefined;
    const writeOne = async (): Promise<boolean> => {
      last += 1;
      const id = last;
      try {
        connection ??= await connected(uri);
        await connection.query(`INSERT INTO onsale.written VALUES (${id})`);
        written.push(id);
      } catch {
        connection?.destroy();
        connection = undefined;
      }
      return stopped;
    };
    await waitUntil(writeOne, { limitMs: 80_000, everyMs: 10 });
    connection?.destroy();
  };
  const writers = Array.from({ length: count }, write);
  return {
    written,
    stop: async () => {
      stopped = true;
      await Promise.all(writers);
    },
  };
};

const connected = async (uri: string): Promise<Connection> => {
  const connection = await createConnection(uri);
  connection.on('error', () => undefined);
  return connection;
};

const idsOn = async (server: OwnServer): Promise<ReadonlySet<number>> => {
  const rows = await askMariadb(server, 'SELECT id FROM onsale.written');
  return new Set(rows.map(({ id }) => Number(id)));
};

test('whoever takes over has every commit that was answered, and so has the one that died and follows it', async () => {
  const writers = startWriters(pair.proxy.url.replace('onsale:onsale', 'writer:writer'), 6);
  const untilMore = async (): Promise<void> => {
    const from = writers.written.length;
    assert.ok(await waitUntil(() => writers.written.length >= from + 100, { limitMs: 20_000 }));
  };
  try {
    for (const change of ['fail over', 'as planned', 'fail over', 'fail over']) {
      await untilMore();
      if (change === 'as planned') await pair.changeSides({ isFollowed: false });
      else await pair.failOver();
      await pair.rejoin();
    }
    await untilMore();
  } finally {
    await writers.stop();
  }
  await pair.untilInStep();
  const [there, here] = await Promise.all([idsOn(pair.primary()), idsOn(pair.replica())]);
  assert.equal(
    writers.written.filter((id) => !there.has(id)),
    [],
  );
  assert.equal(here, there);
});
