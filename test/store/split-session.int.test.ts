import { connect, createServer, type Socket } from 'node:net';
import { serversReached } from '../../src/store/database/database-server.ts';
import {
  type OpenedSession,
  openSession,
  type Session,
  SplitSession,
} from '../../src/store/database/session.ts';
import { inspectSessions } from '../../src/store/setup/inspect-sessions.ts';
import { type MariadbPair, startMariadbPair } from '../support/mariadb-pair.ts';
import type { OwnServer } from '../support/servers.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('store: a proxy that splits reads from writes', { timeoutMs: 60_000 });

const limits = { connectMs: 10_000, queryMs: 10_000, silenceMs: 60_000, lockWaitMs: 1_000 };

let pair: MariadbPair;
test.before(async () => {
  pair = await startMariadbPair();
});
test.after(() => pair?.remove());

const open = (url: string): Promise<OpenedSession> => openSession(url, limits);

/**
 * One session as a splitting proxy provides it: plain reads go to the replica, SHOW too if `isShowRead`, and
 * everything else to the primary.
 */
const splitting = async ({ isShowRead }: { readonly isShowRead: boolean }) => {
  const [primary, replica] = await Promise.all([open(pair.primary().url), open(pair.replica().url)]);
  let inTransaction = false;
  const isRead = (sql: string): boolean => /^select/i.test(sql) || (isShowRead && /^show/i.test(sql));
  const session: Pick<Session, 'rows' | 'run'> = {
    rows: (sql, values) => (isRead(sql) && !inTransaction ? replica : primary).rows(sql, values),
    run: async (sql) => {
      inTransaction = sql === 'START TRANSACTION';
      await primary.run(sql);
    },
  };
  const close = (): void => {
    for (const each of [primary, replica]) each.destroy();
  };
  return { session, known: isShowRead ? replica.server : primary.server, close };
};

test('a session whose reads come to another server than its writes is seen for one, wherever SHOW goes', async () => {
  for (const isShowRead of [true, false]) {
    const { session, known, close } = await splitting({ isShowRead });
    const reached = await serversReached(session, known);
    assert.equal(reached.map((name) => /server_id \d/.exec(name)?.[0]).toSorted(), [
      'server_id 1',
      'server_id 2',
    ]);
    close();
  }
  const whole = await open(pair.primary().url);
  assert.equal(await serversReached(whole, whole.server), [whole.server.name]);
  whole.destroy();
});

/** A connection on which plain reads see another server name than SHOW does. */
const renaming = async (server: OwnServer): Promise<{ readonly url: string; readonly close: () => void }> => {
  const wires: Socket[] = [];
  const listener = createServer((client) => {
    const behind = connect(server.port, '127.0.0.1');
    wires.push(client, behind);
    for (const wire of [client, behind]) wire.on('error', () => wire.destroy());
    client.on('data', (bytes) => behind.write(bytes)).on('close', () => behind.destroy());
    behind.on('data', (bytes) => {
      const text = bytes.toString('latin1').replaceAll('(server_id 1)', '(server_id 7)');
      client.write(Buffer.from(text, 'latin1'));
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const url = new URL(server.url);
  url.port = String(typeof address === 'object' ? address?.port : 0);
  const close = (): void => {
    listener.close();
    for (const wire of wires) wire.destroy();
  };
  return { url: url.href, close };
};

test('such a session is refused when it is opened, with what to do', async () => {
  const proxy = await renaming(pair.primary());
  const refusal = await open(proxy.url).then(
    () => 'opened',
    (error: unknown) => String(error),
  );
  assert.match(refusal, /come to several servers \(.*server_id 1\), .*server_id 7\)\): a proxy that splits/);
  const look = await inspectSessions(proxy.url, limits);
  assert.is(look?.split?.length, 2);
  proxy.close();
});

test('ten sessions tell a balancer from a name that leads to one server', async () => {
  const one = await inspectSessions(pair.primary().url, limits);
  assert.equal([one?.servers.length, one?.split, one?.isOneCluster], [1, undefined, false]);
  let opened = 0;
  const inTurn = (): Promise<OpenedSession> => {
    opened += 1;
    return open((opened % 2 ? pair.primary() : pair.replica()).url);
  };
  assert.is((await inspectSessions('', limits, inTurn))?.servers.length, 2);
  assert.is(opened, 10);
  const refused = async (): Promise<never> => {
    throw new Error('cannot use the database', { cause: new SplitSession(['a', 'b']) });
  };
  assert.equal((await inspectSessions('', limits, refused))?.split, ['a', 'b']);
});

test('where no session can be opened, nothing is said of them', async () => {
  assert.is(await inspectSessions('mysql://onsale@127.0.0.1:1/onsale', limits), undefined);
});
