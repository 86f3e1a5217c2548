import fc from 'fast-check';
import type { RequestEvent } from '../../../src/domain/requests.ts';
import { decodeEntry, encodeEntry } from '../../../src/log/wire/codec.ts';
import { assert, suite } from '../../support/suite.ts';
import { anyRequest } from '../any-request.ts';

const test = suite('the trace in an entry');

/** The entry of the request with these additional members. */
const entryWith = (request: RequestEvent, members: object): readonly Buffer[] => {
  const [v, version, r, text] = encodeEntry(request);
  const wire: object = JSON.parse(text);
  return [v, version, r, JSON.stringify({ ...wire, ...members })].map((field) => Buffer.from(field));
};

test('whatever stands in place of a trace, the request is read as if it had none', () => {
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('', '00-1-2-03', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`),
  );
  fc.assert(
    fc.property(anyRequest, odd, odd, ({ trace: _trace, ...request }, traceparent, tracestate) => {
      const content = decodeEntry(entryWith(request, { traceparent, tracestate }));
      assert.equal(content, { type: 'request', request });
    }),
  );
});

test('a trace that its sender did not keep is not carried on', () => {
  const wire = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00` };
  fc.assert(
    fc.property(anyRequest, ({ trace: _trace, ...request }) => {
      const read = decodeEntry(entryWith(request, wire));
      assert.equal(read, { type: 'request', request });
    }),
    { numRuns: 20 },
  );
});

test('a request without a trace is written as it was before there were any', () => {
  fc.assert(
    fc.property(anyRequest, ({ trace: _trace, ...request }) => {
      assert.not.match(encodeEntry(request)[3], 'traceparent');
    }),
    { numRuns: 20 },
  );
});
