import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { type Audit, audit } from './audit.ts';
import { getReservation, openShow } from './client.ts';
import { type Load, type LoadReport, startLoad } from './load.ts';
import { type Urls, untilDecided } from './partitions.ts';
import { assert } from './suite.ts';

const capacities = { hot: 1_200, other: 250 } as const;
const patienceMs = 30_000;

/** The partition of the sale's shows. */
export const hotPartition = 5;
const otherPartitions = [2, 6] as const;

export interface World extends Urls {
  /** Where commands are sent and where reservations are read. */
  readonly api: { readonly command: string; readonly query: string };
  readonly partitions: number;
}

export interface Sale {
  readonly hot: string;
  readonly load: Load;
}

/** Asserts that no promise was broken, whatever happened to the processes. */
export const keptPromises = (it: Audit): void => {
  for (const [promise, faults] of Object.entries(it.faults)) assert.equal(faults.slice(0, 5), [], promise);
};

/**
 * Sells a hot show and two others out while a fault happens in the middle, and checks afterwards that every
 * promise was kept.
 */
export const sellWhile = async (
  world: World,
  disturb: (sale: Sale) => Promise<void>,
  hotCapacity: number = capacities.hot,
): Promise<LoadReport> => {
  const { command } = world.api;
  const open = (stalls: number, partition: number): Promise<string> =>
    openShow(command, { stalls }, { partition });
  const hot = await open(hotCapacity, hotPartition);
  const others = await Promise.all(otherPartitions.map((partition) => open(capacities.other, partition)));
  const load = startLoad({ api: command, shows: [hot, hot, hot, ...others] });
  try {
    await load.accepts(100);
    await disturb({ hot, load });
    await untilSoldOut(world, [hot, ...others]);
  } finally {
    await load.stop();
  }
  const { report } = load;
  assert.equal(report.odd, []);
  await untilDecided(world);
  await allPromisesKept(world, report, { hot, hotCapacity, others });
  return report;
};

const allPromisesKept = async (
  world: World,
  report: LoadReport,
  {
    hot,
    hotCapacity,
    others,
  }: { readonly hot: string; readonly hotCapacity: number; readonly others: readonly string[] },
): Promise<void> => {
  const it = await audit({ ...world, accepted: report.accepted.map(({ id }) => id) });
  keptPromises(it);
  const sold = new Map<string, number>(it.confirmedByShow);
  assert.equal(
    [hot, ...others].map((showId) => sold.get(showId)),
    [hotCapacity, ...others.map(() => capacities.other)],
    'sold to the ticket',
  );
  await decidedForCustomers(world, report);
};

/** Customers are told what the tables contain; checked for a sample spread over the whole sale. */
const decidedForCustomers = async ({ api }: World, { accepted, unknown }: LoadReport): Promise<void> => {
  const every = Math.max(1, Math.floor(accepted.length / 50));
  for (const { id, customer } of accepted.filter((_, index) => index % every === 0)) {
    const { status, body } = await getReservation(api.query, id, customer);
    assert.is(status, 200);
    assert.ok(body['status'] === 'confirmed' || body['status'] === 'rejected', JSON.stringify(body));
  }
  for (const { id, customer } of unknown) {
    const { status, body } = await getReservation(api.query, id, customer);
    assert.ok(status === 404 || (status === 200 && body['status'] !== 'pending'), JSON.stringify(body));
  }
};

const untilSoldOut = async ({ databaseUrl }: Urls, shows: readonly string[]): Promise<void> => {
  const connection = await createConnection(databaseUrl);
  const ids = shows.map((id) => Buffer.from(id.replaceAll('-', ''), 'hex'));
  const left = async (): Promise<number> => {
    const sql = 'SELECT SUM(capacity - confirmed) AS places FROM pools WHERE show_id IN (?)';
    const [rows] = await connection.query<RowDataPacket[]>(sql, [ids]);
    return Number(rows[0]?.['places']);
  };
  try {
    if (await waitUntil(async () => (await left()) === 0, { limitMs: patienceMs, everyMs: 50 })) return;
    throw new Error(`not sold out within ${patienceMs} ms: ${await left()} places are left`);
  } finally {
    await connection.end();
  }
};
