import { connect, createServer, type Socket } from 'node:net';
import { type Client, newClient } from '../../src/client/client.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('the client and the real service', { timeoutMs: 60_000 });

let backends: Backends;
let api: Onsale;
let projector: Onsale;
let flaky: FlakyWire;
let admin: Client;

test.before(async () => {
  backends = await startBackends();
  api = await startOnsale({ roles: ['command', 'query'], ...backends.urls });
  projector = await startOnsale({ roles: ['projector'], ...backends.urls });
  flaky = await startFlakyWire(api.url);
  admin = newClient({ baseUrl: api.url, headers: () => ({ 'x-admin': 'true' }) });
});

test.after(async () => {
  await flaky.close();
  await Promise.all([api, projector].map((process) => process?.stop()));
  await backends.remove();
});

interface FlakyWire {
  readonly url: string;
  readonly dropped: () => number;
  close(): Promise<void>;
}

/** Passes on every request but only every third reply: the others are lost, and their connection breaks. */
const startFlakyWire = async (to: string): Promise<FlakyWire> => {
  const sockets = new Set<Socket>();
  let replies = 0;
  const listener = createServer((client) => {
    const server = connect(Number(new URL(to).port), '127.0.0.1');
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => [client, server].map((each) => each.destroy()));
    }
    client.pipe(server);
    server.on('data', (data) => {
      replies += 1;
      if (replies % 3 === 0) client.write(data);
      else client.destroy();
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the wire has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    dropped: () => replies - Math.floor(replies / 3),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
};

const clientOf = (customer: string, baseUrl: string = api.url): Client =>
  newClient({
    baseUrl,
    headers: () => ({ 'x-customer-id': customer }),
    retrying: { triesMax: 30, firstPauseMs: 5, pauseMsMax: 20, retryAfterMsMax: 5_000 },
  });

const openShow = async (capacity: number, rules: { readonly holdSeconds?: number } = {}): Promise<string> => {
  const pools = [{ id: 'stalls', name: 'Stalls', capacity }];
  const answer = await admin.openShow({ name: 'A show', pools, ...rules });
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
  return answer.data.id;
};

const lines = [{ poolId: 'stalls', quantity: 1 }];

const idsOf = async (client: Client, showId: string): Promise<readonly string[]> => {
  const ids: string[] = [];
  for await (const page of client.reservations({ showId, limit: 2 })) {
    if (!page.ok) throw new Error(JSON.stringify(page.problem));
    ids.push(...page.data.map(({ id }) => id));
  }
  return ids;
};

test('over a wire that loses two replies of three, each purchase is one reservation', async () => {
  const showId = await openShow(100);
  const ann = clientOf('ann', flaky.url);
  const bought: string[] = [];
  for (let n = 0; n < 5; n += 1) {
    const answer = await ann.reserve({ showId, lines, reference: `order-${n}` });
    assert.ok(answer.ok, JSON.stringify(answer));
    if (answer.ok) bought.push(answer.data.id);
  }
  assert.ok(flaky.dropped() >= 8, `${flaky.dropped()} replies were lost`);
  assert.equal(await idsOf(clientOf('ann'), showId), bought.toReversed());
  const show = await admin.show(showId);
  assert.is(show.ok && show.data.pools[0]?.confirmed, 5);
});

test('a hold is reserved, extended, confirmed and cancelled, and a watcher sees it to its end', async () => {
  const bob = clientOf('bob');
  const asked = await bob.reserve({ showId: await openShow(2, { holdSeconds: 60 }), lines });
  if (!asked.ok) throw new Error(JSON.stringify(asked.problem));
  const { id } = asked.data;
  const seen: string[] = [];
  const watched = (async () => {
    for await (const answer of bob.watch(id)) seen.push(answer.ok ? answer.data.status : answer.problem.code);
  })();
  assert.is((await bob.extend(id)).ok, true);
  const again = await bob.extend(id);
  assert.is(!again.ok && again.problem.code, 'extension-used');
  const confirmed = await bob.confirm(id, { reference: 'payment-1' });
  assert.equal(confirmed.ok && 'status' in confirmed.data && confirmed.data.status, 'confirmed');
  await watched;
  assert.is(seen.at(-1), 'confirmed');
  const cancelled = await bob.cancel(id, { lines });
  assert.equal(cancelled.ok && 'status' in cancelled.data && cancelled.data.status, 'cancelled');
  const history = await bob.history(id);
  assert.ok(history.ok && history.data.data.some(({ event }) => event === 'HoldExtended'));
});

test('a show is changed as it was read, and not after somebody else has changed it', async () => {
  const show = await admin.show(await openShow(2));
  if (!show.ok) throw new Error(JSON.stringify(show.problem));
  const changed = await admin.changeShow(show.data, { pools: [{ id: 'stalls', capacity: 3 }] });
  assert.ok(changed.ok && 'pools' in changed.data && changed.data.pools[0]?.capacity === 3);
  const late = await admin.changeShow(show.data, { closed: true });
  assert.is(!late.ok && late.problem.code, 'stale-revision');
});

test('what is still in the queue is told when it is decided', async () => {
  const showId = await openShow(1);
  await projector.stop();
  const eve = clientOf('eve');
  const pending = await eve.reserve({ showId, lines }, { waitSeconds: 1 });
  assert.is(pending.ok && pending.data.status, 'pending');
  const decided = eve.untilDecided(pending.ok ? pending.data.id : '');
  projector = await startOnsale({ roles: ['projector'], ...backends.urls });
  const answer = await decided;
  assert.is(answer.ok && answer.data.status, 'confirmed');
});
