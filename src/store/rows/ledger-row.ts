import { parsePoolId, type ShowId } from '../../domain/ids.ts';
import type { PoolLedger, ShowLedger } from '../../domain/ledger.ts';
import type { Lookup } from '../contract.ts';
import { isNull, numberIn, type Row, readAs, showIdIn, textIn, uuidIn } from '../database/columns.ts';
import { newLookup, tryDecode } from '../database/try-decode.ts';
import { parseRules, type UnknownRules } from './show-rules.ts';

/** Reads ledgers from rows of one pool each; the pools of a show are adjacent and in their order. */
export const ledgersOf = (
  rows: readonly Row[],
  unknownRules: UnknownRules = 'refused',
): Lookup<ShowId, ShowLedger> => {
  const byShow = new Map<string, Row[]>();
  for (const row of rows) {
    const id = uuidIn(row, 'id');
    const group = byShow.get(id);
    if (group) group.push(row);
    else byShow.set(id, [row]);
  }
  return newLookup(
    [...byShow].map(([id, pools]) => [
      id,
      tryDecode(`show ${id}`, () => withId(ledgerOf(pools, unknownRules))),
    ]),
  );
};

const withId = (ledger: ShowLedger): readonly [ShowId, ShowLedger] => [ledger.showId, ledger];

const ledgerOf = (rows: readonly Row[], unknownRules: UnknownRules): ShowLedger => {
  const [show] = rows;
  if (!show || isNull(show, 'pool_id')) throw new Error('it has no pools');
  return {
    showId: showIdIn(show, 'id'),
    name: textIn(show, 'show_name'),
    revision: numberIn(show, 'revision'),
    openedAtMs: numberIn(show, 'opened_at_ms'),
    // A decision sets the time only of the pools that it changes; the latest of these times is the show's.
    asOfMs: rows.reduce((latest, pool) => Math.max(latest, numberIn(pool, 'as_of_ms')), 0),
    rules: parseRules(textIn(show, 'rules'), unknownRules),
    pools: rows.map(poolOf),
  };
};

const readPoolId = readAs(parsePoolId);

const poolOf = (row: Row): PoolLedger => ({
  id: readPoolId('pool_id', row['pool_id']),
  name: textIn(row, 'name'),
  capacity: numberIn(row, 'capacity'),
  ...(!isNull(row, 'target') && { target: numberIn(row, 'target') }),
  held: numberIn(row, 'held'),
  confirmed: numberIn(row, 'confirmed'),
});
