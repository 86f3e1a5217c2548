import type { Clock } from '../../domain/ports.ts';
import type { ServerCheck } from '../../log/connection/prepare-connection.ts';
import { UnfitServer } from '../../log/connection/unfit-server.ts';
import { newPairCheck } from '../../log/pair/pair.ts';
import type { Session } from '../../store/database/session.ts';
import { findPairId } from '../../store/pair/pair.ts';
import { awaitPair, logWritten } from './await-pair.ts';
import { refusalLine } from './pair-line.ts';
import { type PairAgreement, type PairOutcome, settleOnce } from './settle-pair.ts';

/** Keeps a process on the two servers it was started on: every connection is compared when it is made and regularly after. */
export interface PairGuard {
  /** Called before anything else is opened. Resolves to the id, or to undefined when stopped. Throws the fault in one line. */
  settle(stopping: AbortSignal): Promise<string | undefined>;
  /** Refuses a connection to another Redis than that of the pair, and all connections while the database is known to be another. */
  readonly checkRedis: ServerCheck;
  /** Why this session must not be used: it leads to another database, or Redis is another. Undefined when it may be used. */
  checkSession(session: Session): Promise<string | undefined>;
  /** 'ok', or the reason for waiting, or why nothing is read and written. */
  state(): string;
  /** Whether a connection leads to another pair. Nothing is read or written while it does. */
  isRefused(): boolean;
}

export interface PairGuardOptions extends Omit<PairAgreement, 'seenAtMs'> {
  readonly clock: Clock;
  /** Called when this process has written back a lost half in Redis. */
  readonly onWrittenBack?: () => void;
  /** Compares once; the real servers unless given. */
  readonly settleOnce?: (settling: PairAgreement) => Promise<PairOutcome>;
}

type Side = 'redis' | 'database';

interface GuardState extends PairGuardOptions {
  id: string | undefined;
  waiting: string | undefined;
  seenAtMs: number | undefined;
  /** By the side that belongs to another pair. */
  readonly faults: Map<Side, string>;
  /** The comparison in progress, shared by all who ask meanwhile. */
  settling: Promise<PairOutcome> | undefined;
}

export const newPairGuard = (options: PairGuardOptions): PairGuard => {
  const guarding: GuardState = {
    ...options,
    id: undefined,
    waiting: undefined,
    seenAtMs: undefined,
    faults: new Map(),
    settling: undefined,
  };
  return {
    settle: (stopping) => settleAtStart(guarding, stopping),
    checkRedis: newPairCheck((ask) => checkRedis(guarding, ask)),
    checkSession: (session) => checkSession(guarding, session),
    state: () => stateOf(guarding),
    isRefused: () => guarding.faults.size > 0,
  };
};

const stateOf = ({ id, waiting, faults }: GuardState): string =>
  [...faults.values()][0] ?? (id === undefined ? (waiting ?? 'comparing') : 'ok');

const settleAtStart = async (guarding: GuardState, stopping: AbortSignal): Promise<string | undefined> => {
  const { clock, settleOnce: settle = settleOnce } = guarding;
  guarding.id = await awaitPair(guarding, {
    clock,
    stopping,
    settle: () => settle({ ...guarding, seenAtMs: undefined }),
    onWaiting: (why) => {
      guarding.waiting = why;
    },
  });
  guarding.seenAtMs = clock.nowMs();
  return guarding.id;
};

const checkRedis = async (guarding: GuardState, ask: () => Promise<string | undefined>): Promise<void> => {
  if ((await ask()) !== guarding.id) {
    await writeBack(guarding);
    // The URL may lead to the right server by now while this connection still leads to the former one.
    if ((await ask()) !== guarding.id)
      throw new UnfitServer('this connection leads to a Redis of another pair', 'server');
  }
  guarding.seenAtMs = guarding.clock.nowMs();
  endFault(guarding, 'redis');
  throwFault(guarding);
};

const checkSession = async (guarding: GuardState, session: Session): Promise<string | undefined> => {
  const found = await findPairId(session);
  if (found === guarding.id) endFault(guarding, 'database');
  else beginFault(guarding, 'database', databaseLine(guarding, found));
  return faultOf(guarding);
};

/** Redis has another id than ours, or none. What can be repaired is repaired; anything else is logged and thrown. */
const writeBack = async (guarding: GuardState): Promise<void> => {
  const { settleOnce: settle = settleOnce, logger, onWrittenBack } = guarding;
  guarding.settling ??= settle({ ...guarding, seenAtMs: guarding.seenAtMs }).finally(() => {
    guarding.settling = undefined;
  });
  const shared = guarding.settling;
  const settled = await shared;
  if (settled.type === 'paired' && settled.id === guarding.id) {
    if (settled.wrote === undefined || reportedOutcomes.has(settled)) return;
    reportedOutcomes.add(settled);
    logWritten(logger, settled);
    onWrittenBack?.();
    return;
  }
  beginFault(guarding, 'redis', lineOf(guarding, settled));
  throwFault(guarding);
};

/** Outcomes that were logged already: several connections share one. */
const reportedOutcomes = new WeakSet<PairOutcome>();

const lineOf = (guarding: GuardState, settled: PairOutcome): string => {
  switch (settled.type) {
    case 'refused':
      return settled.line;
    case 'waiting':
      return `Redis has lost its pair id: ${settled.why}`;
    case 'paired':
      return `both servers belong to another pair now than at the start: restart this process (it began with ${guarding.id ?? 'none'})`;
  }
};

const databaseLine = (guarding: GuardState, mysqlId: string | undefined): string =>
  refusalLine(
    { type: 'refuse', why: mysqlId === undefined ? 'unmigrated' : 'different' },
    { mysqlId, redisId: guarding.id },
    guarding,
  );

/** Logs one line when the fault begins and one when it is over, however many connections find it. */
const beginFault = ({ faults, logger }: GuardState, side: Side, line: string): void => {
  if (faults.get(side) !== line) logger.error({ side }, `another pair: nothing is read or written: ${line}`);
  faults.set(side, line);
};

const endFault = ({ faults, logger }: GuardState, side: Side): void => {
  if (faults.delete(side)) logger.info({ side }, 'the servers are of one pair again');
};

const faultOf = ({ faults }: GuardState): string | undefined => [...faults.values()][0];

const throwFault = (guarding: GuardState): void => {
  const line = faultOf(guarding);
  if (line !== undefined) throw new UnfitServer(line, 'all');
};
