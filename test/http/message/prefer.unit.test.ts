import { parsePrefer } from '../../../src/http/message/prefer.ts';
import { cpuMs } from '../../support/cpu-ms.ts';
import { assert, suite } from '../../support/suite.ts';
import { worstTexts } from '../worst-texts.ts';

const test = suite('http: Prefer');

const wait = (header: string): number | undefined => parsePrefer(header)?.waitMs;

test('wait=N is read wherever it stands', () => {
  assert.is(wait('wait=5'), 5000);
  assert.is(wait('wait=0'), 0);
  assert.is(wait('WAIT = 5'), 5000);
  assert.is(wait('wait="5"'), 5000);
  assert.is(wait('respond-async, wait=5'), 5000);
  assert.is(wait('wait=5, respond-async'), 5000);
  assert.is(wait('foo="a, wait=9; \\" b", wait=5'), 5000);
  assert.is(wait('foo; bar="x,y"; baz, wait=5; why=not'), 5000);
  assert.is(parsePrefer(['respond-async', 'wait=5'])?.waitMs, 5000);
});

test('the first one counts', () => assert.is(wait('wait=1, wait=9'), 1000));

test('more than 30 seconds is clamped, and said so', () => {
  assert.equal(parsePrefer('wait=31'), { waitMs: 30_000, applied: 'wait=30' });
  assert.equal(parsePrefer('wait=999999999'), { waitMs: 30_000, applied: 'wait=30' });
  assert.equal(parsePrefer('wait=7'), { waitMs: 7000, applied: 'wait=7' });
});

test('a malformed one is as if it was not there', () => {
  for (const header of [
    '',
    'wait',
    'wait=',
    'wait=x',
    'wait=-1',
    'wait=1.5',
    'wait=1e3',
    'await=5',
    'wait:5',
    '"wait"=5',
    '=5',
    ',,',
    'wait="5"x',
    'wait="5',
  ])
    assert.is(parsePrefer(header), undefined, header);
  assert.is(parsePrefer(undefined), undefined);
});

test('empty elements of the list, and what is in other quotes, are passed over', () => {
  assert.is(wait(',, wait=5'), 5000);
  assert.is(wait('x="wait=9, wait=8", wait=5'), 5000);
  assert.is(wait('wait="5", x="'), 5000);
  assert.is(wait('x="\\", wait=5'), undefined);
});

test('a header made to be slow is not', () => {
  for (const hostile of worstTexts()) {
    const begun = cpuMs();
    for (const header of [hostile, `wait=${hostile}`, `wait="${hostile}`, `wait;${hostile}`, `a,${hostile}`])
      parsePrefer(header);
    assert.ok(cpuMs() - begun < 1_000, hostile.slice(0, 20));
  }
});
