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

/** What was counted and timed while it was played. */
export interface Figures {
  /** Requests for places; what follows them is counted in `answers` only. */
  readonly sent: number;
  readonly wantedPerSecond: number;
  /** Requests for places that were answered, from the first one sent to the last one answered. */
  readonly reachedPerSecond: number;
  /** Every HTTP request of it. */
  readonly httpPerSecond: number;
  /** All from the time a request was meant for. `answered`: 202 or a refusal, of those who did not wait. */
  readonly latency: Readonly<Record<'answered' | 'decided' | 'followedUp' | 'sentLate', Latency>>;
  /** Median of `decided` in the first, second and last third of all requests. */
  readonly decidedMsByThird: readonly number[];
  /** Share of requests that were sent too late, of those due while the service answered. */
  readonly lateShare: number;
  /** When the service answered nothing at all. */
  readonly silences: readonly Silence[];
  /** Not sent because too many were unanswered. */
  readonly withheld: number;
  /** Those who waited as long as they may and had no decision. */
  readonly undecided: number;
  /** Had to wait for one of our connections, all of which waited for answers. */
  readonly queued: number;
  /** Requests for places that were given up; each may have left a reservation. */
  readonly givenUp: number;
  /** Of those, the ones whose last try the service did not answer. */
  readonly unanswered: number;
  /** Of those, the ones still under way when the rehearsal ended. */
  readonly cutShort: number;
  /** Given up without ever having left this machine. */
  readonly unsent: number;
  /** Answers that the token is not accepted, and what the last of them said. */
  readonly denied: { readonly count: number; readonly detail: string };
  /** Answers by status, and code where there is one. */
  readonly answers: Readonly<Record<string, number>>;
  /** Answers after which a request had to be sent again, by code, and what the last of each said. */
  readonly repeated: Readonly<Record<string, { readonly count: number; readonly detail: string }>>;
  /** What customers ended with. */
  readonly ends: Readonly<Record<string, number>>;
  /** Answers that no client can be expected to know; the first of them. */
  readonly odd: readonly string[];
}

export type Tally = ReturnType<typeof newTally>;

const oddMax = 20;
/** Sent so long after it was due, a request says more of this machine than of the service. */
export const lateMsMax = 100;
/** After a silence everybody comes back at once, and this machine is late for that. */
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
    /** How long after it was due a request was sent, and when that was, in ms since the epoch. */
    sentLate: (ms: number, atMs: number): void => {
      record(timed.sentLate, ms);
      lateness.note(ms, atMs);
    },
    denied: ({ detail }: { readonly detail: string }): void => {
      denied = { count: denied.count + 1, detail };
    },
    /** `progress`: how much of the rehearsal lay behind that request when it was sent, from 0 to 1. */
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

/** Second by second, because only in the end it is known when the service was silent. */
const newLateness = () => {
  const seconds = new Map<number, { readonly sent: number; readonly late: number }>();
  return {
    note: (ms: number, atMs: number): void => {
      const second = Math.floor(atMs / 1_000);
      const { sent, late } = seconds.get(second) ?? { sent: 0, late: 0 };
      seconds.set(second, { sent: sent + 1, late: late + (ms > lateMsMax ? 1 : 0) });
    },
    /** The share that was sent too late, of what was sent while the service answered. */
    shareBeside: (silences: readonly Silence[]): number => {
      const isQuiet = (atMs: number): boolean =>
        silences.some(({ fromMs, toMs }) => atMs + 1_000 > fromMs && atMs < toMs + recoveryMs);
      const counting = [...seconds].filter(([second]) => !isQuiet(second * 1_000)).map(([, each]) => each);
      const sent = counting.reduce((sum, each) => sum + each.sent, 0);
      return sent === 0 ? 0 : counting.reduce((sum, each) => sum + each.late, 0) / sent;
    },
  };
};

/** Microseconds, as the histogram takes whole numbers from 1 on. */
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
