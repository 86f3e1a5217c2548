import { request } from 'node:http';
import type { OutcomeWait } from '../../src/log/contract.ts';
import { asAlice, never, serverOf, showId } from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('command: submit');

test('a client that hangs up waits no longer', async () => {
  let stopWaiting = (): void => {};
  const cancelled = new Promise<void>((resolve) => {
    stopWaiting = resolve;
  });
  const waiting: { begin: () => void } = { begin: () => {} };
  const begun = new Promise<void>((resolve) => {
    waiting.begin = resolve;
  });
  const wait = (): OutcomeWait => {
    waiting.begin();
    return { outcome: never, cancel: stopWaiting };
  };
  const app = serverOf({ command: { outcomes: { wait } } });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const headers = { ...asAlice, 'content-type': 'application/json', prefer: 'wait=30' };
  const asked = request(`${address}/v1/reservations`, { method: 'POST', headers }).on('error', () => {});
  asked.end(JSON.stringify({ showId, lines: [{ poolId: 'standing', quantity: 3 }] }));
  await begun;
  asked.destroy();
  await cancelled;
  app.server.closeAllConnections();
  await app.close();
});

test('a wait ends with the append it was made for, also when that throws', async () => {
  const waiting = new Set<OutcomeWait>();
  const wait = (): OutcomeWait => {
    const begun = { outcome: never, cancel: () => void waiting.delete(begun) };
    waiting.add(begun);
    return begun;
  };
  const append = async (): Promise<never> => {
    throw new Error('a bug');
  };
  const app = serverOf({ command: { outcomes: { wait }, appender: { append } } });
  const { statusCode } = await app.inject({
    method: 'POST',
    url: '/v1/reservations',
    headers: { ...asAlice, prefer: 'wait=30' },
    payload: { showId, lines: [{ poolId: 'standing', quantity: 3 }] },
  });
  assert.equal([statusCode, waiting.size], [500, 0]);
  await app.close();
});
