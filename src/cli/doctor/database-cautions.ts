import { type DatabaseFacts, limits } from '../../store/setup/inspect-database.ts';
import type { Want } from './line.ts';

/** How a setting of the server is changed, now and for its next start. */
export const global = (name: string, value: string): string =>
  `SET GLOBAL ${name} = ${value}, and the same in its configuration`;

/**
 * The remedy when a value that our sessions set is not in force: a proxy between us and the server drops it.
 */
export const unset = 'lead DATABASE_URL around the proxy that drops what sessions set';

const mb = 1_048_576;
const bufferPoolBytesMin = 512 * mb;
/** The default of both servers: enough for about a hundred sessions, each with all statements that we prepare. */
const preparedStatementsMin = 16_382;

const seconds = (ms: number): number => ms / 1_000;

/** Database settings that a sale needs to run well; no promise depends on them. */
export const databaseCautions: readonly Want<DatabaseFacts>[] = [
  {
    name: 'innodb_buffer_pool_size',
    wanted: '512 MB, or twice what the tables take up',
    why: 'otherwise rows and indexes come from the disk: a third of the inserts at four million reservations',
    cure: global('innodb_buffer_pool_size', '536870912'),
    found: ({ bufferPoolBytes, tableBytes }) =>
      `${Math.floor(bufferPoolBytes / mb)} MB, and ${Math.ceil(tableBytes / mb)} MB of tables`,
    holds: ({ bufferPoolBytes, tableBytes }) =>
      bufferPoolBytes >= Math.min(bufferPoolBytesMin, 2 * tableBytes),
  },
  {
    name: 'innodb_doublewrite',
    wanted: 'on',
    why: 'otherwise a power cut while a page is written loses the whole page',
    cure: 'innodb_doublewrite = ON in its configuration, and a restart',
    found: ({ doublewrite }) => (isOff(doublewrite) ? 'off' : 'on'),
    holds: ({ doublewrite }) => !isOff(doublewrite),
  },
  {
    name: 'innodb_lock_wait_timeout',
    wanted: `${seconds(limits.lockWaitMs)} in our sessions, which set it`,
    why: 'a projector that takes over from a frozen one waits this long for its locks',
    cure: unset,
    found: ({ session }) => `${session.lockWaitSeconds}`,
    holds: ({ session }) => session.lockWaitSeconds <= seconds(limits.lockWaitMs),
  },
  {
    name: 'max_prepared_stmt_count',
    wanted: `${preparedStatementsMin} or more`,
    why: 'each session prepares its statements; beyond it all of them fail',
    cure: global('max_prepared_stmt_count', String(4 * (preparedStatementsMin + 2))),
    found: ({ preparedStatementsMax }) => `${preparedStatementsMax}`,
    holds: ({ preparedStatementsMax }) => preparedStatementsMax >= preparedStatementsMin,
  },
  {
    name: 'max_statement_time',
    wanted: 'more than 0 in our sessions, which set it (MySQL: max_execution_time)',
    why: 'otherwise a query goes on in the server after its client has given up',
    cure: unset,
    found: ({ session }) => `${session.statementMs} ms`,
    holds: ({ session }) => session.statementMs > 0,
  },
  {
    name: 'time_zone',
    wanted: '+00:00 in our sessions, which set it',
    why: 'an hour comes twice or not at all when summer time ends or begins',
    cure: unset,
    found: ({ session }) => session.timeZone,
    holds: ({ session }) => session.timeZone === '+00:00',
  },
  {
    name: 'wait_timeout',
    wanted: `${seconds(limits.silenceMs)} or less in our sessions, which set it`,
    why: 'the server keeps the locks of a projector that froze for so long',
    cure: unset,
    found: ({ session }) => `${session.silenceSeconds}`,
    holds: ({ session }) => session.silenceSeconds <= seconds(limits.silenceMs),
  },
];

const isOff = (doublewrite: string): boolean => doublewrite === '0' || doublewrite.toUpperCase() === 'OFF';
