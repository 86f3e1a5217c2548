import { Buffer } from 'node:buffer';
import { partitionOf } from '../../domain/ids.ts';
import type { Reservation } from '../../domain/reservation.ts';
import type { DueHolds, DueHoldsQuery, HoldKey, StuckHold } from '../contract.ts';
import { isNull, numberIn, type Row, uuidIn } from '../database/columns.ts';
import { loadSql } from '../database/load-sql.ts';
import { beforeAllIds } from '../database/parameters.ts';
import { readWithRetry } from '../database/read-with-retry.ts';
import type { Session, Values } from '../database/session.ts';
import type { Sessions } from '../database/session-pool.ts';
import { type DecodeResult, tryDecode } from '../database/try-decode.ts';
import { reservationOf } from '../rows/reservation-row.ts';

const findDueHolds = loadSql('read/find-due-holds');

const STUCK_MAX = 1_000;
/** The latest expiry that is read: a later time is never due and does not fit a JavaScript number. */
const LATEST_MS = Number.MAX_SAFE_INTEGER;
/** One row is enough as a rule. But if it can never lapse, many after it may be like it. */
const NEXT_LIMITS = { first: 1, more: 500 };

export const readDueHolds = async (
  sessions: Sessions,
  partition: number,
  query: DueHoldsQuery,
): Promise<DueHolds> => {
  const stuck: StuckHold[] = [];
  const ask = queryOver(sessions);
  for (let { after } = query; ; ) {
    const page = await readPage(ask, partition, { ...query, ...(after && { after }) });
    stuck.push(...page.stuck.slice(0, STUCK_MAX - stuck.length));
    if (page.holds.length > 0 || page.next === undefined) return { ...page, stuck };
    after = page.next;
  }
};

export const readNextExpiryMs = async (
  sessions: Sessions,
  partition: number,
  after?: HoldKey,
): Promise<number | undefined> => {
  const first = { untilMs: LATEST_MS, limit: NEXT_LIMITS.first, ...(after && { after }) };
  const { holds, next } = await readPage(queryOver(sessions), partition, first);
  if (holds.length > 0 || next === undefined) return holds[0]?.expiresAtMs;
  const more = { ...first, limit: NEXT_LIMITS.more, after: next };
  return (await readDueHolds(sessions, partition, more)).holds[0]?.expiresAtMs;
};

/** All holds of the partition that can never lapse, due or not; the first thousand. */
export const stuckHoldsIn = async (session: Session, partition: number): Promise<readonly StuckHold[]> => {
  const stuck: StuckHold[] = [];
  let after: HoldKey | undefined;
  do {
    const query = { untilMs: LATEST_MS, limit: STUCK_MAX, ...(after && { after }) };
    const page = await readPage((values) => session.rows(findDueHolds, values), partition, query);
    stuck.push(...page.stuck);
    after = page.next;
  } while (after && stuck.length < STUCK_MAX);
  return stuck;
};

type RunQuery = (values: Values) => Promise<readonly Row[]>;

const queryOver =
  (sessions: Sessions): RunQuery =>
  (values) =>
    readWithRetry(sessions, (session) => session.rows(findDueHolds, values));

const readPage = async (
  ask: RunQuery,
  partition: number,
  { untilMs, limit, after }: DueHoldsQuery,
): Promise<DueHolds> => {
  const fromMs = String(after?.expiresAtMs ?? 0);
  const from = [fromMs, fromMs, after ? bytesOfKey(after) : beforeAllIds];
  const values = [String(partition), String(untilMs), ...from, String(limit)];
  const rows = await ask(values);
  const last = rows.length === limit ? rows.at(-1) : undefined;
  const looked = rows.map((row) => [keyOf(row), lapsable(row, partition)] as const);
  return {
    holds: looked.flatMap(([, it]) => (it.type === 'read' ? it.value : [])),
    stuck: looked.flatMap(([key, it]) => (it.type === 'unreadable' ? { ...key, why: it.why } : [])),
    ...(last && { next: keyOf(last) }),
  };
};

const keyOf = (row: Row): HoldKey => ({
  expiresAtMs: numberIn(row, 'due_at_ms'),
  id: uuidIn(row, 'hold_id'),
});

const bytesOfKey = ({ id }: HoldKey): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

/** Checks what the two tables must agree on for the hold to lapse. A hold that lapsed in only one of them would be due for ever. */
const lapsable = (row: Row, partition: number): DecodeResult<Reservation> =>
  tryDecode(`hold of reservation ${uuidIn(row, 'hold_id')}`, () => {
    if (isNull(row, 'id')) throw new Error('it has no row in reservations');
    const reservation = reservationOf(row);
    const { id, status, expiresAtMs } = reservation;
    if (status !== 'held') throw new Error(`its reservation is ${status}`);
    if (expiresAtMs !== numberIn(row, 'due_at_ms'))
      throw new Error(`its reservation expires at ${expiresAtMs}, not at ${numberIn(row, 'due_at_ms')}`);
    if (partitionOf(id) !== partition) throw new Error(`it belongs to partition ${partitionOf(id)}`);
    return reservation;
  });
