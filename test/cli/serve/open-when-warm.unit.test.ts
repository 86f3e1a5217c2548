import { openWhenWarm } from '../../../src/cli/serve/open-when-warm.ts';
import { ok, type ProcessPart } from '../../../src/cli/serve/part.ts';
import { readinessOf } from '../../../src/cli/serve/readiness.ts';
import { newDeferred } from '../../../src/shared/deferred.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('opening the parts of a process');

const part: ProcessPart = {
  check: async () => ({ lines: {}, roles: { command: [ok] } }),
  close: async () => undefined,
};

/** A process whose steps end when the test says so. */
const start = () => {
  const [pair, warmUp, stopping] = [newDeferred<boolean>(), newDeferred<void>(), new AbortController()];
  const opening = openWhenWarm({
    settlePair: () => pair.promise,
    warmUp: () => warmUp.promise,
    openParts: async () => [part],
    stopping: stopping.signal,
  });
  const readiness = async () => {
    // Whatever could begin has begun.
    await new Promise(setImmediate);
    const checks = await Promise.all(opening.parts().map(({ check }) => check()));
    const { roles, details } = readinessOf({
      roles: ['command'],
      checks,
      start: opening.state(),
      pair: ok,
      risks: {},
    });
    return [roles['command'], details['process']];
  };
  return { pair, warmUp, stopping, opening, readiness };
};

test('a process is ready only when its warm-up has ended', async () => {
  const { pair, warmUp, opening, readiness } = start();
  assert.equal(await readiness(), ['not-ready', 'starting']);
  pair.resolve(true);
  assert.equal(await readiness(), ['not-ready', 'warming up']);
  warmUp.resolve();
  assert.is(await opening.opened, true);
  assert.equal(await readiness(), ['ok', undefined]);
});

test('whoever is stopped while it warms up opens nothing', async () => {
  const { pair, warmUp, stopping, opening, readiness } = start();
  pair.resolve(true);
  stopping.abort();
  warmUp.resolve();
  assert.is(await opening.opened, false);
  assert.equal((await readiness())[0], 'not-ready');
});

test('nor does a process that never learned whether its servers are a pair', async () => {
  const { pair, warmUp, opening } = start();
  pair.resolve(false);
  warmUp.resolve();
  assert.is(await opening.opened, false);
  assert.equal(opening.parts(), []);
});
