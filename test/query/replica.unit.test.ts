import type { Reservation } from '../../src/domain/reservation.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import { reservationEtag } from '../../src/http/message/represent-reservation.ts';
import { showEtag } from '../../src/http/message/represent-show.ts';
import type { QueryOptions } from '../../src/query/options.ts';
import {
  alice,
  asAlice,
  emptyReader,
  never,
  nowMs,
  reservationIds,
  reservationOf,
  serverOf,
  show,
  showId,
  untouched,
  waitFor,
} from '../http/fakes.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('query: what a replica may answer');

type Reader = QueryOptions['reader'];

const id = reservationIds.mint(3, alice);
const held = reservationOf(id, { status: 'held', expiresAtMs: nowMs + 60_000 });
const confirmed = reservationOf(id, { changedAtMs: nowMs + 50 });
const watermark = newStreamId(nowMs, 5);
const tail = { lastId: async () => watermark, mayHoldLate: async () => false };

const having = (reservation?: Reservation): Reader => ({
  ...emptyReader,
  reservation: async () => ({ watermark, ...(reservation && { reservation }) }),
});

const untouchedReader: Reader = {
  reservation: untouched,
  show: untouched,
  shows: untouched,
  reservations: untouched,
  history: untouched,
};

const ask = async (query: Partial<QueryOptions>, url: string, headers: Record<string, string> = {}) => {
  const app = serverOf({ query: { tail, ...query } });
  const response = await app.inject({ url, headers: { ...asAlice, ...headers } });
  await app.close();
  return response;
};

const path = `/v1/reservations/${id}`;

test('what a replica has is answered by it alone', async () => {
  const { statusCode, json } = await ask({ reader: untouchedReader, replica: having(held) }, path);
  assert.equal([statusCode, json().status], [200, 'held']);
});

test('what a replica does not have yet is asked of the primary: never 404, nor pending, for what is decided', async () => {
  const { statusCode, json } = await ask({ reader: having(held), replica: having() }, path);
  assert.equal([statusCode, json().status], [200, 'held']);
  const queued = { ...tail, lastId: async () => newStreamId(nowMs, 6) };
  const pending = await ask({ reader: having(), replica: having(), tail: queued }, path);
  assert.equal([pending.statusCode, pending.json().status], [200, 'pending']);
  assert.is((await ask({ reader: having(), replica: having() }, path)).statusCode, 404);
});

test('what a replica has as set aside may have been decided since: the primary says', async () => {
  const { decidedAtMs: _, ...pending } = { ...held, status: 'pending' } as const;
  const { json } = await ask({ reader: having(confirmed), replica: having(pending) }, path);
  assert.is(json().status, 'confirmed');
});

test('a reservation is never shown older than If-None-Match says: the primary is asked', async () => {
  const seen = { 'if-none-match': reservationEtag(confirmed) };
  const older = await ask({ reader: having(confirmed), replica: having(held) }, path, seen);
  assert.is(older.statusCode, 304);
  const same = await ask({ reader: untouchedReader, replica: having(confirmed) }, path, seen);
  assert.is(same.statusCode, 304);
  const cancelled = { ...confirmed, status: 'cancelled', changedAtMs: nowMs + 60 } as const;
  const newer = await ask({ reader: untouchedReader, replica: having(cancelled) }, path, seen);
  assert.equal([newer.statusCode, newer.json().status], [200, 'cancelled']);
});

test('the newest of several tags counts, and one that is none of ours could be any', async () => {
  const reader = having(confirmed);
  const replica = having(held);
  for (const tags of [
    `${reservationEtag(held)}, ${reservationEtag(confirmed)}`,
    `W/${reservationEtag(confirmed)}`,
    `"of-another-kind", ${reservationEtag(held)}`,
    'nonsense',
  ]) {
    const { headers } = await ask({ reader, replica }, path, { 'if-none-match': tags });
    assert.is(headers.etag, reservationEtag(confirmed), tags);
  }
  for (const tags of ['"queued"', '"pending"', '*', reservationEtag(held)]) {
    const { headers } = await ask({ reader: untouchedReader, replica }, path, { 'if-none-match': tags });
    assert.is(headers.etag, reservationEtag(held), tags);
  }
});

test('of two states of one moment only the very one the client has counts', async () => {
  const reduced = { ...confirmed, lines: [] };
  const seen = { 'if-none-match': reservationEtag(reduced) };
  const { headers } = await ask({ reader: having(reduced), replica: having(confirmed) }, path, seen);
  assert.is(headers.etag, reservationEtag(reduced));
});

test('a show that the replica does not have, or in an older state than the client, is the primary’s', async () => {
  const sold = { ...show, asOfMs: show.asOfMs + 5 };
  const reader: Reader = { ...emptyReader, show: async () => ({ show: sold }) };
  const replica: Reader = { ...emptyReader, show: async () => ({ show }) };
  const url = `/v1/shows/${showId}`;
  const etagOf = async (query: Partial<QueryOptions>, headers = {}): Promise<unknown> =>
    (await ask(query, url, headers)).headers.etag;
  assert.is(await etagOf({ reader: untouchedReader, replica }), showEtag(show));
  assert.is(await etagOf({ reader, replica: emptyReader }), showEtag(sold));
  assert.is(await etagOf({ reader, replica }, { 'if-none-match': showEtag(sold) }), showEtag(sold));
  const changed = { ...sold, revision: 2, asOfMs: sold.asOfMs };
  const same: Reader = { ...emptyReader, show: async () => ({ show: changed }) };
  assert.is(await etagOf({ reader, replica: same }, { 'if-none-match': showEtag(sold) }), showEtag(sold));
  assert.is((await ask({ reader: emptyReader, replica: emptyReader }, url)).statusCode, 404);
});

test('lists are answered by the replica', async () => {
  const replica: Reader = {
    ...untouchedReader,
    shows: emptyReader.shows,
    reservations: emptyReader.reservations,
  };
  for (const url of ['/v1/shows', '/v1/reservations'])
    assert.is((await ask({ reader: untouchedReader, replica }, url)).statusCode, 200, url);
});

test('histories and the first state of a stream are the primary’s', async () => {
  const reader: Reader = { ...having(confirmed), show: async () => ({ show }) };
  const query = { reader, replica: untouchedReader };
  assert.is((await ask(query, `${path}/history`)).statusCode, 200);
  assert.match((await ask(query, `${path}/updates`)).payload, /id: confirmed\./);
  const head = serverOf({ query: { tail, ...query } });
  const { statusCode } = await head.inject({ method: 'HEAD', url: `/v1/shows/${showId}/updates` });
  await head.close();
  assert.is(statusCode, 200);
});

test('a wait that the replica cannot end is ended by the primary', async () => {
  const outcomes = { wait: () => waitFor(never) };
  const decided = await ask({ reader: having(confirmed), replica: having(), outcomes }, path, {
    prefer: 'wait=5',
  });
  assert.is(decided.json().status, 'confirmed');
});

test('a row that the replica cannot read is the primary’s to tell', async () => {
  const replica: Reader = {
    ...emptyReader,
    reservation: async () => ({ watermark, unreadable: 'a word of a newer build' }),
    show: async () => ({ unreadable: 'a rule of a newer build' }),
  };
  const reader: Reader = { ...having(confirmed), show: async () => ({ show }) };
  assert.is((await ask({ reader, replica }, path)).statusCode, 200);
  assert.is((await ask({ reader, replica }, `/v1/shows/${showId}`)).statusCode, 200);
});
