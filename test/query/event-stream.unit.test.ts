import { once } from 'node:events';
import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { newEventStream } from '../../src/query/event-stream.ts';
import { assert, suite } from '../support/suite.ts';
import { until } from './update-world.ts';

const test = suite('query: event stream');

const options = { lastVersion: undefined, heartbeatMs: 60_000, retryMs: 1_000 };

/** A client that reads only when the test says so. */
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

test('a client that does not read the end is given up as well', async () => {
  const { writable } = newClient();
  const stream = newEventStream(writable, { ...options, heartbeatMs: 2 });
  stream.end();
  await once(writable, 'close');
  assert.ok(writable.destroyed);
});

/** A client whose credentials are valid until 1,000 by a clock that the test sets. */
const believed = (nowMs: number) => {
  const clock = { nowMs, looks: 0 };
  const { writable, readAll } = newClient();
  const validity = {
    untilMs: 1_000,
    nowMs: () => {
      clock.looks += 1;
      return clock.nowMs;
    },
  };
  const stream = newEventStream(writable, { ...options, validity });
  return { clock, stream, writable, readAll };
};

test('it ends by itself when its client is believed no longer', async () => {
  const { stream, readAll, clock } = believed(970);
  stream.send({ version: 'a', data: '{}' });
  clock.nowMs = 1_000;
  assert.is(await readAll(), 'retry: 1000\n\nid: a\ndata: {}\n\n');
});

test('a clock that is set back is waited for, and nothing is told once it is over', async () => {
  const { stream, readAll, clock, writable } = believed(990);
  clock.nowMs = 900;
  const before = clock.looks;
  await until(() => clock.looks > before);
  assert.is(writable.writableEnded, false, 'the timer came too early');
  stream.send({ version: 'a', data: '{}' });
  clock.nowMs = 1_000;
  stream.send({ version: 'b', data: '{}' });
  assert.is(await readAll(), 'retry: 1000\n\nid: a\ndata: {}\n\n');
});

test('to a slow client the state that waits is not told any more when the belief is over', async () => {
  const { stream, readAll, clock, writable } = believed(980);
  const data = 'x'.repeat(4_096);
  stream.send({ version: 'sent', data });
  stream.send({ version: 'waiting', data });
  stream.end();
  clock.nowMs = 1_000;
  await until(() => writable.writableEnded);
  const versions = [...(await readAll()).matchAll(/^id: (\w+)$/gm)].map(([, version]) => version);
  assert.equal(versions, ['sent']);
});

test('a belief of many years is no timer that goes off at once', async () => {
  const { writable } = newClient();
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  newEventStream(writable, { ...options, validity: { untilMs: Number.MAX_VALUE, nowMs: () => 0 } });
  await nextTurn();
  process.off('warning', note);
  assert.equal(warnings, []);
  writable.destroy();
});

test('a client that reads no heartbeat any more is given up', async () => {
  const { writable } = newClient();
  const stream = newEventStream(writable, { ...options, heartbeatMs: 2 });
  stream.send({ version: 'a', data: 'x'.repeat(8_192) });
  await once(writable, 'close');
  assert.ok(writable.destroyed);
});
