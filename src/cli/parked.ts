import type { RepairStore } from '../store/open-repair-store.ts';
import { isWhole, type ParkedState } from '../store/parked-record.ts';
import type { ParkedFilter } from '../store/read-parked.ts';
import { type DismissalWanted, dismissalWanted, dismissEntries } from './dismiss-entries.ts';
import { exitCodes } from './exit-codes.ts';
import { jsonOf } from './print-json.ts';
import { groupsText, recordsText, recordText } from './print-parked.ts';
import { readConfig } from './read-config.ts';
import {
  complain,
  complainOfUse,
  type Place,
  parsePartition,
  parsePlace,
  parseWhole,
  readOptions,
} from './read-options.ts';
import { withRepairStore } from './with-repair-store.ts';

const shapes = {
  list: { type: 'boolean' },
  show: { type: 'string' },
  dismiss: { type: 'string', multiple: true },
  restore: { type: 'string', multiple: true },
  because: { type: 'string' },
  dismissed: { type: 'boolean', default: false },
  partition: { type: 'string' },
  reason: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
} as const;

interface Wanted {
  readonly filter: ParkedFilter;
  readonly dismissal?: DismissalWanted;
  /** Those that were dismissed as well. */
  readonly dismissed: boolean;
  readonly list: boolean;
  readonly show?: Place;
  readonly limit: number;
  readonly json: boolean;
}

const limitDefault = 50;
const limitMax = 10_000;
const previewBytes = 200;

/** Shows what was set aside because nobody could decide it, and notes of which nothing is to be done. */
export const parked = async (args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> => {
  const wanted = wantedOf(args);
  if (!wanted) return exitCodes.wrong;
  const config = readConfig(environment, ['databaseUrl']);
  if (!config) return exitCodes.wrong;
  return await withRepairStore({ verb: 'parked', config }, async (store) => {
    if (wanted.dismissal) return await dismissEntries(store, wanted.dismissal);
    if (wanted.show) return await show(store, wanted.show, wanted);
    return wanted.list ? await list(store, wanted) : await summarise(store, wanted);
  });
};

const wantedOf = (args: readonly string[]): Wanted | undefined => {
  const options = readOptions({ verb: 'parked', args, options: shapes });
  if (!options) return undefined;
  const { list: listed = false, json = false, reason, dismissed } = options;
  const dismissal = dismissalWanted(options);
  const partition = options.partition === undefined ? undefined : parsePartition(options.partition);
  const place = options.show === undefined ? undefined : parsePlace(options.show);
  const limit = parseWhole(options.limit ?? String(limitDefault), { min: 1, max: limitMax });
  if (options.partition !== undefined && partition === undefined)
    complain('parked', `--partition must be the number of a partition, not ${options.partition}`);
  else if (options.show !== undefined && !place)
    complain('parked', `--show wants <partition>/<stream id>, as --list prints it, not ${options.show}`);
  else if (typeof dismissal === 'string') complainOfUse('parked', dismissal);
  else if (limit === undefined) complain('parked', `--limit must be 1 to ${limitMax}, not ${options.limit}`);
  else {
    const filter = { ...(partition !== undefined && { partition }), ...(reason !== undefined && { reason }) };
    const chosen = { ...(place && { show: place }), ...(dismissal && { dismissal }) };
    return { filter, list: listed, dismissed, limit, json, ...chosen };
  }
  return undefined;
};

const summarise = async (store: RepairStore, { filter, dismissed, json }: Wanted): Promise<number> => {
  const isShown = (state: ParkedState): boolean =>
    state !== 'decided' && (dismissed || state !== 'dismissed');
  const groups = (await store.parkedGroups(filter)).filter(({ state }) => isShown(state));
  const waiting = groups.some(({ state }) => state === 'waiting' || state === 'sending');
  if (json) process.stdout.write(jsonOf({ groups }));
  else process.stdout.write(groups.length === 0 ? 'nothing is parked\n' : groupsText(groups));
  return waiting ? exitCodes.attention : exitCodes.done;
};

const list = async (store: RepairStore, { filter, dismissed, limit, json }: Wanted): Promise<number> => {
  const page = { waiting: false, dismissed, limit: limit + 1, bytesMax: previewBytes };
  const found = await store.parked({ ...filter, ...page });
  const records = found.slice(0, limit);
  const more = found.length > limit;
  if (json) process.stdout.write(jsonOf({ entries: records, more }));
  else {
    process.stdout.write(records.length === 0 ? 'nothing is parked\n' : recordsText(records));
    if (more) process.stdout.write(`and more: --limit shows ${limit}\n`);
  }
  const waiting = found.some(({ state }) => state === 'waiting' || state === 'sending');
  return waiting ? exitCodes.attention : exitCodes.done;
};

const show = async (store: RepairStore, place: Place, { json }: Wanted): Promise<number> => {
  const records = await store.parkedAt(place);
  if (records.length === 0) {
    complain('parked', `nothing is parked at ${place.partition}/${place.streamId}`);
    return exitCodes.failed;
  }
  const entries = records.map((record) => ({ ...record, whole: isWhole(record) }));
  if (json) process.stdout.write(jsonOf({ entries }));
  else process.stdout.write(entries.map((record) => recordText(record, record.whole)).join('\n'));
  return exitCodes.done;
};
