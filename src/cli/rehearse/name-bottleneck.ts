import { socketsMax } from './sender.ts';
import { silenceText } from './silences.ts';
import { type Figures, lateMsMax } from './tally.ts';

/** What gave way first, as a message; when nothing did, what took longest. */
export interface Bottleneck {
  /** `sender`: this machine or the rehearsal's own settings were the limit. `away`: the service did not answer. */
  readonly gaveWay: 'nothing' | 'sender' | 'service' | 'away';
  readonly message: string;
}

const answeredMsMax = 500;
const decidedMsMax = 2_000;
/** Below this it is not noticeable, and may be chance. */
const shareMin = 0.01;
/** A growing wait means a growing queue. */
const growth = { fromMs: 1_000, factor: 3 } as const;
const reachedShareMin = 0.9;

/** Uses only what was counted and timed; nothing behind the API is read. */
export const nameBottleneck = (figures: Figures): Bottleneck => {
  for (const [gaveWay, suspects] of inOrder) {
    for (const suspect of suspects) {
      const message = suspect(figures);
      if (message !== undefined) return { gaveWay, message };
    }
  }
  const { answered, decided } = figures.latency;
  return {
    gaveWay: 'nothing',
    message:
      answered.p99 * 2 > decided.p99
        ? `nothing gave way at this rate; what took longest was the way in: p99 of an answer ${ms(answered.p99)}, of a decision ${ms(decided.p99)}`
        : `nothing gave way at this rate; what took longest was the decision: p99 ${ms(decided.p99)}, of an answer ${ms(answered.p99)}`,
  };
};

type Suspect = (figures: Figures) => string | undefined;

const ms = (value: number): string => `${Math.round(value)} ms`;

const isMany = (count: number, { sent }: Figures): boolean => count > Math.max(1, sent * shareMin);

const repeatedFor =
  (codes: readonly string[], says: string): Suspect =>
  (figures) => {
    for (const code of codes) {
      const found = figures.repeated[code];
      if (found && isMany(found.count, figures))
        return `${says} (${found.count} times "${code}": ${found.detail})`;
    }
    return undefined;
  };

/** Requests that were sent late during a silence are not its cause. */
const away: Suspect = (figures) => {
  const { silences, lateShare } = figures;
  const [first] = silences;
  if (first === undefined) return undefined;
  const late = lateShare > shareMin ? '; while it answered, this machine was late by itself as well' : '';
  return `the service did not answer ${silenceText(silences)} (${first.why})${late}: look for that time in its logs, and play it again before you judge this rate`;
};

/** When nothing was answered at all, lateness is not the reason. */
const senderLate: Suspect = ({ reachedPerSecond, lateShare, latency: { sentLate } }) =>
  reachedPerSecond > 0 && lateShare > shareMin
    ? `the sender: this machine could not keep to its own schedule (p99 ${ms(sentLate.p99)} late; more than ${lateMsMax} ms for ${percent(lateShare)} of the requests), so the figures say more of it than of the service`
    : undefined;

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

const denied: Suspect = ({ denied: { count, detail } }) =>
  count > 0
    ? `the sender: its token was not accepted ${count} times (${detail}): give it one that lasts longer than the rehearsal, in REHEARSE_TOKEN`
    : undefined;

const ownSuspects: readonly Suspect[] = [
  denied,
  repeatedFor(
    ['this-machine'],
    'the sender: this machine had no file, port, memory, route or name server left for more connections',
  ),
  senderLate,
  (figures) =>
    isMany(figures.queued, figures)
      ? `the sender: ${figures.queued} requests waited for one of its ${socketsMax} connections, all of which waited for answers; play it from several machines, each with a part of the rate`
      : undefined,
];

const serviceSuspects: readonly Suspect[] = [
  repeatedFor(
    ['too-many-requests'],
    'a rate limit: raise that of this address, or rehearse with more customers',
  ),
  repeatedFor(
    ['unreachable', 'status 502', 'status 503', 'status 504', 'stopping'],
    'the way in: the API, or what stands before it, refused or dropped connections',
  ),
  repeatedFor(['silent'], 'the way in: connections were taken and requests not answered'),
  repeatedFor(['outcome-unknown'], 'Redis: it did not acknowledge requests in time'),
  repeatedFor(
    ['overloaded'],
    'the queue: it grew beyond its limits, so projector and MySQL are too slow for this rate',
  ),
  ({ decidedMsByThird: [first = 0, , last = 0] }) =>
    last > growth.fromMs && last > growth.factor * first
      ? `the decider (one projector and MySQL): the wait for a decision grew from ${ms(first)} to ${ms(last)}, so a queue built up`
      : undefined,
  (figures) =>
    isMany(figures.undecided, figures)
      ? `the decider (one projector and MySQL): ${figures.undecided} had no decision within the time they waited`
      : undefined,
  ({ withheld }) =>
    withheld > 0
      ? `the service as a whole: so many were unanswered at a time that ${withheld} requests were not sent`
      : undefined,
  ({ latency: { answered } }) =>
    answered.p99 > answeredMsMax
      ? `the API process or Redis’ disk: p99 of an answer that waits for no decision is ${ms(answered.p99)}`
      : undefined,
  ({ latency: { decided } }) =>
    decided.p99 > decidedMsMax
      ? `the decider (one projector and MySQL): p99 of a decision is ${ms(decided.p99)}`
      : undefined,
  ({ reachedPerSecond, wantedPerSecond }) =>
    reachedPerSecond < wantedPerSecond * reachedShareMin
      ? `the service as a whole: ${Math.round(reachedPerSecond)} requests a second were answered of the ${Math.round(wantedPerSecond)} that were wanted`
      : undefined,
];

/** The first suspect that applies explains those after it. */
const inOrder: readonly (readonly [Exclude<Bottleneck['gaveWay'], 'nothing'>, readonly Suspect[]])[] = [
  ['away', [away]],
  ['sender', ownSuspects],
  ['service', serviceSuspects],
];
