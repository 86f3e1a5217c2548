import { assert, suite } from '../support/suite.ts';
import { withServer } from './small-server.ts';
import { newReadableLog } from './token-issuer.ts';

const test = suite('http: what is logged');

test('no request has a line of its own, whatever it is answered', async () => {
  const { logger, lines } = newReadableLog();
  await withServer({ logger }, async (app) => {
    const statuses: number[] = [];
    for (const request of [
      { url: '/public' },
      { url: '/mine', headers: { 'x-customer-id': 'alice' } },
      { url: '/mine' },
      { url: '/nowhere' },
      { method: 'DELETE' as const, url: '/public' },
      { method: 'POST' as const, url: '/mine', headers: { 'x-customer-id': 'alice' }, payload: 'text' },
      { url: '/%zz' },
    ])
      statuses.push((await app.inject(request)).statusCode);
    assert.equal(statuses, [200, 200, 401, 404, 405, 415, 400]);
  });
  assert.equal(lines, []);
});
