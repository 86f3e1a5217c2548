import { numberIn } from './columns.ts';
import { serverErrorOf } from './database-error.ts';
import type { Session, Values } from './session.ts';

/** A node of Galera refuses GET_LOCK: it would hold on that node alone. */
const NOT_SUPPORTED = 1235;

/** Takes the lock that the statement names, until the session ends. `none`: this server keeps no such locks. */
export const takeLock = async (
  session: Pick<Session, 'rows'>,
  sql: string,
  values: Values = [],
): Promise<'taken' | 'busy' | 'none'> => {
  try {
    const [row] = await session.rows(sql, values);
    return row !== undefined && numberIn(row, 'taken') === 1 ? 'taken' : 'busy';
  } catch (error) {
    if (serverErrorOf(error)?.errno === NOT_SUPPORTED) return 'none';
    throw error;
  }
};
