import { representShow } from '../../src/http/message/represent-show.ts';
import { emptyReader, nowMs, serverOf, show, showId } from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('query: get show');

const app = serverOf({
  query: { reader: { ...emptyReader, show: async (id) => (id === showId ? { show } : {}) } },
});
test.after(async () => {
  await app.close();
});

const etag = `"1.${nowMs + 12}"`;

test('a show is public: its pools with what is left, as of when', async () => {
  const { statusCode, headers, json } = await app.inject(`/v1/shows/${showId}`);
  assert.is(statusCode, 200);
  assert.equal(json().pools, [
    { id: 'standing', name: 'Standing', capacity: 500, held: 0, confirmed: 3, available: 497 },
  ]);
  assert.equal([json().revision, json().asOf], [1, '2026-01-31T20:00:00.012Z']);
  assert.equal([headers.etag, headers['cache-control']], [etag, 'max-age=1']);
});

test('a time that no four digits can say, as older versions took it, is shown as the nearest that they can', () => {
  const rules = { opensAtMs: Date.UTC(0, 0, 1) - 2e14, closesAtMs: Date.UTC(12_345, 0, 1) };
  const { opensAt, closesAt } = representShow({ ...show, rules });
  assert.equal([opensAt, closesAt], ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']);
});

test('304 while neither the show nor its places changed', async () => {
  const again = await app.inject({ url: `/v1/shows/${showId}`, headers: { 'if-none-match': `W/${etag}` } });
  assert.equal([again.statusCode, again.body], [304, '']);
  const other = await app.inject({ url: `/v1/shows/${showId}`, headers: { 'if-none-match': '"1.0"' } });
  assert.is(other.statusCode, 200);
});

test('HEAD answers like GET, without the body', async () => {
  const { statusCode, headers, body } = await app.inject({ method: 'HEAD', url: `/v1/shows/${showId}` });
  assert.equal([statusCode, headers.etag, body], [200, etag, '']);
});

test('an unknown show and nonsense are 404', async () => {
  for (const id of [`${showId.slice(0, -1)}0`, 'nonsense'])
    assert.is((await app.inject(`/v1/shows/${id}`)).json().code, 'not-found');
});
