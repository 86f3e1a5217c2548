import type { PairHalves, PairRefusal, PairVerdict } from '../../domain/pair.ts';
import { maskUrl } from '../../shared/mask-url.ts';

export interface PairUrls {
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

type Halves = Pick<PairHalves, 'mysqlId' | 'redisId'>;

const shortLength = 8;
const namedMax = 5;

/** The part of an id that people compare. */
export const shortId = (id: string | undefined): string => id?.slice(0, shortLength) ?? 'none';

/** One line: the owner of each half, why they are no pair, and the remedy. */
export const refusalLine = (
  { why, partitions = [] }: Extract<PairVerdict, { type: 'refuse' }>,
  halves: Halves,
  { redisUrl, databaseUrl }: PairUrls,
): string => {
  const redis = `Redis at ${maskUrl(redisUrl)}`;
  const mysql = `the database ${maskUrl(databaseUrl)}`;
  const named = partitions.slice(0, namedMax).join(', ');
  const more = partitions.length > namedMax ? ', …' : '';
  const { mysqlId, redisId } = halves;
  const lines: Readonly<Record<PairRefusal, string>> = {
    unmigrated: `${mysql} has no pair id yet: run \`onsale migrate\` of this version`,
    different: `${redis} belongs to the pair ${shortId(redisId)}, ${mysql} to the pair ${shortId(mysqlId)}: correct REDIS_URL or DATABASE_URL; if both are meant, stop all processes and run \`onsale adopt\``,
    moved: `${redis} was left by its pair (\`onsale adopt --moved-from\`): point REDIS_URL at the new one`,
    'redis-empty': `${redis} is empty, and ${mysql} (pair ${shortId(mysqlId)}) has decided before: correct REDIS_URL, or put its data back; if it is lost or replaced, stop all processes and run \`onsale adopt\``,
    'mysql-fresh': `${redis} holds requests, and ${mysql} (pair ${shortId(mysqlId)}) has never decided anything: correct REDIS_URL or DATABASE_URL; if both are meant, run \`onsale adopt\``,
    'not-ours': `the streams of ${redis} are not what ${mysql} (pair ${shortId(mysqlId)}) was made from, in partition ${named}${more}: correct REDIS_URL or DATABASE_URL; if both are meant, stop all processes and run \`onsale adopt\``,
  };
  return lines[why];
};
