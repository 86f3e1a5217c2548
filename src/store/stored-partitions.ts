import { serverErrorOf } from './database-error.ts';
import { textIn } from './row.ts';
import { sentence } from './sentence.ts';
import type { Session } from './session.ts';

const findSetting = sentence('find-setting');
const NO_SUCH_TABLE = 1146;

/** How many partitions the database was set up with; undefined for one that nobody used yet. */
export const storedPartitions = async (session: Session): Promise<number | undefined> => {
  try {
    const [row] = await session.rows(findSetting, ['partitions']);
    return row && Number(textIn(row, 'value'));
  } catch (error) {
    if (serverErrorOf(error)?.errno === NO_SUCH_TABLE) return undefined;
    throw error;
  }
};
