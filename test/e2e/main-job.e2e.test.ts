import { type Audit, audit } from '../support/audit.ts';
import { type Backends, startBackends } from '../support/backends.ts';
import { type Answer, getReservation, openShow, reserve } from '../support/client.ts';
import { type Onsale, startOnsale } from '../support/onsale.ts';
import { keptPromises } from '../support/sale.ts';
import { assert, suite } from '../support/suite.ts';

// The real task: 1,000 customers request 3 tickets each, all at once.
const customers = 1_000;
const quantity = 3;

const test = suite('the main job', { timeoutMs: 60_000 });

let backends: Backends;
let api: Onsale;

test.before(async () => {
  backends = await startBackends();
  api = await startOnsale({ roles: ['command', 'query'], ...backends.urls });
});

test.after(async () => {
  await api.stop();
  await backends.remove();
});

interface Sale {
  readonly showId: string;
  readonly ids: readonly string[];
  readonly statuses: readonly string[];
}

/** All customers at once; each reads its reservation right after the 202 and then waits for the outcome. */
const rush = async (capacity: number, asking = customers): Promise<Sale> => {
  const showId = await openShow(api.url, { stalls: capacity });
  const outcomes = await Promise.all(
    Array.from({ length: asking }, async (_, n) => {
      const customer = `customer-${n}`;
      const accepted = await reserve(api.url, { customer, showId, quantity });
      // The door may refuse once the show is full; such a request got no id.
      if (accepted.status === 409 && accepted.body['instance'] === undefined) return undefined;
      assert.is(accepted.status, 202, JSON.stringify(accepted.body));
      const id = String(accepted.body['id']);
      const first = await getReservation(api.url, id, customer);
      assert.is(first.status, 200, `GET right after 202: ${JSON.stringify(first.body)}`);
      return { id, status: await settled(id, customer, first) };
    }),
  );
  const accepted = outcomes.filter((outcome) => outcome !== undefined);
  return { showId, ids: accepted.map(({ id }) => id), statuses: accepted.map(({ status }) => status) };
};

const settled = async (id: string, customer: string, first: Answer): Promise<string> => {
  let answer = first;
  while (answer.body['status'] === 'pending') answer = await getReservation(api.url, id, customer, 10);
  return String(answer.body['status']);
};

const auditAll = async (sales: readonly Sale[]): Promise<Audit> =>
  await audit({ ...backends.urls, accepted: sales.flatMap(({ ids }) => ids) });

const keptAll = (it: Audit): void => {
  keptPromises(it);
  assert.is(it.parked, 0);
};

const soldPlaces = (it: Audit, showId: string): number | undefined =>
  [...it.confirmedByShow].find(([id]) => id === showId)?.[1];

const withProjectors = async (count: number, work: () => Promise<void>): Promise<void> => {
  const starting = Array.from({ length: count }, () =>
    startOnsale({ roles: ['projector'], ...backends.urls }),
  );
  const projectors = await Promise.all(starting);
  try {
    await work();
  } finally {
    await Promise.all(projectors.map((projector) => projector.stop()));
  }
};

for (const projectors of [1, 3]) {
  const by = `with ${projectors} projector${projectors > 1 ? 's' : ''}`;

  test(`1,000 requests for 3 of 50,000 are all confirmed, ${by}`, () =>
    withProjectors(projectors, async () => {
      const sale = await rush(50_000);
      assert.is(sale.statuses.filter((status) => status === 'confirmed').length, customers);
      const it = await auditAll([sale]);
      keptAll(it);
      assert.is(soldPlaces(it, sale.showId), customers * quantity);
    }));

  test(`1,000 requests for 3 of 500 sell it to the last three, never above, ${by}`, () =>
    withProjectors(projectors, async () => {
      const sale = await rush(500);
      const it = await auditAll([sale]);
      keptAll(it);
      // 166 × 3 = 498: the two places that are left are too few for a request for three.
      assert.is(soldPlaces(it, sale.showId), 498);
    }));

  test(`several shows at once sell out each to the ticket, ${by}`, () =>
    withProjectors(projectors, async () => {
      const capacities = [150, 3, 375, 749];
      const sales = await Promise.all(capacities.map((capacity) => rush(capacity, 250)));
      const it = await auditAll(sales);
      keptAll(it);
      assert.equal(
        sales.map(({ showId }) => soldPlaces(it, showId)),
        [150, 3, 375, 747],
      );
    }));
}
