import { isDeepStrictEqual } from 'node:util';
import { loadSql } from '../../../src/store/database/load-sql.ts';
import type { Values } from '../../../src/store/database/session.ts';
import { binary, type Change, numberAt, parseElements, type Query, textAt } from './parameters.ts';
import type { PartitionRow } from './tables.ts';

/**
 * UPDATE partitions SET a = ?, b = ? WHERE c = ? AND d = ?, interpreted from its text. The fence is the WHERE
 * clause, so a condition missing there is missing here too.
 */
const updateOfPartition = (sql: string): Change => {
  const equations = equationsOf(sql);
  const set = equations.set.map(columnOf);
  const where = equations.where.map(columnOf);
  const idAt = set.length + where.indexOf('id');
  return ({ own }, values) => {
    if (values.length !== set.length + where.length)
      throw new Error(`${values.length} values do not fit ${sql}`);
    const row = own.partitions.locked(String(numberAt(values, idAt)));
    if (!row || !where.every((column, n) => equals(row[column], values[set.length + n]))) return 0;
    own.partitions.replace({ ...row, ...Object.fromEntries(set.map((column, n) => [column, values[n]])) });
    return 1;
  };
};

/**
 * UPDATE JSON_TABLE(…) AS d STRAIGHT_JOIN partitions AS p ON p.id = d.id SET p.a = d.a WHERE p.b = d.b AND …,
 * interpreted from its text for the same reason.
 */
const updateOfPartitions = (sql: string): Change => {
  const pair = pairedIn(sql);
  const equations = equationsOf(sql);
  const set = equations.set.map(pair);
  const where = equations.where.map(pair);
  return ({ own }, values) => {
    let matched = 0;
    for (const element of parseElements(values, 0)) {
      const row = own.partitions.locked(String(element[0]));
      if (!row || !where.every(([column, at]) => equals(row[column], valueFor(element, column, at))))
        continue;
      own.partitions.replace({
        ...row,
        ...Object.fromEntries(set.map(([column, at]) => [column, valueFor(element, column, at)])),
      });
      matched += 1;
    }
    return matched;
  };
};

/** SELECT d.nth, … FROM JSON_TABLE(…) AS d STRAIGHT_JOIN partitions AS p … WHERE p.a = d.a AND …, interpreted from its text. */
const lookAtPartitions = (sql: string): Query => {
  const [, condition] = /\nWHERE (.+)$/s.exec(sql) ?? [];
  if (condition === undefined) throw new Error(`not a look at partitions: ${sql}`);
  const where = condition.split(/\s+AND\s+/).map(pairedIn(sql));
  return ({ committed }, values) =>
    parseElements(values, 0).flatMap((element, index) => {
      const row = committed.partitions.get(String(element[0]));
      return row && where.every(([column, at]) => equals(row[column], valueFor(element, column, at)))
        ? [{ nth: index + 1, roll: committed.settings.get('roll')?.value ?? null }]
        : [];
    });
};

type PairedColumn = readonly [column: string, at: number];

/** Which element's value a column of the table is compared with or set to. */
const pairedIn = (sql: string): ((equation: string) => PairedColumn) => {
  const places = new Map(
    [...sql.matchAll(/(\w+) [\w ]+(?:\(\d+\))? PATH '\$\[(\d+)\]'/g)].map(([, name, at]) => [
      name,
      Number(at),
    ]),
  );
  return (equation) => {
    const [, column, name] = /^p\.(\w+) = (?:UNHEX\()?d\.(\w+)\)?$/.exec(equation.trim()) ?? [];
    const at = places.get(name);
    if (column === undefined || at === undefined)
      throw new Error(`not a column that is compared with an element's: ${equation}`);
    return [column, at];
  };
};

const valueFor = (element: readonly unknown[], column: string, at: number): Values[number] =>
  column === 'claim' ? binary(String(element[at])) : String(element[at]);

const equationsOf = (sql: string): Readonly<Record<'set' | 'where', readonly string[]>> => {
  const [, setting, condition] = /^UPDATE .*SET (.+?)\s+WHERE (.+)$/s.exec(sql) ?? [];
  if (setting === undefined || condition === undefined || !/\bpartitions\b/.test(sql))
    throw new Error(`not an update of partitions: ${sql}`);
  return { set: setting.split(/,\s*/), where: condition.split(/\s+AND\s+/) };
};

const columnOf = (equation: string): string => {
  const [, column] = /^(\w+) = \?$/.exec(equation.trim()) ?? [];
  if (column === undefined) throw new Error(`not a column that is compared with a value: ${equation}`);
  return column;
};

/** NULL equals nothing. */
const equals = (column: unknown, value: Values[number] | undefined): boolean =>
  column !== null && (isDeepStrictEqual(column, value) || String(column) === String(value));

const createPartitions: Change = ({ own }, values) => {
  let made = 0;
  for (const [id] of parseElements(values, 0)) {
    if (own.partitions.locked(String(id)) !== undefined) continue;
    own.partitions.insert(newPartition(Number(id)));
    made += 1;
  }
  return made;
};

const newPartition = (id: number): PartitionRow => ({
  id,
  epoch: '0',
  claim: null,
  position: '0',
  watermark_ms: '0',
  watermark_seq: '0',
  clock_ms: '0',
  judged_ms: null,
  owner: null,
  claimed_at_ms: null,
});

const lockPartition: Query = ({ own }, values) => {
  const row = own.partitions.locked(textAt(values, 0));
  return row ? [row] : [];
};

const findLatestClock: Query = ({ committed, own }) => {
  let latest: number | null = null;
  for (const { id } of committed.partitions.all())
    latest = Math.max(latest ?? 0, Number(own.partitions.get(String(id))?.['clock_ms']));
  return [{ clock_ms: latest }];
};

const writeSetting: Change = ({ own }, values) => {
  const [name, value] = [textAt(values, 0), textAt(values, 1)];
  if (own.settings.locked(name) !== undefined) return 0;
  own.settings.insert({ name, value });
  return 1;
};

const lockSetting: Query = ({ own }, values) => {
  const row = own.settings.locked(textAt(values, 0));
  return row ? [{ ...row }] : [];
};

const changeSetting: Change = ({ own }, values) => {
  const row = own.settings.locked(textAt(values, 1));
  if (!row) return 0;
  own.settings.replace({ ...row, value: textAt(values, 0) });
  return 1;
};

const callRoll: Change = ({ own }, values) => {
  const setting = { name: 'roll', value: textAt(values, 0) };
  if (own.settings.locked(setting.name) === undefined) own.settings.insert(setting);
  else own.settings.replace(setting);
  return 1;
};

export const partitionChanges: Readonly<Record<string, Change>> = {
  'advance-partitions': updateOfPartitions(loadSql('commit/advance-partitions')),
  'claim-partition': updateOfPartition(loadSql('commit/claim-partition')),
  'create-partitions': createPartitions,
  'write-setting': writeSetting,
  'change-setting': changeSetting,
  'call-roll': callRoll,
};

export const partitionLooks: Readonly<Record<string, Query>> = {
  'lock-partition': lockPartition,
  'find-standing-claims': lookAtPartitions(loadSql('commit/find-standing-claims')),
  'find-latest-clock': findLatestClock,
  'lock-setting': lockSetting,
};
