import { newSpanStore, type ShownSpan } from '../../../src/telemetry/traces/shown-span.ts';
import { tracePage } from '../../../src/telemetry/traces/trace-page.ts';
import { traceText } from '../../../src/telemetry/traces/trace-text.ts';
import { findTrace, headlinesOf, waterfallOf } from '../../../src/telemetry/traces/waterfall.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('a trace that is shown');

const [one, batch] = ['1'.repeat(32), '2'.repeat(32)];

const span = (spanId: string, more: Partial<ShownSpan>): ShownSpan => ({
  traceId: one,
  spanId,
  name: spanId,
  kind: 'internal',
  startMs: 1_000,
  endMs: 1_100,
  attributes: {},
  links: [],
  process: 'command query',
  ...more,
});

/** The spans as two processes deliver them: in no order. */
const spans: readonly ShownSpan[] = [
  span('decide', { parentId: 'send', startMs: 1_040, endMs: 1_050, process: 'projector' }),
  span('whole', { traceId: batch, links: [one], startMs: 1_040, endMs: 1_090 }),
  span('send', {
    parentId: 'post',
    startMs: 1_010,
    endMs: 1_030,
    attributes: { 'onsale.request.id': 'r-1' },
  }),
  span('post', { parentId: 'elsewhere', name: 'POST /v1/reservations' }),
];

test('spans of several processes stand behind what caused them, with their share of the time', () => {
  const { rows, totalMs, related } = waterfallOf(spans, one);
  assert.equal(
    rows.map(({ span: { spanId }, depth }) => [spanId, depth]),
    [
      ['post', 0],
      ['send', 1],
      ['decide', 2],
    ],
  );
  assert.is(totalMs, 100);
  assert.equal([rows[2]?.left, rows[2]?.width], [0.4, 0.1]);
  assert.equal(related, [batch]);
});

test('a trace is found by its own id and by that of a request made in it', () => {
  assert.is(findTrace(spans, one), one);
  assert.is(findTrace(spans, 'r-1'), one);
  assert.is(findTrace(spans, 'r-2'), undefined);
});

test('batches are not in the list, only what somebody asked for', () => {
  assert.equal(
    headlinesOf(spans).map(({ traceId, name, spans: count }) => [traceId, name, count]),
    [[one, 'POST /v1/reservations', 3]],
  );
});

test('for a terminal: a line a span, and nothing that could move its cursor', () => {
  const text = traceText(waterfallOf([span('post', { error: 'bad \u001b[2J thing' })], one));
  assert.match(text, `trace ${one}`);
  assert.match(text, 'error: bad ?[2J thing');
});

test('what somebody sent is shown as text and is no part of the page', () => {
  const evil = '<script>alert("1")</script>';
  const page = tracePage(
    [span('post', { name: evil, error: evil, attributes: { 'onsale.request.id': evil } })],
    one,
  );
  assert.ok(page !== undefined);
  assert.not.match(page, '<script');
  assert.match(page, '&lt;script&gt;alert(&quot;1&quot;)');
});

test('a trace that is not kept has no page, and a machine without traces has one that says so', () => {
  assert.is(tracePage(spans, 'nothing'), undefined);
  assert.match(tracePage([], undefined) ?? '', 'None yet');
});

test('the oldest traces go first, and no trace grows without end', () => {
  const store = newSpanStore(2);
  for (const traceId of ['a', 'b', 'c']) store.add(span('post', { traceId }));
  assert.equal([...new Set(store.all().map(({ traceId }) => traceId))], ['b', 'c']);
  for (let n = 0; n < 500; n += 1) store.add(span(`s${n}`, { traceId: 'c' }));
  assert.is(store.all().length, 201);
});
