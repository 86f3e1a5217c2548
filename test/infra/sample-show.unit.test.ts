import { once } from 'node:events';
import { createServer } from 'node:http';
import { freePort } from '../../infra/local/free-port.ts';
import { sampleShow } from '../../infra/local/sample-show.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('the show that npm start proposes');

const pools = [
  { id: 'few', available: 2 },
  { id: 'many', available: 3 },
];

/**
 * The show that is proposed when these shows exist, the newest first; `opened` when none of them is suitable.
 */
const proposed = async (...shows: readonly object[]): Promise<object> => {
  const server = createServer((request, response) => {
    response.end(
      JSON.stringify(request.method === 'POST' ? { id: 'opened', pools } : { data: shows, nextCursor: null }),
    );
  });
  const port = await freePort();
  await once(server.listen(port, '127.0.0.1'), 'listening');
  try {
    return await sampleShow(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

const opened = { id: 'opened', poolId: 'few' };

test('is the newest one that sells, and of it a pool that has room', async () =>
  assert.equal(
    await proposed({ id: 'closed', closed: true, pools }, { id: 'a', pools }, { id: 'b', pools }),
    {
      id: 'a',
      poolId: 'many',
    },
  ));

for (const [why, show] of Object.entries({
  'was closed': { closed: true, pools },
  'has closed': { closesAt: '2020-01-01T00:00:00.000Z', pools },
  'has not opened yet': { opensAt: '2999-01-01T00:00:00.000Z', pools },
  'is sold out': { pools: [{ id: 'few', available: 2 }] },
  'sells two to a request': { maxPerRequest: 2, pools },
  'sells two to a customer': { maxPerCustomer: 2, pools },
}))
  test(`is none that ${why}: then the sample show is opened`, async () =>
    assert.equal(await proposed({ id: 'x', ...show }), opened));

test('is the sample show where there is none', async () => assert.equal(await proposed(), opened));
