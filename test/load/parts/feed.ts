import { createConnection } from 'mysql2';
import { newClient } from '../../../src/client/client.ts';
import { appendBacklog } from '../append-backlog.ts';
import { inTurns } from '../in-turns.ts';
import { commonOf, cpuFigure } from '../lines.ts';
import { bySender, planFor } from '../loaders.ts';
import { patientDoor } from '../measure-drain.ts';
import { measureThroughput, plenty, warmSecondsOf } from '../measure-throughput.ts';
import type { Measurement } from '../measured.ts';
import { numberText } from '../render-table.ts';
import { sendPlan } from '../send-plan.ts';
import { ourSide } from '../sides/our-side.ts';
import type { OurRunningSide, RunningSide } from '../sides/side.ts';
import { whileRunning } from '../sides/while-running.ts';
import { percentileOfSorted } from '../statistics.ts';
import { untilDecided } from '../until-decided.ts';
import type { Bench, RunPart } from './part.ts';

const side = ourSide({ env: patientDoor });
const asService = { 'x-service': 'true' };
const pageSize = 1_000;
/** So that the time until a follower has a decision is not the time in a queue. */
const calmRate = 200;

/** The feed: how fast it is read, what a follower costs the sale, and how late a follower is. */
export const feed: RunPart = async (bench) => [
  ...(await walks(bench)),
  ...(await besideFollower(bench)),
  ...(await lateness(bench)),
];

/** Events a second by pages of HTTP, beside a SELECT of the same rows streamed over one connection. */
const walks = (bench: Bench): Promise<readonly Measurement[]> =>
  whileRunning(side, { ...bench, capacity: plenty }, async (running) => {
    const { quick, rounds, count = quick ? 20_000 : 500_000 } = bench.asked;
    const urls = { redisUrl: bench.servers.urls.redisUrl, showId: running.showId };
    const before = await running.decided();
    await appendBacklog({ ...urls, customer: 'bench', entries: count });
    await untilDecided(running, before + count);
    const ways = [
      { ...side, read: () => walkFeed(running) },
      { id: 'select', name: 'SELECT of the same rows', read: () => select(bench.servers.urls.databaseUrl) },
    ];
    for (const { read } of ways) await read();
    const measured = await inTurns(ways, rounds, async ({ name, read }) => {
      const beganMs = performance.now();
      const perSecond = ((await read()) * 1_000) / (performance.now() - beganMs);
      bench.say(`${name}: ${numberText(perSecond)} events/s`);
      return perSecond;
    });
    const note = `${numberText(count)} decisions, pages of ${pageSize}`;
    return [...measured].map(([way, values]) => ({
      ...commonOf('feed', way),
      figure: 'events read',
      unit: '/s',
      values,
      note,
    }));
  });

const originOf = ({ target }: Pick<RunningSide, 'target'>): string => new URL(target.url).origin;

/** Resolves to how many events there were. Only the cursor is read out of each page. */
const walkFeed = async (running: RunningSide): Promise<number> => {
  let events = 0;
  for (let after = ''; ; ) {
    const url = `${originOf(running)}/v1/decisions?limit=${pageSize}${after && `&after=${after}`}`;
    const text = await (await fetch(url, { headers: asService })).text();
    const found = text.split('"specversion"').length - 1;
    if (found === 0) return events;
    events += found;
    after = /"nextCursor":"([^"]+)"/.exec(text)?.[1] ?? '';
  }
};

const select = (databaseUrl: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const connection = createConnection(databaseUrl);
    let rows = 0;
    connection
      .query('SELECT * FROM journal ORDER BY partition_id, position')
      .on('result', () => {
        rows += 1;
      })
      .on('error', reject)
      .on('end', () => {
        connection.end();
        resolve(rows);
      });
  });

/** CPU time of a reservation with one follower of everything, and without. */
const besideFollower = async (bench: Bench): Promise<readonly Measurement[]> => {
  const { quick, seconds = quick ? 3 : 15, rounds } = bench.asked;
  const ways = [
    { ...side, name: 'onsale, nobody follows', follows: false },
    { ...side, id: 'onsale-followed', name: 'onsale, one follower', follows: true },
  ];
  const measured = await inTurns(ways, rounds, async (way) => {
    const leaving = new AbortController();
    const prepare = async (running: RunningSide): Promise<void> => {
      if (way.follows) void drainStream(running, leaving.signal);
    };
    const load = bySender({ 'x-customer-id': 'customer-{n}' });
    try {
      return await measureThroughput(way, {
        ...bench,
        load,
        seconds,
        warmSeconds: warmSecondsOf(bench),
        prepare,
      });
    } finally {
      leaving.abort();
    }
  });
  return [...measured].map(([way, runs]) => ({ ...commonOf('feed', way), ...cpuFigure(runs) }));
};

const drainStream = async (running: RunningSide, signal: AbortSignal): Promise<void> => {
  const headers = { ...asService, accept: 'text/event-stream' };
  try {
    const { body } = await fetch(`${originOf(running)}/v1/decisions?after=now`, { headers, signal });
    for await (const _piece of body ?? []) if (signal.aborted) return;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};

/** From a decision until a follower has its event, by the clock of this machine, in a calm sale. */
const lateness = (bench: Bench): Promise<readonly Measurement[]> =>
  whileRunning(side, { ...bench, capacity: plenty }, async (running) => {
    const { quick, seconds = quick ? 3 : 15, rounds } = bench.asked;
    const late: (readonly number[])[] = [];
    while (late.length < rounds) late.push(await latenessOf(running, seconds));
    return ([50, 99] as const).map((which) => ({
      ...commonOf('feed', side),
      figure: `decision to follower, p${which}`,
      unit: 'ms',
      values: late.map((each) => percentileOfSorted(each, which / 100)),
      note: `${calmRate} reservations a second`,
    }));
  });

const latenessOf = async (running: OurRunningSide, seconds: number): Promise<readonly number[]> => {
  const late: number[] = [];
  const leaving = new AbortController();
  const client = newClient({ baseUrl: originOf(running), headers: () => asService });
  const following = (async () => {
    for await (const page of client.decisions({ after: 'now', limit: 1_000, signal: leaving.signal }))
      if (page.ok) for (const { time } of page.data.data) late.push(Date.now() - Date.parse(time));
  })().catch(() => undefined);
  const load = { type: 'open', rate: calmRate, seconds } as const;
  await sendPlan({
    ...planFor(running.target, load),
    headers: { ...running.target.headers, 'x-customer-id': 'calm-{n}' },
  });
  leaving.abort();
  await following;
  return late.toSorted((a, b) => a - b);
};
