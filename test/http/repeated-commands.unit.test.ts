import { assert, suite } from '../support/suite.ts';
import { type DecidingWorld, newDecidingWorld } from './deciding-world.ts';
import { asAdmin, asAlice, serverOf } from './fakes.ts';

const test = suite('http: every command, repeated');

type Server = ReturnType<typeof serverOf>;

interface World {
  readonly server: Server;
  readonly world: DecidingWorld;
}

interface Call {
  readonly path: string;
  readonly method?: 'POST' | 'PATCH';
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const send = async (
  { server }: World,
  { path, method = 'POST', body = {}, headers = asAlice }: Call,
  key?: string,
) => {
  const all = { prefer: 'wait=5', ...headers, ...(key !== undefined && { 'idempotency-key': key }) };
  const response = await server.inject({ method, url: path, headers: all, payload: body });
  return { status: response.statusCode, headers: response.headers, body: response.json() };
};

type Answer = Awaited<ReturnType<typeof send>>;

/**
 * A short text for an answer: the code of a refusal, or the status and number of places of a reservation,
 * with 'another' where it is not the first one.
 */
const inAWord = ({ status, body }: Answer, first?: Answer): string => {
  if (status >= 400) return `${status} ${body.code}`;
  const places = body.lines?.[0]?.quantity;
  const what = body.status === undefined ? `revision ${body.revision}` : `${body.status} ${places}`;
  return first && first.body.id !== body.id ? `another, ${what}` : what;
};

const pools = [{ id: 'standing', name: 'Standing', capacity: 100 }];

const openShow = async (world: World, holdSeconds?: number): Promise<Answer> =>
  await send(world, {
    path: '/v1/shows',
    headers: asAdmin,
    body: { name: 'A show', pools, ...(holdSeconds && { holdSeconds }) },
  });

const wish = (show: Answer) => ({
  path: '/v1/reservations',
  body: { showId: show.body.id, lines: [{ poolId: 'standing', quantity: 5 }] },
});

/** A command about a reservation of five places. */
const follow =
  (verb: string, body?: object) =>
  (reservation: Answer): Call => ({
    path: `/v1/reservations/${reservation.body.id}/${verb}`,
    ...(body && { body }),
  });

const confirm = follow('confirm');
const cancel = follow('cancel');
const pay = (reference: string) => follow('confirm', { reference });
const giveBack = follow('cancel', { lines: [{ poolId: 'standing', quantity: 1 }] });

interface Row {
  readonly of: 'hold' | 'confirmed';
  readonly what: string;
  readonly call: (reservation: Answer) => Call;
  readonly first: string;
  /** The answers to the same command sent again: without a key, and with the same key. */
  readonly again: readonly [without: string, keyed: string];
  /** The same after the reservation was cancelled in between. */
  readonly cancelled: readonly [without: string, keyed: string];
}

const gone = '409 already-cancelled';

const rows: readonly Row[] = [
  {
    of: 'hold',
    what: 'confirm',
    call: confirm,
    first: 'confirmed 5',
    again: ['confirmed 5', 'confirmed 5'],
    cancelled: [gone, 'cancelled 5'],
  },
  {
    of: 'hold',
    what: 'confirm with a reference',
    call: pay('pay-1'),
    first: 'confirmed 5',
    again: ['confirmed 5', 'confirmed 5'],
    cancelled: [gone, 'cancelled 5'],
  },
  {
    of: 'confirmed',
    what: 'confirm with a reference of what has none',
    call: pay('pay-1'),
    first: '409 confirmed-otherwise',
    again: ['409 confirmed-otherwise', '409 confirmed-otherwise'],
    cancelled: [gone, '409 confirmed-otherwise'],
  },
  {
    of: 'hold',
    what: 'extend',
    call: follow('extend'),
    first: 'held 5',
    again: ['409 extension-used', 'held 5'],
    cancelled: [gone, 'cancelled 5'],
  },
  {
    of: 'hold',
    what: 'cancel of a hold',
    call: cancel,
    first: 'cancelled 5',
    again: ['cancelled 5', 'cancelled 5'],
    cancelled: ['cancelled 5', 'cancelled 5'],
  },
  {
    of: 'confirmed',
    what: 'cancel',
    call: cancel,
    first: 'cancelled 5',
    again: ['cancelled 5', 'cancelled 5'],
    cancelled: ['cancelled 5', 'cancelled 5'],
  },
  ...(['hold', 'confirmed'] as const).map(
    (of): Row => ({
      of,
      what: `cancel of some lines (${of})`,
      call: giveBack,
      first: of === 'hold' ? 'held 4' : 'confirmed 4',
      again: ['400 key-required', of === 'hold' ? 'held 4' : 'confirmed 4'],
      cancelled: ['400 key-required', 'cancelled 4'],
    }),
  ),
];

const inWorld = async (act: (world: World) => Promise<void>): Promise<void> => {
  const world = newDecidingWorld('calm');
  const server = serverOf({ command: { random: Math.random, ...world.command }, query: world.query });
  try {
    await act({ server, world });
    assert.equal(world.parked, []);
  } finally {
    await server.close();
  }
};

const reserved = async (world: World, of: Row['of']): Promise<Answer> => {
  const reservation = await send(world, wish(await openShow(world, of === 'hold' ? 600 : undefined)));
  assert.is(inAWord(reservation), of === 'hold' ? 'held 5' : 'confirmed 5');
  return reservation;
};

for (const { of, what, call, first, again, cancelled } of rows) {
  for (const forgets of [false, true]) {
    const when = forgets ? ', when Redis forgot its key' : '';
    test(`${what}${when}: with its key it acts once, before and after the reservation changed`, () =>
      inWorld(async (world) => {
        const reservation = await reserved(world, of);
        const [one, other] = [call(reservation), call(await reserved(world, of))];
        assert.is(inAWord(await send(world, one, 'key')), first);
        await send(world, other, 'other');
        if (forgets) world.world.forgetKeys();
        const repeated = await send(world, one, 'key');
        assert.equal([inAWord(repeated), inAWord(await send(world, one))], [again[1], again[0]]);
        assert.is(repeated.headers['idempotent-replayed'], 'true');
        await send(world, cancel(reservation), 'by-another');
        if (forgets) world.world.forgetKeys();
        assert.equal(
          [inAWord(await send(world, one, 'key')), inAWord(await send(world, one))],
          [cancelled[1], cancelled[0]],
        );
      }));
  }
}

test('a request for places without a key is another one, and with its key the same, whatever became of it', () =>
  inWorld(async (world) => {
    const show = await openShow(world);
    const first = await send(world, wish(show), 'key');
    assert.is(inAWord(await send(world, wish(show)), first), 'another, confirmed 5');
    assert.is(inAWord(await send(world, wish(show), 'key'), first), 'confirmed 5');
    await send(world, giveBack(first), 'one-back');
    assert.is(inAWord(await send(world, wish(show), 'key'), first), 'confirmed 4', 'as it is now');
    await send(world, cancel(first));
    assert.is(inAWord(await send(world, wish(show), 'key'), first), 'cancelled 4', 'as it is now');
  }));

test('opening a show without a key opens another, and with its key it is the same', () =>
  inWorld(async (world) => {
    const call = { path: '/v1/shows', headers: asAdmin, body: { name: 'A show', pools } };
    const first = await send(world, call, 'key');
    assert.is(inAWord(await send(world, call), first), 'another, revision 1');
    assert.is(inAWord(await send(world, call, 'key'), first), 'revision 1');
    const headers = { ...asAdmin, 'if-match': String(first.headers['etag']) };
    const change = {
      path: `/v1/shows/${first.body.id}`,
      method: 'PATCH',
      headers,
      body: { name: 'B' },
    } as const;
    assert.is(inAWord(await send(world, change), first), 'revision 2');
    assert.is(inAWord(await send(world, change), first), '412 stale-revision', 'a change has If-Match');
    assert.is(inAWord(await send(world, call, 'key'), first), 'revision 2', 'as it is now');
  }));

test('of two payments the second learns that it is not the one, under whatever key', () =>
  inWorld(async (world) => {
    const reservation = await reserved(world, 'hold');
    assert.is(inAWord(await send(world, pay('pay-1')(reservation), 'one')), 'confirmed 5');
    for (const key of ['two', undefined]) {
      const second = await send(world, pay('pay-2')(reservation), key);
      assert.is(inAWord(second), '409 confirmed-otherwise');
      assert.is(second.body.instance, `/v1/reservations/${reservation.body.id}`);
    }
    assert.is(inAWord(await send(world, pay('pay-2')(reservation), 'one')), '422 idempotency-key-reused');
    assert.is(inAWord(await send(world, pay('pay-1')(reservation), 'three')), 'confirmed 5');
    assert.is(inAWord(await send(world, confirm(reservation), 'four')), 'confirmed 5');
    const history = await world.server.inject({
      url: `/v1/reservations/${reservation.body.id}/history`,
      headers: asAlice,
    });
    const named = history
      .json()
      .data.filter(({ kind }: { kind: string }) => kind === 'request')
      .map(({ reference }: { reference?: string }) => reference);
    assert.equal(named, [undefined, 'pay-1', 'pay-2', 'pay-2', 'pay-1', undefined]);
  }));
