import { hostname, userInfo } from 'node:os';
import type { RedriveMarks } from '../store/mark-redriven.ts';
import type { RepairStore } from '../store/open-repair-store.ts';
import type { Dismissal, ParkedRecord, ParkedState } from '../store/parked-record.ts';
import { exitCodes } from './exit-codes.ts';
import { printable, timeText } from './print-table.ts';
import { complain, type Place, parsePlace } from './read-options.ts';
import { realClock } from './system.ts';

/** Of which entries nothing is to be done, and why; or of which something is, after all. */
export type DismissalWanted =
  | { readonly type: 'dismiss'; readonly places: readonly Place[]; readonly because: string }
  | { readonly type: 'restore'; readonly places: readonly Place[] };

interface Typed {
  readonly dismiss?: readonly string[] | undefined;
  readonly restore?: readonly string[] | undefined;
  readonly because?: string | undefined;
  readonly list?: boolean | undefined;
  readonly show?: string | undefined;
}

const becauseMax = 500;

/** Undefined when nobody asked for either; in a sentence what is wrong with the question. */
export const dismissalWanted = (typed: Typed): DismissalWanted | string | undefined => {
  const { dismiss, restore, list, show } = typed;
  const because = typed.because?.trim();
  if (!dismiss && !restore) return because === undefined ? undefined : '--because goes with --dismiss';
  if ([dismiss, restore, list, show].filter(Boolean).length > 1)
    return '--dismiss, --restore, --list and --show exclude each other';
  const places = placesIn(dismiss ?? restore ?? []);
  if (typeof places === 'string') return places;
  if (restore) return because === undefined ? { type: 'restore', places } : '--because goes with --dismiss';
  if (!because) return '--dismiss wants --because <text>: whoever looks at it later has to know';
  if (because.length > becauseMax || !because.isWellFormed())
    return `--because takes up to ${becauseMax} characters`;
  return { type: 'dismiss', places, because };
};

const placesIn = (texts: readonly string[]): readonly Place[] | string => {
  const places: Place[] = [];
  for (const text of texts) {
    const place = parsePlace(text);
    if (!place) return `it wants <partition>/<stream id>, as --list prints it, not ${text}`;
    places.push(place);
  }
  return places;
};

/** Asks nothing, like a redrive, which it never meets: only one of them works in a database at a time. */
export const dismissEntries = async (store: RepairStore, wanted: DismissalWanted): Promise<number> => {
  const done = await store.redriving(async (marks) => {
    const codes: number[] = [];
    for (const place of wanted.places) codes.push(await changeAt(store, marks, place, wanted));
    return Math.max(...codes);
  });
  if (done.type === 'done') return done.value;
  complain('parked', 'a redrive is at work in this database: try again when it has ended');
  return exitCodes.failed;
};

const changeAt = async (
  store: RepairStore,
  marks: RedriveMarks,
  place: Place,
  wanted: DismissalWanted,
): Promise<number> => {
  const id = `${place.partition}/${place.streamId}`;
  const records = await store.parkedAt(place);
  const fits = wanted.type === 'dismiss' ? isWaiting : isDismissed;
  const fitting = records.filter(({ state }) => fits(state));
  const dismissal = wanted.type === 'dismiss' ? newDismissal(wanted.because) : undefined;
  let changed = 0;
  for (const record of fitting) if (await marks.dismiss(record, dismissal)) changed += 1;
  if (changed === 0) {
    complain('parked', `${id} ${whyNot(records[0], wanted.type)}`);
    return exitCodes.failed;
  }
  process.stdout.write(
    `${id} ${dismissal ? dismissedText(dismissal, fitting) : 'waits again: onsale redrive'}\n`,
  );
  return exitCodes.done;
};

/** As the metric counts them. */
const isWaiting = (state: ParkedState): boolean => state === 'waiting' || state === 'sending';
const isDismissed = (state: ParkedState): boolean => state === 'dismissed';

/** Longer names than the column has are none of a person. */
const nameMax = 255;

const newDismissal = (because: string): Dismissal => ({
  atMs: realClock.nowMs(),
  by: `${nameOfUser()}@${hostname()}`.toWellFormed().slice(0, nameMax),
  because,
});

/** A container may run as a number that has no name. */
const nameOfUser = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
};

const dismissedText = ({ by }: Dismissal, records: readonly ParkedRecord[]): string => {
  const ids = records.flatMap(({ requestId }) => requestId ?? []);
  const pending = ids.length > 0 ? `; ${ids.join(', ')} stays pending for its customer` : '';
  return `dismissed by ${printable(by)}${pending}`;
};

const whyNot = (record: ParkedRecord | undefined, type: DismissalWanted['type']): string => {
  if (!record) return 'is not parked';
  const { state, dismissal } = record;
  if (dismissal && type === 'dismiss')
    return `was dismissed ${timeText(dismissal.atMs)} by ${printable(dismissal.by)}: ${printable(dismissal.because)}`;
  if (type === 'restore') return 'was not dismissed';
  return state === 'decided'
    ? 'needs no dismissal: its request is decided'
    : 'was sent again: what waits now is the entry it was sent as (parked --list)';
};
