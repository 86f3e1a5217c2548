import { requestIdOf } from '../../src/domain/requests.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import type { ReadEntry } from '../../src/log/contract.ts';
import { carryOut, type Memories } from './carry-out.ts';
import { act } from './clients.ts';
import { isClientAction } from './is-client-action.ts';
import { judge, type Violation } from './judge.ts';
import type { Machine } from './machine.ts';
import type { Tables } from './memory-store/tables.ts';
import type { ClientAction, Plan } from './plan.ts';
import { newScheduler } from './scheduler.ts';
import { newSeededRandom } from './seeded-random.ts';
import { newTrace } from './trace.ts';
import { calm } from './weather.ts';
import { newWorld, type World } from './world.ts';

export interface RunResult {
  /** Same plan, same hash: everything that happened was decided by the seed alone. */
  readonly hash: string;
  readonly happened: number;
  readonly decisions: number;
  readonly broken: readonly Violation[];
  readonly trace: readonly string[];
}

const recoveryMs = 120_000;
const lookMs = 100;

/** One run: all actions happen as planned, then all faults end, and the auditor checks the result. */
export const runPlan = async (
  plan: Plan,
  { keepTrace }: { readonly keepTrace: boolean },
): Promise<RunResult> => {
  const random = newSeededRandom(`run ${plan.seed}`);
  const trace = newTrace({ keepLines: keepTrace });
  const scheduler = newScheduler(random.fork('ties'));
  const world = newWorld({ settings: plan.settings, scheduler, random, trace });
  const calls = begin(world, plan);
  await scheduler.run(() => false, plan.settings.durationMs);
  heal(world);
  const cameRight = await comesRight(world, calls, lastFaultMs(plan));
  const { broken, decisions } = await judge(world, cameRight);
  trace.note(scheduler.nowMs(), 'auditor', JSON.stringify(broken));
  return { hash: trace.hash(), happened: scheduler.happened(), decisions, broken, trace: trace.lines };
};

const begin = (world: World, { settings, actions }: Plan): { open: number } => {
  for (let n = 0; n < settings.projectors; n += 1) world.join();
  for (let n = 0; n < settings.apis; n += 1) world.startApi();
  const memories: Memories = {};
  const calls = { open: 0 };
  const start = async (action: ClientAction): Promise<void> => {
    calls.open += 1;
    await act(world, action);
    calls.open -= 1;
  };
  for (const { atMs, ...action } of actions) {
    world.scheduler.after(atMs, () => {
      if (isClientAction(action)) void start(action);
      else carryOut(world, memories, action);
    });
  }
  return calls;
};

/** Ends all faults: servers are up, networks work, and at least one process of each kind runs. */
const heal = (world: World): void => {
  for (const host of [world.redis, world.mysql]) {
    host.weather = calm;
    host.comeUp();
  }
  world.log.refuseWrites(undefined);
  world.log.upgrade();
  // A new projector joins, because those that are alive may be about to stop.
  world.join();
  if (!world.apis.some(isAlive)) world.startApi();
};

const isAlive = ({ machine }: { readonly machine: Machine }): boolean => !machine.isDead();

/**
 * Whether no client waits and everything on the streams is decided, including entries below the watermark.
 */
const comesRight = async (
  world: World,
  calls: { readonly open: number },
  notBeforeMs: number,
): Promise<boolean> => {
  const { scheduler, settings } = world;
  for (let ms = 0; ms < recoveryMs; ms += lookMs) {
    if (calls.open === 0 && scheduler.nowMs() >= notBeforeMs && isDecided(world)) return true;
    await scheduler.run(() => false, settings.durationMs + ms + lookMs);
  }
  return false;
};

/** End of the last fault. A process that was frozen or cut off must get time to do harm afterwards. */
const lastFaultMs = ({ actions }: Plan): number =>
  Math.max(0, ...actions.map((action) => action.atMs + ('forMs' in action ? action.forMs : 0))) + 300;

const isDecided = ({ settings, log, database: { tables } }: World): boolean => {
  for (let partition = 0; partition < settings.partitions; partition += 1) {
    if (!log.entries(partition).every((entry) => isSettled(tables, entry))) return false;
  }
  return true;
};

/** A broken entry is parked, perhaps without a request id. */
const isSettled = ({ journal, parked }: Tables, { streamId, content }: ReadEntry): boolean => {
  if (content.type !== 'request')
    return [...parked.all()].some((row) => newStreamId(row.stream_ms, row.stream_seq) === streamId);
  const id = requestIdOf(content.request).replaceAll('-', '');
  return journal.byUnique(id) !== undefined || parked.group('request', id).length > 0;
};
