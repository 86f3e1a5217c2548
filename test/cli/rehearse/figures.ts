import type { Figures, Latency } from '../../../src/cli/rehearse/tally.ts';

export const latency = (p50: number, p99: number = p50): Latency => ({
  count: 1_000,
  p50,
  p95: p99,
  p99,
  max: p99,
});

/** A rehearsal in which nothing gave way, except for the changes. */
export const calmFigures = (changes: Partial<Figures> = {}): Figures => ({
  sent: 1_000,
  wantedPerSecond: 100,
  reachedPerSecond: 99.5,
  httpPerSecond: 250,
  latency: {
    answered: latency(5, 20),
    decided: latency(15, 60),
    followedUp: latency(12, 50),
    sentLate: latency(1, 3),
  },
  decidedMsByThird: [14, 15, 16],
  lateShare: 0,
  silences: [],
  withheld: 0,
  undecided: 0,
  queued: 0,
  givenUp: 0,
  unanswered: 0,
  cutShort: 0,
  unsent: 0,
  denied: { count: 0, detail: '' },
  answers: { '201': 400, '202': 500, '409 sold-out': 100 },
  repeated: {},
  ends: { 'confirm: confirmed': 500 },
  odd: [],
  ...changes,
});
