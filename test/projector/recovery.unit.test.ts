import { paceOf } from '../../src/lease/competitor-state.ts';
import { reconnecting } from '../../src/log/connection/connect.ts';
import { retryPauses } from '../../src/projector/work-partition.ts';
import { sessionLimits } from '../../src/store/database/session-limits.ts';
import { usualProbe } from '../../src/store/open-store.ts';
import { assert, suite } from '../support/suite.ts';

/**
 * What may still be in progress when a server answers again and must end before the next decision: a
 * connection attempt to an address without a server, the pause after it, and the pauses of those that wait
 * for it. The work between them takes milliseconds.
 */
const test = suite('decisions go on within 5 s from the moment in which both servers answer again');

const promisedMs = 5_000;
const leaseTtlMs = 3_000;
const pace = paceOf(leaseTtlMs);
const { connectMs } = sessionLimits({ role: 'projector', leaseTtlMs });

const waits: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'Redis was away, or another takes its place': {
    'an attempt to connect to where nobody is': reconnecting.attemptMs,
    'the pause before the next': reconnecting.pauseMsMax,
    'leases ran out, and those who compete for them pause': pace.pauseMaxMs,
  },
  'MySQL was away, or another takes its place': {
    'a session that is opened where nobody is': connectMs,
    'the pause of a partition': retryPauses.last,
    'another server: claims are made anew, behind a short pause and a round': 2 * pace.roundMs,
  },
  'the host of MySQL lost its power and hung up on nobody': {
    'a look at where nobody is': connectMs,
    'the next look, which gives up what was asked there': usualProbe.everyMs,
    'the first pause of a partition': retryPauses.first,
    'another server: claims are made anew, behind a short pause and a round': 2 * pace.roundMs,
  },
  'MySQL answered and committed nothing: partitions were given back': {
    'so long somebody else may take them': pace.unwantedAfterMs,
    'those who compete look again': 2 * pace.roundMs,
  },
};

for (const [when, each] of Object.entries(waits))
  test(when, () => {
    const sumMs = Object.values(each).reduce((sum, ms) => sum + ms, 0);
    assert.ok(sumMs < promisedMs, `${sumMs} ms: ${JSON.stringify(each)}`);
  });
