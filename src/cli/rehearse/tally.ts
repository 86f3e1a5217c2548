import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Silence } from './silences.ts';

/** Milliseconds. */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** The counts and times of a rehearsal. */
export interface Figures {
  /** Requests for places; later requests are counted in `answers` only. */
  readonly sent: number;
  readonly wantedPerSecond: number;
  /** Answered requests for places per second, from the first one sent to the last one answered. */
  readonly reachedPerSecond: number;
  /** All HTTP requests. */
  readonly httpPerSecond: number;
  /** All counted from the time a request was due. `answered`: 202 or a refusal, for requests that did not wait. */
  readonly latency: Readonly<Record<'answered' | 'decided' | 'followedUp' | 'sentLate', Latency>>;
  /** Median of `decided` in the first, second and last third of all requests. */
  readonly decidedMsByThird: readonly number[];
  /** Share of requests sent too late, of those due while the service answered. */
  readonly lateShare: number;
  /** Times in which the service answered nothing. */
  readonly silences: readonly Silence[];
  /** Not sent because too many were unanswered. */
  readonly withheld: number;
  /** Requests that waited for the longest time allowed without a decision. */
  readonly undecided: number;
  /** Requests that waited for one of our connections, because all of them waited for answers. */
  readonly queued: number;
  /** Requests for places that were given up; each may have left a reservation. */
  readonly givenUp: number;
  /** Of those, the requests whose last attempt was not answered. */
  readonly unanswered: number;
  /** Of those, the requests still in flight when the rehearsal ended. */
  readonly cutShort: number;
  /** Requests given up that never left this machine. */
  readonly unsent: number;
  /** Answers that refuse the token, and the text of the last one. */
  readonly denied: { readonly count: number; readonly detail: string };
  /** Answers by status, and code where there is one. */
  readonly answers: Readonly<Record<string, number>>;
  /** Answers that made a retry necessary, by code, and the text of the last one of each. */
  readonly repeated: Readonly<Record<string, { readonly count: number; readonly detail: string }>>;
  /** The final outcomes of customers. */
  readonly ends: Readonly<Record<string, number>>;
  /** The first answers that no client can be expected to understand. */
  readonly odd: readonly string[];
}

export type Tally = ReturnType<typeof newTally>;

const oddMax = 20;
/** A request sent this long after it was due measures this machine rather than the service. */
export const lateMsMax = 100;
/** After a silence all customers return at once, which makes this machine late. */
const recoveryMs = 5_000;

export const newTally = () => {
  const timed = {
    answered: createHistogram(),
    decided: createHistogram(),
    followedUp: createHistogram(),
    sentLate: createHistogram(),
  };
  const thirds = [createHistogram(), createHistogram(), createHistogram()];
  const answers = new Map<string, number>();
  const repeated = new Map<string, { readonly count: number; readonly detail: string }>();
  const ends = new Map<string, number>();
  const odd: string[] = [];
  const counts = newCounts();
  let denied = { count: 0, detail: '' };
  const lateness = newLateness();
  return {
    count: (what: keyof typeof counts): void => {
      counts[what] += 1;
    },
    answer: (name: string) => add(answers, name),
    time: (what: keyof typeof timed, ms: number) => record(timed[what], ms),
    /** How long after it was due a request was sent, and the time of sending in ms since the epoch. */
    sentLate: (ms: number, atMs: number): void => {
      record(timed.sentLate, ms);
      lateness.note(ms, atMs);
    },
    denied: ({ detail }: { readonly detail: string }): void => {
      denied = { count: denied.count + 1, detail };
    },
    /** `progress`: the elapsed share of the rehearsal when the request was sent, from 0 to 1. */
    decided: (ms: number, progress: number) => {
      record(timed.decided, ms);
      const third = thirds[Math.min(2, Math.floor(progress * 3))];
      if (third) record(third, ms);
    },
    repeat: (code: string, detail: string) => {
      repeated.set(code, { count: (repeated.get(code)?.count ?? 0) + 1, detail });
    },
    end: (name: string) => add(ends, name),
    odd: (text: string) => {
      if (odd.length < oddMax) odd.push(text);
      add(ends, 'odd answer');
    },
    figures: ({ wantedPerSecond, reachedSeconds, seconds, silences }: RunFacts): Figures => ({
      ...counted(counts),
      wantedPerSecond,
      reachedPerSecond: perSecond(counts.reached, reachedSeconds),
      httpPerSecond: perSecond(total(answers), seconds),
      latency: {
        answered: latencyOf(timed.answered),
        decided: latencyOf(timed.decided),
        followedUp: latencyOf(timed.followedUp),
        sentLate: latencyOf(timed.sentLate),
      },
      decidedMsByThird: thirds.map((third) => latencyOf(third).p50),
      lateShare: lateness.shareBeside(silences),
      silences,
      denied,
      answers: sorted(answers),
      repeated: sorted(repeated),
      ends: sorted(ends),
      odd,
    }),
  };
};

export interface RunFacts {
  readonly wantedPerSecond: number;
  /** From the first request for places to the last one answered. */
  readonly reachedSeconds: number;
  /** From the first request to the last answer of all. */
  readonly seconds: number;
  readonly silences: readonly Silence[];
}

const counted = <Counts extends { readonly reached: number }>({
  reached: _reached,
  ...others
}: Counts): Omit<Counts, 'reached'> => others;

const newCounts = () => ({
  sent: 0,
  reached: 0,
  withheld: 0,
  undecided: 0,
  queued: 0,
  givenUp: 0,
  unanswered: 0,
  cutShort: 0,
  unsent: 0,
});

/** Counted by second, because the silences are only known at the end. */
const newLateness = () => {
  const seconds = new Map<number, { readonly sent: number; readonly late: number }>();
  return {
    note: (ms: number, atMs: number): void => {
      const second = Math.floor(atMs / 1_000);
      const { sent, late } = seconds.get(second) ?? { sent: 0, late: 0 };
      seconds.set(second, { sent: sent + 1, late: late + (ms > lateMsMax ? 1 : 0) });
    },
    /** The share of requests sent too late, of those sent while the service answered. */
    shareBeside: (silences: readonly Silence[]): number => {
      const isQuiet = (atMs: number): boolean =>
        silences.some(({ fromMs, toMs }) => atMs + 1_000 > fromMs && atMs < toMs + recoveryMs);
      const counting = [...seconds].filter(([second]) => !isQuiet(second * 1_000)).map(([, each]) => each);
      const sent = counting.reduce((sum, each) => sum + each.sent, 0);
      return sent === 0 ? 0 : counting.reduce((sum, each) => sum + each.late, 0) / sent;
    },
  };
};

/** Microseconds, because the histogram takes whole numbers from 1. */
const record = (histogram: RecordableHistogram, ms: number): void =>
  histogram.record(Math.max(1, Math.round(ms * 1_000)));

const latencyOf = (histogram: RecordableHistogram): Latency => {
  const { count } = histogram;
  if (count === 0) return { count, p50: 0, p95: 0, p99: 0, max: 0 };
  const at = (percentile: number): number => histogram.percentile(percentile) / 1_000;
  return { count, p50: at(50), p95: at(95), p99: at(99), max: histogram.max / 1_000 };
};

const add = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

const perSecond = (count: number, seconds: number): number => (seconds > 0 ? count / seconds : 0);

const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

const sorted = <Value>(counts: ReadonlyMap<string, Value>): Readonly<Record<string, Value>> =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
