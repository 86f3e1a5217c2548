import { once } from 'node:events';
import { Writable } from 'node:stream';
import { newEventStream } from '../../src/query/event-stream.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('query: event stream');

const options = { lastVersion: undefined, heartbeatMs: 60_000, retryMs: 1_000 };

/** A client that reads only when it is told to. */
const newClient = () => {
  const client = { text: '', pending: [] as (() => void)[] };
  const writable = new Writable({
    highWaterMark: 4_096,
    write: (chunk, _encoding, done) => {
      client.text += String(chunk);
      client.pending.push(done);
    },
  });
  const read = (): void => {
    for (const done of client.pending.splice(0)) done();
  };
  const readAll = async (): Promise<string> => {
    const reading = setInterval(read, 1);
    await once(writable, 'close');
    clearInterval(reading);
    return client.text;
  };
  return { writable, readAll };
};

test('a client that does not read costs one state, and is told the latest when it reads', async () => {
  const { writable, readAll } = newClient();
  const stream = newEventStream(writable, options);
  const data = 'x'.repeat(1_024);
  for (let n = 1; n <= 1_000; n += 1) stream.send({ version: `v${n}`, data });
  assert.ok(writable.writableLength < 8 * 1_024, `${writable.writableLength} bytes`);
  stream.end();
  const versions = [...(await readAll()).matchAll(/^id: (\w+)$/gm)].map(([, version]) => version);
  assert.is(versions.at(-1), 'v1000');
  assert.ok(versions.length < 10);
});

test('it ends only after what was sent last', async () => {
  const { writable, readAll } = newClient();
  const stream = newEventStream(writable, options);
  stream.send({ version: 'a', data: '{}' });
  stream.end();
  stream.send({ version: 'b', data: '{}' });
  assert.is(await readAll(), 'retry: 1000\n\nid: a\ndata: {}\n\n');
});

test('a client that reads no heartbeat any more is given up', async () => {
  const { writable } = newClient();
  const stream = newEventStream(writable, { ...options, heartbeatMs: 2 });
  stream.send({ version: 'a', data: 'x'.repeat(8_192) });
  await once(writable, 'close');
  assert.ok(writable.destroyed);
});
