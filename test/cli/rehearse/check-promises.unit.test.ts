import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from '../../../infra/local/paths.ts';
import {
  checkPromises,
  type Evidence,
  type ListedReservation,
} from '../../../src/cli/rehearse/check-promises.ts';
import type { CustomerRecord } from '../../../src/cli/rehearse/play-customer.ts';
import type { Show } from '../../../src/client/client.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('promises as they are seen from outside');

const at = '2026-01-01T10:00:00.000Z';

const pool = (id: string, confirmed: number, held = 0) => {
  const capacity = 4;
  return { id, name: id, capacity, held, confirmed, available: capacity - held - confirmed };
};

const show = (pools: Show['pools'] = [pool('standing', 3), pool('balcony', 1)]): Show => ({
  id: 'show',
  name: 'Rehearsal',
  revision: 2,
  pools,
  closed: true,
  openedAt: at,
  asOf: at,
});

const both = [
  { poolId: 'standing', quantity: 3 },
  { poolId: 'balcony', quantity: 1 },
] as const;

const ann: CustomerRecord = { customer: 'ann', lines: both, status: 'confirmed', confirm: 'answered' };
const bob: CustomerRecord = { customer: 'bob', lines: [{ poolId: 'standing', quantity: 1 }], status: 'held' };
const eve: CustomerRecord = {
  customer: 'eve',
  lines: [{ poolId: 'standing', quantity: 2 }],
  status: 'rejected',
};

const reservation = (
  id: string,
  { customer, lines, status = 'held' }: CustomerRecord,
): ListedReservation => ({
  id,
  status: newStatus(status),
  lines: [...lines],
  customerId: customer,
});

const newStatus = (text: string): ListedReservation['status'] => text as ListedReservation['status'];

const records = { ann, bob, eve };
const listed = [
  reservation('ann', ann),
  reservation('bob', { ...bob, status: 'expired' }),
  reservation('eve', eve),
];

/** Three customers; everything is in order except for the changes. */
const evidence = ({
  records: others = records,
  ...changes
}: Partial<Omit<Evidence, 'records'>> & {
  readonly records?: Readonly<Record<string, CustomerRecord>>;
} = {}): Evidence => ({
  records: new Map(Object.entries(others)),
  split: [],
  givenUp: 0,
  unanswered: 0,
  cutShort: 0,
  answers: { '201': 3, '409 sold-out': 1, '429 too-many-requests': 2 },
  odd: [],
  oversoldSamples: [],
  show: show(),
  listed,
  ...changes,
});

/** The promises that were broken, with the findings on them. */
const brokenBy = (changes: Parameters<typeof evidence>[0]) =>
  checkPromises(evidence(changes)).filter(({ broken }) => broken.length > 0);

const isOnly = (changes: Parameters<typeof evidence>[0], promise: string, says: RegExp): void => {
  const found = brokenBy(changes);
  assert.equal(
    found.map((finding) => finding.promise),
    [promise],
  );
  assert.match(found[0]?.broken.join('; ') ?? '', says);
};

/** The list with another state of one reservation. */
const instead = (id: string, changes: Partial<ListedReservation>) =>
  listed.map((each) => (each.id === id ? { ...each, ...changes } : each));

const counted = 'the show counts as its customers do';
const holds = 'told is what holds';
const once = 'one key, one reservation';

test('a sale as it should be breaks none, a lapsed hold and a refusal included', () =>
  assert.equal(brokenBy({}), []));

test('more held and confirmed than there is, in a look during the sale', () =>
  isOnly({ oversoldSamples: ['standing had 5 of 4'] }, 'never oversold', /5 of 4/));

test('more reserved than there is, pool by pool, and what the show says of itself', () => {
  const found = brokenBy({ show: show([pool('standing', 3, 2), pool('balcony', 1)]) });
  assert.match(found[0]?.broken.join() ?? '', /standing had 2 held and 3 confirmed of 4/);
  const many = brokenBy({
    listed: [...listed, reservation('more', { ...bob, lines: [{ poolId: 'standing', quantity: 2 }] })],
  });
  assert.match(many[0]?.broken.join() ?? '', /standing: reservations for 5 of 4 places/);
});

test('accepted and not there, or still pending', () => {
  isOnly(
    { listed: listed.filter(({ id }) => id !== 'bob') },
    'all that was accepted is decided',
    /bob has no/,
  );
  isOnly(
    { listed: instead('bob', { status: 'pending' }) },
    'all that was accepted is decided',
    /bob has no decision/,
  );
});

test('places that are held for ever', () =>
  isOnly(
    { show: show([pool('standing', 3, 1), pool('balcony', 1)]) },
    'all that was accepted is decided',
    /standing still has 1 held/,
  ));

test('confirmed in time, and expired', () => {
  const inTime: CustomerRecord = { ...bob, isInTime: true };
  isOnly(
    { records: { ...records, bob: inTime } },
    'who confirms in time has confirmed',
    /bob was confirmed in time/,
  );
});

test('told rejected, and held all the same; told cancelled, and expired', () => {
  isOnly({ listed: instead('eve', { status: 'expired' }) }, holds, /eve was rejected, and is expired/);
  isOnly(
    { records: { ...records, bob: { ...bob, status: 'cancelled' } } },
    holds,
    /bob was cancelled, and is expired/,
  );
});

test('told confirmed, and not so: the show then counts otherwise, too', () => {
  const found = brokenBy({
    listed: instead('ann', { status: 'expired' }),
    show: show([pool('standing', 0), pool('balcony', 0)]),
  });
  assert.equal(
    found.map(({ promise }) => promise),
    [holds, counted],
  );
});

test('what belongs to somebody else, is of another size, or was confirmed by nobody', () => {
  const strange = 'nobody has what they did not ask for';
  isOnly({ listed: instead('ann', { customerId: 'eve' }) }, strange, /ann of ann is eve/);
  const two = [
    { poolId: 'standing', quantity: 2 },
    { poolId: 'balcony', quantity: 1 },
  ];
  const shrunk = {
    listed: instead('ann', { lines: two }),
    show: show([pool('standing', 2), pool('balcony', 1)]),
  };
  assert.ok(
    brokenBy(shrunk).some(
      ({ promise, broken }) => promise === strange && /has 2 of standing/.test(broken.join()),
    ),
  );
  const { confirm: _confirm, ...unconfirmed } = ann;
  const nobody = brokenBy({ records: { ...records, ann: unconfirmed } });
  assert.match(nobody[0]?.broken.join() ?? '', /nobody confirmed it/);
});

test('a show that counts otherwise than its customers, or than its own reservations', () => {
  isOnly(
    { show: show([pool('standing', 2), pool('balcony', 1)]) },
    counted,
    /standing: .* 2 confirmed, .* told 3/,
  );
  const found = brokenBy({ listed: instead('ann', { status: 'expired' }) });
  assert.ok(found.some(({ promise, broken }) => promise === counted && /come to 0/.test(broken.join())));
});

test('a confirm whose answer never came may count or not', () => {
  const sent: CustomerRecord = { customer: 'bob', lines: bob.lines, status: 'held', confirm: 'sent' };
  assert.equal(brokenBy({ records: { ...records, bob: sent } }), []);
  const came = {
    records: { ...records, bob: sent },
    listed: instead('bob', { status: 'confirmed' }),
    show: show([pool('standing', 4), pool('balcony', 1)]),
  };
  assert.equal(brokenBy(came), []);
});

test('one key with two answers', () => isOnly({ split: ['one key made a and b'] }, once, /a and b/));

test('a reservation that nobody was told of, unless an answer was lost', () => {
  const more = [...listed, reservation('ghost', { ...bob, status: 'expired' })];
  isOnly({ listed: more }, once, /1 reservations that no answer named.*ghost/);
  assert.equal(
    brokenBy({ listed: more, givenUp: 1, unanswered: 1 }).map(({ promise }) => promise),
    ['every request was answered, and as the guide says'],
  );
});

test('a status of 5xx, whatever came of it later', () =>
  isOnly(
    { answers: { '201': 3, '503 overloaded': 2 } },
    'no answer was 5xx',
    /2 answers were 503 overloaded/,
  ));

test('no answer at all, and one that the guide does not know', () => {
  const answered = 'every request was answered, and as the guide says';
  isOnly({ givenUp: 3, unanswered: 3 }, answered, /3 requests .* however often/);
  isOnly({ givenUp: 2, cutShort: 2 }, answered, /2 requests .* when the rehearsal stopped waiting/);
  assert.equal(brokenBy({ givenUp: 3 }), [], 'whoever was told 429 each time has been answered');
  isOnly({ odd: ['418 {}'] }, answered, /418/);
});

test('the pages that show a rehearsal have every promise, in its order, and no other', () => {
  const page = (path: string): string => readFileSync(join(paths.root, 'docs', path), 'utf8');
  const namesIn = (text: string, line: RegExp) => [...text.matchAll(line)].map(([, name]) => name);
  const names = checkPromises(evidence()).map(({ promise }) => promise);
  assert.equal(namesIn(page('operating/before-the-sale.md'), /^(\w.+?) +kept$/gm), names);
  const [, table = ''] = page('reference/command-line.md').split('| promise | is broken when |\n|---|---|\n');
  assert.equal(namesIn(table.split('\n\n')[0] ?? '', /^\| (.+?) \| /gm), names);
});
