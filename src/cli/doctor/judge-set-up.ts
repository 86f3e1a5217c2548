import type { PairComparison } from '../pair/compare-pair.ts';
import { shortId } from '../pair/pair-line.ts';
import { type Line, lineOf, type Want } from './line.ts';

/** How both servers were set up; a field is absent when its server could not be asked. */
export interface SetUp {
  readonly wantedPartitions: number;
  /** `none`: it has not been used yet. */
  readonly redisPartitions?: number | 'none';
  readonly mysqlPartitions?: number | 'none';
  /** Whether this build can work on the schema, or why not. */
  readonly schema?: string;
  readonly pair?: PairComparison | undefined;
}

export const upToDate = 'up to date';

const schema: Want<SetUp> = {
  name: 'schema',
  wanted: upToDate,
  why: 'no role starts on an older schema',
  cure: 'onsale migrate (--dry-run shows what it would do)',
  found: (setUp) => setUp.schema,
  holds: (setUp) => setUp.schema === upToDate,
};

const partitions: Want<SetUp> = {
  name: 'partitions',
  wanted: 'the same in both, and no more than ONSALE_PARTITIONS',
  why: 'servers that differ do not belong together; partitions are never taken away',
  cure: 'ONSALE_PARTITIONS as large as they were set up with, or the URL of the server that belongs here',
  found: ({ redisPartitions, mysqlPartitions, wantedPartitions }) =>
    redisPartitions === undefined || mysqlPartitions === undefined
      ? undefined
      : `Redis ${redisPartitions}, MySQL ${mysqlPartitions}, ONSALE_PARTITIONS ${wantedPartitions}`,
  holds: ({ redisPartitions, mysqlPartitions, wantedPartitions }) =>
    redisPartitions === mysqlPartitions &&
    (redisPartitions === 'none' || Number(redisPartitions) <= wantedPartitions),
};

const pair: Want<SetUp> = {
  name: 'pair',
  wanted: 'the same in both, or none in Redis that a first start may write',
  why: 'no role starts on two halves that do not belong together',
  cure: 'REDIS_URL and DATABASE_URL of one pair, or onsale adopt: docs/operating/wrong-pair.md',
  found: ({ pair: look }) => look && `Redis ${shortId(look.redis)}, MySQL ${shortId(look.mysql)}`,
  holds: ({ pair: look }) => look !== undefined && look.fault === undefined,
};

export const judgeSetUp = (setUp: SetUp): readonly Line[] => [
  lineOf(schema, setUp),
  lineOf(partitions, setUp),
  lineOf(pair, setUp),
];
