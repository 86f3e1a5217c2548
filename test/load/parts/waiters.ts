import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { waitUntil } from '../../../infra/local/wait-until.ts';
import { type Answers, measureAnswers } from '../answers.ts';
import { rssOf, totalOf } from '../cpu-time.ts';
import { commonOf } from '../lines.ts';
import { bySender, connections, planFor } from '../loaders.ts';
import { patientDoor } from '../measure-drain.ts';
import { plenty, warmSecondsOf } from '../measure-throughput.ts';
import type { Measurement } from '../measured.ts';
import { numberText } from '../render-table.ts';
import { sendPlan, unwantedIn } from '../send-plan.ts';
import type { SendPlan, SendResult } from '../sender/plan.ts';
import { ourSide } from '../sides/our-side.ts';
import type { OurRunningSide } from '../sides/side.ts';
import { whileRunning } from '../sides/while-running.ts';
import { untilDecided } from '../until-decided.ts';
import { callOf, perCall } from './batch.ts';
import type { Bench, RunPart } from './part.ts';

const side = ourSide({
  env: { ...patientDoor, ONSALE_STREAMS_PER_ADDRESS: '1000000', ONSALE_STREAMS_MAX: '20000' },
});
const waitersDefault = 20_000;
const waitSeconds = 30;
const accepted = { 'x-customer-id': 'customer-{n}' };
const kB = 1_024;

interface Round {
  readonly alone: Answers;
  readonly beside: Answers;
  /** From the start of a projector until all that waited have their answers. */
  readonly answeredMs: number;
}

/**
 * What waiting clients cost a process: the CPU of a POST beside 20,000 of them, and the memory of each with its connection.
 * They wait in calls of a hundred where their number is meant, because a process may have fewer files open than that.
 */
export const waiters: RunPart = async (bench) => [
  ...(await besideWaiters(bench)),
  ...(await memoryOf(bench, 'waiter', holdWaiters)),
  ...(await memoryOf(bench, 'stream', holdStreams)),
];

const besideWaiters = (bench: Bench): Promise<readonly Measurement[]> =>
  whileRunning(side, { ...bench, capacity: plenty }, async (running) => {
    const { asked, say } = bench;
    await bySender(accepted)(running.target, { seconds: warmSecondsOf(bench), from: 0 });
    const rounds: Round[] = [];
    while (rounds.length < asked.rounds) {
      const round = await playRound(running, bench, rounds.length);
      say(`a POST alone ${microsText(round.alone)}, beside waiters ${microsText(round.beside)}`);
      rounds.push(round);
    }
    const common = { ...commonOf('waiters', side), figure: 'CPU of a POST', unit: 'µs each' };
    const count = asked.count ?? waitersDefault;
    return [
      { ...common, values: rounds.map(({ alone }) => totalOf(alone.cpuMicros)) },
      {
        ...common,
        sideId: 'onsale-waiters',
        side: `onsale, ${numberText(count)} waiting`,
        values: rounds.map(({ beside }) => totalOf(beside.cpuMicros)),
      },
      {
        ...commonOf('waiters', side),
        figure: `${numberText(count)} waiters, all answered`,
        unit: 'ms',
        values: rounds.map(({ answeredMs }) => answeredMs),
        note: 'from the start of a projector, with what was accepted beside them',
      },
    ];
  });

const microsText = ({ cpuMicros }: Answers): string => `${numberText(totalOf(cpuMicros))} µs`;

// Each load has numbers of its own; the warm-up's are below.
const numbersOf = (round: number, nth: number): number => 10_000_000 + (4 * round + nth) * 1_000_000;

const playRound = async (running: OurRunningSide, bench: Bench, round: number): Promise<Round> => {
  const { quick, seconds = quick ? 2 : 8, count = waitersDefault } = bench.asked;
  await running.stopProjectors();
  const before = await running.decided();
  const post = (nth: number): SendPlan => ({
    ...planFor(running.target, { type: 'closed', connections, seconds }),
    headers: { ...running.target.headers, ...accepted },
    from: numbersOf(round, nth),
  });
  const alone = await measureAnswers(running, post(0), bench);
  const calls = callOf(running.target);
  const waiting = sendPlan({
    ...planFor(calls, { type: 'at-once', requests: count / perCall }),
    headers: { 'x-service': 'true', prefer: `wait=${waitSeconds}` },
    from: numbersOf(round, 1),
  });
  await untilWaiting(running, 'waiters', count);
  const beside = await measureAnswers(running, post(2), bench);
  const beganMs = performance.now();
  await running.startProjectors();
  await waiting;
  const answeredMs = performance.now() - beganMs;
  const sent = [alone, beside].reduce((sum, { result }) => sum + (result.answers['202'] ?? 0), count);
  await untilDecided(running, before + sent);
  return { alone, beside, answeredMs };
};

const untilWaiting = async ({ opsUrl }: OurRunningSide, bound: string, count: number): Promise<void> => {
  const used = async (): Promise<number> => {
    const text = await (await fetch(`${opsUrl}/metrics`)).text();
    const pattern = new RegExp(`^onsale_bound_used\\{[^}]*"${bound}"[^}]*\\} (\\d+)$`, 'm');
    return Number(pattern.exec(text)?.[1] ?? 0);
  };
  if (!(await waitUntil(async () => (await used()) >= count, { limitMs: 20_000, everyMs: 50 })))
    throw new Error(`only ${await used()} of ${count} wait: onsale_bound_used, ${bound}`);
};

type Hold = (running: OurRunningSide, count: number) => Promise<() => Promise<string>>;

/** A process of its own for each figure: what was freed before is not measured again. */
const memoryOf = async (bench: Bench, what: string, hold: Hold): Promise<readonly Measurement[]> => {
  const count = Math.min(10_000, bench.asked.count ?? waitersDefault);
  const values: number[] = [];
  const notes = new Set<string>();
  for (let round = 0; round < bench.asked.rounds; round += 1)
    await whileRunning(side, { ...bench, capacity: plenty }, async (running) => {
      await bySender(accepted)(running.target, { seconds: warmSecondsOf(bench), from: 0 });
      const before = apiRss(running);
      const release = await hold(running, count);
      values.push((apiRss(running) - before) / count / kB);
      notes.add(await release());
    });
  bench.say(`memory of a ${what}: ${values.map(numberText).join(', ')} kB`);
  const note = [`${numberText(count)} of them, each with its connection`, ...notes]
    .filter(Boolean)
    .join(', ');
  return [{ ...commonOf('waiters', side), figure: `memory of a ${what}`, unit: 'kB', values, note }];
};

const apiRss = (running: OurRunningSide): number => rssOf(running.pids()['api'] ?? 0) ?? Number.NaN;

/** Each has its own connection and its own reservation, which is not decided before it is released. */
const holdWaiters: Hold = async (running, count) => {
  await running.stopProjectors();
  const waiting: Promise<SendResult> = sendPlan({
    ...planFor(running.target, { type: 'at-once', requests: count }),
    headers: { ...running.target.headers, ...accepted, prefer: `wait=${waitSeconds}` },
    from: numbersOf(0, 0),
  });
  await untilWaiting(running, 'waiters', count);
  return async () => {
    await running.startProjectors();
    return unwantedIn(await waiting, 201);
  };
};

/** All follow the show, as its page in a browser does. */
const holdStreams: Hold = async (running, count) => {
  const { hostname, port, host } = new URL(running.target.url);
  const text = `GET /v1/shows/${running.showId}/updates HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\n\r\n`;
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const opened = Array.from({ length: Math.min(100, count - sockets.length) }, async () => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      await once(socket, 'connect');
      socket.write(text);
      await once(socket, 'data');
      return socket.resume();
    });
    sockets.push(...(await Promise.all(opened)));
  }
  await untilWaiting(running, 'event_streams', count);
  return async () => {
    for (const socket of sockets) socket.destroy();
    return '';
  };
};
