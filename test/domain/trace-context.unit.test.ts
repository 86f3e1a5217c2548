import { parseTrace, traceparentOf } from '../../src/domain/trace-context.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('trace context');

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

test('what is written is read again', () => {
  const context = { traceId, spanId, state: 'vendor=x' };
  assert.is(traceparentOf(context), `00-${traceId}-${spanId}-01`);
  assert.equal(parseTrace(traceparentOf(context), context.state), { ...context, sampled: true });
});

test('the wish of the sender is in the last bit, whatever the others say', () => {
  assert.is(parseTrace(`00-${traceId}-${spanId}-00`, undefined)?.sampled, false);
  assert.is(parseTrace(`00-${traceId}-${spanId}-03`, undefined)?.sampled, true);
  assert.is(parseTrace(`00-${traceId}-${spanId}-fe`, undefined)?.sampled, false);
});

test('a later version may say more, this one may not', () => {
  assert.is(parseTrace(`01-${traceId}-${spanId}-01-more`, undefined)?.traceId, traceId);
  assert.is(parseTrace(`00-${traceId}-${spanId}-01-more`, undefined), undefined);
  assert.is(parseTrace(`ff-${traceId}-${spanId}-01`, undefined), undefined);
});

test('512 characters are read, one more is too long', () => {
  const long = (length: number) => `01-${traceId}-${spanId}-01-`.padEnd(length, 'x');
  assert.is(parseTrace(long(512), undefined)?.traceId, traceId);
  assert.is(parseTrace(long(513), undefined), undefined);
  const parent = `00-${traceId}-${spanId}-01`;
  assert.is(parseTrace(parent, 'x'.repeat(512))?.state?.length, 512);
  assert.is(parseTrace(parent, 'x'.repeat(513))?.state, undefined);
});

const broken: readonly unknown[] = [
  undefined,
  null,
  17,
  '',
  [],
  [`00-${traceId}-${spanId}-01`],
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId}-${spanId}`,
  `00-${traceId}-${spanId}-01\n`,
  ` 00-${traceId}-${spanId}-01`,
  `01-${traceId}-${spanId}-01-${'x'.repeat(1_000)}`,
];

for (const traceparent of broken)
  test(`no trace: ${JSON.stringify(traceparent)?.slice(0, 70)}`, () => {
    assert.is(parseTrace(traceparent, 'a=b'), undefined);
  });

test('a state that is too long or cannot be a header is left out, and the trace goes on', () => {
  for (const state of ['', 'x'.repeat(513), 'a=\n', 'a=ü', 17, ['a=b']])
    assert.equal(parseTrace(`00-${traceId}-${spanId}-01`, state), { traceId, spanId, sampled: true });
});
