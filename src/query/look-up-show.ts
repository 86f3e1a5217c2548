import type { ShowId } from '../domain/ids.ts';
import type { ShowLedger } from '../domain/ledger.ts';
import { orUnavailable } from '../http/or-unavailable.ts';
import { unreadableRow } from '../http/unreadable-row.ts';
import type { QueryOptions } from './options.ts';

/** As the primary has it. */
export const lookUpShow = async (
  id: ShowId,
  { reader }: Pick<QueryOptions, 'reader'>,
): Promise<ShowLedger | undefined> => {
  const { show, unreadable } = await orUnavailable('MySQL', reader.show(id));
  if (unreadable !== undefined) throw unreadableRow(unreadable);
  return show;
};
