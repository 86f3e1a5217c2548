import { createConnection } from 'mysql2/promise';
import type { Store } from '../../src/store/open-store.ts';
import { migrate } from '../../src/store/setup/migrate.ts';
import type { Check } from '../chaos/report.ts';
import { claimFor } from '../store/claim-for.ts';
import { logger, openTestStore } from '../store/open-test-store.ts';
import { batchOf, confirmed, lineOf, newId, newOwner, opening } from '../store/story.ts';
import type { GaleraNode } from './galera-cluster.ts';
import { check } from './trade.ts';

const races = 300;
const database = 'race';
const partition = 1;

/**
 * An owner commits on one node while another process claims its partition on the other node, again and again.
 * After the claim no batch of the former owner may be committed, and the new owner must see all earlier ones.
 */
export const raceClaims = async (
  one: GaleraNode,
  two: GaleraNode,
): Promise<{ readonly told: string; readonly check: Check }> => {
  const connection = await createConnection(one.server.url);
  await connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await connection.end();
  const urls = [one, two].map(({ server }) => server.url.replace(/\/onsale$/, `/${database}`));
  const [here = '', there = ''] = urls;
  await migrate({ url: here, logger });
  let conflicts = 0;
  const open = (url: string): Promise<Store> =>
    openTestStore(url, { leaseTtlMs: 3_000, onConflict: () => (conflicts += 1) });
  const stores = [await open(here), await open(there)] as const;
  const verdicts = new Map<string, number>();
  const broken: string[] = [];
  const failuresBefore = await certificationFailures([one, two]);
  try {
    for (let n = 0; n < races; n += 1) {
      const verdict = await race(stores, n);
      if (verdict.broken !== undefined) broken.push(verdict.broken);
      verdicts.set(verdict.type, (verdicts.get(verdict.type) ?? 0) + 1);
    }
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
  const failed = (await certificationFailures([one, two])) - failuresBefore;
  const counts = [...verdicts].map(([type, count]) => `${count} ${type}`).join(', ');
  return {
    told: `${races} commits on node one, each beside a claim on node two: ${counts}; ${failed} certification failures, ${conflicts} tried again`,
    check: check(
      'after a claim on another node nothing of the owner before is committed, and all that was is seen',
      broken,
    ),
  };
};

const certificationFailures = async (nodes: readonly GaleraNode[]): Promise<number> => {
  const each = await Promise.all(nodes.map(({ status }) => status('wsrep_local_cert_failures')));
  return each.reduce((sum, value) => sum + Number(value), 0);
};

const race = async (
  [{ partitionStore: here }, { partitionStore: there }]: readonly [Store, Store],
  n: number,
): Promise<{ readonly type: string; readonly broken?: string }> => {
  const { standing } = await newOwner(here, partition);
  const show = newId(partition);
  const batch = batchOf(standing, [opening(show, { a: 5 }), confirmed(show, [lineOf('a', 1)])]);
  const [verdict, next] = await Promise.all([
    here.commit(batch),
    claimFor(there, partition, `successor ${n}`),
  ]);
  const { position } = next.progress;
  const expected = verdict.type === 'committed' ? batch.after.position : batch.before.position;
  const late = await here.commit(batch);
  const sold = (await there.ledgers([show], next.claim)).get(show)?.pools[0]?.confirmed;
  const isRight =
    position === expected &&
    late.type !== 'committed' &&
    sold === (verdict.type === 'committed' ? 1 : undefined);
  return {
    type: verdict.type,
    ...(!isRight && {
      broken: `race ${n}: ${verdict.type}, the successor stands at ${position} and not ${expected}, sold ${sold}, late ${late.type}`,
    }),
  };
};
