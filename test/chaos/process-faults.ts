import { waitUntil } from '../../infra/local/wait-until.ts';
import type { Onsale } from '../support/onsale.ts';
import { type Fault, nothingSeen, seen, type Victims } from './faults.ts';
import type { Kind } from './fleet.ts';
import type { PlannedFault } from './schedule.ts';

const projectorsUsually = 2;
const projectorsMost = 4;
const sharedMs = 20_000;

const chosen = ({ target }: PlannedFault, { fleet }: Victims, kind: Kind): Onsale => {
  const members = fleet.members(kind);
  const member = members[target % members.length];
  if (member === undefined) throw new Error(`there is no ${kind} to do anything to`);
  return member;
};

const takeDownLoss = (how: string, { watch, lost }: Victims, projectors: readonly Onsale[]): void =>
  lost({ how, atMs: performance.now(), partitions: projectors.flatMap(({ pid }) => watch.ownedBy(pid)) });

export const killProjector: Fault = async (planned, victims) => {
  const projector = chosen(planned, victims, 'projector');
  takeDownLoss('kill -9', victims, [projector]);
  await victims.fleet.kill(projector);
  return nothingSeen;
};

export const killApi: Fault = async (planned, victims) => {
  await victims.fleet.kill(chosen(planned, victims, 'api'));
  return nothingSeen;
};

export const pauseApi: Fault = (planned, victims) =>
  paused(chosen(planned, victims, 'api'), planned, victims);

export const pauseProjector: Fault = (planned, victims) =>
  paused(chosen(planned, victims, 'projector'), planned, victims);

export const pauseProjectorBeyondLease: Fault = async (planned, victims) => {
  const projector = chosen(planned, victims, 'projector');
  takeDownLoss('paused beyond its lease', victims, [projector]);
  return await paused(projector, planned, victims);
};

const paused = async (member: Onsale, { forMs }: PlannedFault, { pause }: Victims) => {
  member.signal('SIGSTOP');
  try {
    await pause(forMs);
  } finally {
    member.signal('SIGCONT');
  }
  return nothingSeen;
};

/** 1 → 4 → 1: after each change every projector must come to own a partition. */
export const scaleProjectors: Fault = async (_, victims) => {
  const { fleet, watch } = victims;
  const isShared = (): boolean =>
    fleet.members('projector').every(({ pid }) => watch.ownedBy(pid).length > 0);
  const scaled = async (projectors: number): Promise<string | undefined> => {
    const before = fleet.members('projector');
    if (projectors < before.length) takeDownLoss('handed over (SIGTERM)', victims, before.slice(projectors));
    await fleet.scale(projectors);
    return (await waitUntil(isShared, { limitMs: sharedMs }))
      ? undefined
      : `not all of ${projectors} own a partition`;
  };
  const faults: string[] = [];
  for (const projectors of [1, projectorsMost, 1, projectorsUsually]) {
    const fault = await scaled(projectors);
    if (fault !== undefined) faults.push(fault);
  }
  return faults.length === 0
    ? seen('each of them came to own partitions', 'holds')
    : { notes: [], wrong: faults };
};
