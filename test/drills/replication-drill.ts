import { waitUntil } from '../../infra/local/wait-until.ts';
import type { Check } from '../chaos/report.ts';
import { askMariadb } from '../support/ask-mariadb.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';
import { type DecisionRecord, decidedBehind, type Positions, positionsIn, remade } from './decisions.ts';
import { type GtidPair, startGtidPair } from './gtid-pair.ts';
import { type DrillOutcome, seconds } from './report.ts';
import { check, type DrillKit, migrated, startTrade, type Trade } from './trade.ts';
import { within } from './within.ts';

const behindMs = 3_000;
const commitsMeasured = 200;

interface World {
  readonly kit: DrillKit;
  readonly pair: GtidPair;
  readonly trade: Trade;
}

/** What was lost with a primary: decisions that its successor did not have. */
interface Loss {
  readonly old: OwnServer;
  readonly promotedAt: Positions;
}

/**
 * A planned switch-over, a primary that dies while its replica lags, and one that dies with a replica that
 * acknowledges.
 */
export const replicationDrill = async (kit: DrillKit): Promise<DrillOutcome> => {
  const { owned } = kit;
  const redis = await owned.own(startOwnRedis(), (it) => it.remove());
  const pair = await startGtidPair(owned);
  await migrated(pair.watchers.url);
  const trade = await startTrade(kit, {
    urls: { redisUrl: redis.url, databaseUrl: pair.watchers.url },
    groups: [{ redisUrl: redis.url, databaseUrl: pair.name.url, apis: 1, projectors: 2 }],
  });
  const world = { kit, pair, trade };
  await commitCosts(world);
  const checks = [...(await planned(world))];
  const [behindLoss, behindChecks] = await killed(world, 'asynchronous');
  await pair.replaceReplica();
  const [, stepChecks] = await killed(world, 'semi-synchronous');
  const outcome = await trade.end([...checks, ...behindChecks, ...stepChecks]);
  return { ...outcome, checks: [...outcome.checks, await allRemade(world, behindLoss)] };
};

const planned = async ({ pair, trade }: World): Promise<readonly Check[]> => {
  let missing: readonly DecisionRecord[] = [];
  const { recoveredMs } = await trade.step({
    what: 'a planned switch: read-only, caught up, promoted, the name leads there; nobody is cut off',
    act: async (over) => {
      const old = pair.primary();
      await askMariadb(old, 'SET GLOBAL read_only = 1');
      await pair.untilCaughtUp();
      await pair.promote();
      missing = await decidedBehind(old, await positionsIn(pair.primary()));
      pair.lead('stay');
      over();
      await pair.followBack();
      return [];
    },
  });
  return [
    check(
      'a planned switch loses no decision',
      missing.map(({ requestId }) => requestId),
    ),
    within(recoveredMs, 'the switch'),
  ];
};

const killed = async (
  { kit, pair, trade }: World,
  replication: 'asynchronous' | 'semi-synchronous',
): Promise<readonly [Loss, readonly Check[]]> => {
  const isSemi = replication === 'semi-synchronous';
  if (isSemi) await acknowledged(pair);
  const old = pair.primary();
  let promotedAt: Positions = new Map();
  const { recoveredMs } = await trade.step({
    what: isSemi
      ? 'kill -9 of the primary, whose replica acknowledges every commit'
      : `kill -9 of the primary, of which the replica has heard nothing for ${seconds(behindMs)}`,
    act: async (over) => {
      if (!isSemi) {
        await askMariadb(pair.replica(), 'STOP SLAVE IO_THREAD');
        await kit.pause(behindMs);
      }
      await old.kill('SIGKILL');
      await pair.promote();
      promotedAt = await positionsIn(pair.primary());
      pair.lead('cut');
      over();
      return [];
    },
  });
  const checks = [within(recoveredMs, `the promotion (${replication})`)];
  const loss = { old, promotedAt };
  return [loss, isSemi ? [...checks, await nothingTold(loss)] : checks];
};

/** From here on every commit waits for the replica. */
const acknowledged = async (pair: GtidPair): Promise<void> => {
  await askMariadb(pair.primary(), 'SET GLOBAL rpl_semi_sync_master_enabled = ON');
  const isOn = async (): Promise<boolean> => {
    const [row] = await askMariadb(pair.primary(), "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master_status'");
    const [clients] = await askMariadb(
      pair.primary(),
      "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master_clients'",
    );
    return row?.['Value'] === 'ON' && Number(clients?.['Value']) > 0;
  };
  if (!(await waitUntil(isOn, { limitMs: 30_000 }))) throw new Error('no replica acknowledges');
};

/** A commit that the replica had not acknowledged was never published; the dead server may still have it. */
const nothingTold = async ({ old, promotedAt }: Loss): Promise<Check> => {
  await old.restart({ 'skip-slave-start': 'ON', 'rpl-semi-sync-master-enabled': 'OFF' });
  const left = await decidedBehind(old, promotedAt);
  await old.stop();
  return {
    what: `the semi-synchronous primary died with ${left.length} decisions that its replica did not have and nobody was told of`,
    verdict: 'kept',
  };
};

/** The dead server is started alone and its decisions are read; they are compared with those made since. */
const allRemade = async ({ kit, pair }: World, { old, promotedAt }: Loss): Promise<Check> => {
  await old.restart({ 'skip-slave-start': 'ON' });
  const lost = await decidedBehind(old, promotedAt);
  const { again, otherwise, never } = await remade(pair.primary(), lost);
  kit.say(
    `-- the dead primary had ${lost.length} decisions that its replica did not have: ${again} were made again alike, ` +
      `${otherwise.length} otherwise, ${never.length} never`,
  );
  for (const each of otherwise.slice(0, 5)) kit.say(`   ${each}`);
  return check(
    `all ${lost.length} decisions that were lost with the primary were made again, ${otherwise.length} of them otherwise`,
    lost.length === 0 ? ['none was lost, so nothing was tried'] : never,
  );
};

/** The cost of acknowledgement: one connection that commits one row at a time, during the trade. */
const commitCosts = async ({ kit, pair }: World): Promise<void> => {
  const primary = pair.primary();
  await askMariadb(primary, 'CREATE DATABASE drill');
  await askMariadb(primary, 'CREATE TABLE drill.commits (id INT PRIMARY KEY)');
  const rows = Array.from({ length: commitsMeasured }, (_, n) => n);
  const measured = async (): Promise<string> => {
    await askMariadb(primary, 'DELETE FROM drill.commits');
    const beganMs = performance.now();
    for (const n of rows) await askMariadb(primary, `INSERT INTO drill.commits VALUES (${n})`);
    return `${((performance.now() - beganMs) / commitsMeasured).toFixed(1)} ms`;
  };
  const alone = await measured();
  await acknowledged(pair);
  const both = await measured();
  await askMariadb(primary, 'SET GLOBAL rpl_semi_sync_master_enabled = OFF');
  kit.say(`-- a connection and a commit on it take ${alone}, and ${both} when the replica acknowledges`);
};
