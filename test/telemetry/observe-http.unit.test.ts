import { newRegistry } from '../../src/telemetry/metrics/registry.ts';
import { observeHttp } from '../../src/telemetry/observe-http.ts';
import type { SpanEnd, Tracer } from '../../src/telemetry/traces/tracing.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('telemetry: requests');

const endedWith = (status: number | undefined, route = '/x'): SpanEnd | undefined => {
  const ends: SpanEnd[] = [];
  const context = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
  const tracer: Tracer = {
    spans: { start: () => ({ context, end: (end) => void ends.push(end) }) },
    slowMs: 1_000,
    nowMs: () => 7,
    sample: () => ({}),
    mayKeep: () => true,
  };
  const { traces } = observeHttp({ registry: newRegistry(), tracer, slowMs: 1_000 });
  traces?.begin(undefined, undefined)?.end({ method: 'GET', route, status });
  return ends[0];
};

test('a span has the status of its answer, and says that a client left where there was none', () => {
  for (const [status, type, error] of [
    [200, undefined, undefined],
    [409, undefined, undefined],
    [503, '503', 'answered 503'],
    [undefined, 'client-left', undefined],
  ] as const) {
    const end = endedWith(status);
    assert.equal(
      [end?.attributes['http.response.status_code'], end?.attributes['error.type'], end?.error],
      [status, type, error],
    );
  }
});

test('a span is named by method and route, and by its method alone where there is no route', () => {
  assert.is(endedWith(200)?.name, 'GET /x');
  const end = endedWith(404, '');
  assert.equal([end?.name, end?.attributes['http.route']], ['GET', undefined]);
});
