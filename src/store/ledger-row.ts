import { parsePoolId } from '../domain/ids.ts';
import type { PoolLedger, ShowLedger } from '../domain/ledger.ts';
import type { ShowRules } from '../domain/requests.ts';
import { isNull, numberIn, parsedIn, type Row, showIdIn, textIn } from './row.ts';

/** From rows of one pool each, a show's pools next to each other and in their order. */
export const ledgersOf = (rows: readonly Row[]): readonly ShowLedger[] => {
  const byShow = new Map<string, Row[]>();
  for (const row of rows) {
    const showId = showIdIn(row, 'id');
    const group = byShow.get(showId);
    if (group) group.push(row);
    else byShow.set(showId, [row]);
  }
  return [...byShow.values()].flatMap(([first, ...others]) =>
    first ? [ledgerOf(first, [first, ...others])] : [],
  );
};

const ledgerOf = (show: Row, pools: readonly Row[]): ShowLedger => ({
  showId: showIdIn(show, 'id'),
  name: textIn(show, 'show_name'),
  revision: numberIn(show, 'revision'),
  openedAtMs: numberIn(show, 'opened_at_ms'),
  // A decision stamps the pools it moves only; the latest of them is the show's.
  asOfMs: pools.reduce((latest, pool) => Math.max(latest, numberIn(pool, 'as_of_ms')), 0),
  rules: parseRules(textIn(show, 'rules')),
  pools: pools.map(poolOf),
});

const poolOf = (row: Row): PoolLedger => ({
  id: parsedIn(row, 'pool_id', parsePoolId),
  name: textIn(row, 'name'),
  capacity: numberIn(row, 'capacity'),
  ...(!isNull(row, 'target') && { target: numberIn(row, 'target') }),
  held: numberIn(row, 'held'),
  confirmed: numberIn(row, 'confirmed'),
});

const parseRules = (text: string): ShowRules => JSON.parse(text) as ShowRules;
