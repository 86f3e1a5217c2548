import { limits } from '../../domain/limits.ts';
import { readable } from '../database/column-types.ts';
import { textIn } from '../database/columns.ts';
import { failureOf, serverErrorOf } from '../database/database-error.ts';
import { loadSql } from '../database/load-sql.ts';
import { pauseAfter, type RetryDeps } from '../database/retry-pause.ts';
import type { Session } from '../database/session.ts';
import type { Sessions } from '../database/session-pool.ts';
import { type Ending, inTransaction, withSession } from '../database/transaction.ts';
import { listSettings, readSetting } from '../rows/settings.ts';

const writeSetting = loadSql('setup/write-setting');
const lockSetting = loadSql('setup/lock-setting');
const changeSetting = loadSql('pair/change-setting');
const createPartitions = loadSql('setup/create-partitions');

const TRIES_MAX = 5;

/** Errors of a user without the privilege to change the table, or to change these columns of it. */
const mayNot: ReadonlySet<number> = new Set([1142, 1143]);

export interface PartitionAgreement {
  /** The number of partitions; each has a stream. */
  readonly partitions: number;
  /** How an id names its partition, e.g. "uuid8-12bit". */
  readonly rule: string;
}

/**
 * The number of partitions that the database was set up with; undefined for a database that was never used.
 */
export const storedPartitions = async (session: Session): Promise<number | undefined> => {
  const stored = await readSetting(session, 'partitions');
  return stored === undefined ? undefined : Number(stored);
};

/**
 * Checks, before anything is read or written, that this process and the database agree on the number of
 * partitions and the rule: with another rule a show would be looked up in the wrong partition. A larger
 * number is stored as growth. A smaller one, or another rule, throws an error that contains both sides and
 * what to do. Resolves to the values in force. Nothing is written when both agree. A process that may only
 * read leaves the writing to others, which do the same check at their start.
 */
export const agreePartitions = async (
  { sessions, ...retry }: RetryDeps & { readonly sessions: Sessions },
  wanted: PartitionAgreement,
): Promise<PartitionAgreement> => {
  if (!Number.isInteger(wanted.partitions) || wanted.partitions < 1 || wanted.partitions > limits.partitions)
    throw new Error(
      `partitions must be a whole number from 1 to ${limits.partitions}, not ${wanted.partitions}`,
    );
  if (await withSession(sessions, (session) => agreesAlready(session, wanted))) return wanted;
  for (let tries = 1; ; tries += 1) {
    try {
      return await inTransaction(sessions, (session) => agree(session, wanted));
    } catch (error) {
      if (mayNot.has(serverErrorOf(error)?.errno ?? 0)) return wanted;
      if (failureOf(error) !== 'conflict' || tries >= TRIES_MAX) throw error;
      await pauseAfter(retry, tries);
    }
  }
};

const agreesAlready = async (session: Session, wanted: PartitionAgreement): Promise<boolean> => {
  const rows = (await listSettings.rows(session, {})).map(readable);
  const stored = new Map(rows.map(({ name, value }) => [name, value]));
  const rule = stored.get('partition-rule');
  const partitions = stored.get('partitions');
  if (rule === undefined || partitions === undefined) return false;
  refuseOther({ rule, partitions: Number(partitions) }, wanted);
  const there = rows[0]?.partitionRows ?? 0;
  return Number(partitions) === wanted.partitions && there >= wanted.partitions;
};

const refuseOther = (stored: PartitionAgreement, { partitions, rule }: PartitionAgreement): void => {
  if (stored.rule !== rule)
    throw new Error(
      `this database was set up with the partition rule "${stored.rule}", this process has "${rule}": run the version that fits`,
    );
  if (partitions < stored.partitions)
    throw new Error(
      `this database has ${stored.partitions} partitions, this process is set to ${partitions}: partitions can grow, not shrink, ` +
        `because existing ids name theirs; set it to ${stored.partitions} or more`,
    );
};

const agree = async (
  session: Session,
  { partitions, rule }: PartitionAgreement,
): Promise<Ending<PartitionAgreement>> => {
  const storedRule = await settle(session, 'partition-rule', rule);
  const stored = Number(await settle(session, 'partitions', String(partitions)));
  refuseOther({ rule: storedRule, partitions: stored }, { partitions, rule });
  if (partitions > stored) await session.change(changeSetting, [String(partitions), 'partitions']);
  await session.change(createPartitions, [JSON.stringify([...Array(partitions).keys()])]);
  return { end: 'commit', value: { partitions, rule } };
};

/** Resolves to the stored value, which is ours if there was none before. */
const settle = async (session: Session, name: string, value: string): Promise<string> => {
  await session.change(writeSetting, [name, value]);
  const [row] = await session.rows(lockSetting, [name]);
  if (!row) throw new Error(`the setting ${name} vanished`);
  return textIn(row, 'value');
};
