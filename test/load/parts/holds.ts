import { setTimeout as delay } from 'node:timers/promises';
import { allPages, call, changeShow, getPool } from '../../support/client.ts';
import type { Trial } from '../against/trial.ts';
import { fillByHttp, sendAll } from '../fill-by-http.ts';
import { inTurns } from '../in-turns.ts';
import { commonOf, cpuFigure } from '../lines.ts';
import { connections } from '../loaders.ts';
import {
  type Backlog,
  type DrainFigures,
  measureDrain,
  outcomeOfDrain,
  patientDoor,
} from '../measure-drain.ts';
import { numberText } from '../render-table.ts';
import { type Build, ownBuild } from '../sides/build.ts';
import { ourSide } from '../sides/our-side.ts';
import type { OurRunningSide, Target } from '../sides/side.ts';
import { untilDecided } from '../until-decided.ts';
import type { Bench, RunPart } from './part.ts';

// A customer may have only ten places of one show, so each request has a customer of its own.
const headers = { 'x-customer-id': 'customer-{n}' };
const longSeconds = 3_600;
const shortSeconds = 15;

interface HoldLoad {
  readonly id: `onsale${string}`;
  readonly name: string;
  readonly backlog: (entries: number) => Backlog;
}

/** Each entry becomes a hold, and no hold ends. */
const made = (entries: number): Backlog => ({
  gather: async ({ target }) => {
    await fillByHttp(target, { entries, headers });
    return entries;
  },
});

/**
 * Before the backlog, a quarter as many holds as entries are made, all due by the time the projector starts.
 * As many others are confirmed by entries mixed with those for new holds.
 */
const ended = (entries: number): Backlog => {
  const each = Math.ceil(entries / 4);
  let ids: readonly string[] = [];
  let dueMs = 0;
  return {
    prepare: async (running) => {
      await holdSome(running, { entries: each, from: 0 });
      ids = await heldIn(running);
      await holdFor(running, shortSeconds);
      await holdSome(running, { entries: each, from: each });
      // All were decided by now, and a hold counts from its decision. One second is added because Redis has a
      // clock of its own.
      dueMs = performance.now() + (shortSeconds + 1) * 1_000;
      await holdFor(running, longSeconds);
    },
    gather: async (running) => {
      const { target } = running;
      // Some have lapsed already on a machine that takes long to make them.
      const due = (await heldNow(running)) - ids.length;
      await Promise.all([
        fillByHttp(target, { entries: entries - ids.length, headers, from: 2 * each }),
        confirmAll(target, ids),
      ]);
      await delay(Math.max(0, dueMs - performance.now()));
      return entries + due;
    },
  };
};

const holdSome = async (
  running: OurRunningSide,
  { entries, from }: { readonly entries: number; readonly from: number },
): Promise<void> => {
  const before = await running.decided();
  await fillByHttp(running.target, { entries, headers, from });
  await untilDecided(running, before + entries);
};

const originOf = ({ target }: OurRunningSide): string => new URL(target.url).origin;

/** Applies to new holds; existing holds keep their expiry. */
const holdFor = async (running: OurRunningSide, holdSeconds: number): Promise<void> => {
  const { status, body } = await changeShow(originOf(running), running.showId, { holdSeconds });
  if (status !== 200) throw new Error(`the show was not changed: ${status} ${JSON.stringify(body)}`);
};

const heldNow = async (running: OurRunningSide): Promise<number> =>
  (await getPool(originOf(running), running.showId)).held;

const heldIn = async (running: OurRunningSide): Promise<readonly string[]> => {
  const list = `${running.target.url}?showId=${running.showId}&status=held&limit=100`;
  const pages = await allPages((cursor) => call(`${list}${cursor}`, { admin: true }));
  return pages.flat().map(({ id }) => String(id));
};

const confirmAll = ({ url, headers: sent }: Target, ids: readonly string[]): Promise<void> => {
  const { origin, pathname } = new URL(url);
  const load = { type: 'closed', connections, seconds: confirmSecondsMax, max: ids.length } as const;
  const path = `${pathname}/{n}/confirm`;
  return sendAll(
    { origin, method: 'POST', path, headers: confirmHeaders(sent), texts: ids, load },
    ids.length,
  );
};

const confirmSecondsMax = 1_800;

/** Nothing is decided meanwhile, so a confirmation must not wait for its decision. */
const confirmHeaders = (sent: Target['headers']): Target['headers'] => ({
  ...sent,
  'x-admin': 'true',
  prefer: 'wait=0',
});

const loads: readonly HoldLoad[] = [
  { id: 'onsale', name: 'holds in a backlog', backlog: made },
  { id: 'onsale-ended', name: 'holds that end in a backlog', backlog: ended },
];

const play = (build: Build, load: HoldLoad, bench: Bench): Promise<DrainFigures> => {
  const { quick, count = quick ? 20_000 : 200_000 } = bench.asked;
  const side = ourSide({ build, env: patientDoor, rules: { holdSeconds: longSeconds } });
  return measureDrain(side, bench, load.backlog(count));
};

/** A backlog of a show with holds, and then one projector: holds are made, confirmed, or lapse meanwhile. */
export const holds: RunPart = async (bench) => {
  const measured = await inTurns(loads, bench.asked.rounds, async (load) => {
    const drained = await play(ownBuild, load, bench);
    bench.say(`${load.name}: drained ${numberText(drained.perSecond)}/s`);
    return drained;
  });
  return [...measured].flatMap(([load, runs]) => {
    const common = commonOf('holds', load);
    const values = runs.map(({ perSecond }) => perSecond);
    return [
      { ...common, figure: 'drained', unit: '/s', values },
      { ...common, ...cpuFigure(runs) },
    ];
  });
};

export const holdsTrials: readonly Trial[] = loads.map((load) => ({
  name: load.name,
  play: async (build, bench) => outcomeOfDrain(await play(build, load, bench)),
}));
