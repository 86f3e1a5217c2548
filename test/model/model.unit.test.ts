import fc from 'fast-check';
import type { Decision } from '../../src/domain/decisions.ts';
import { inAWord } from '../domain/story.ts';
import { assert, suite } from '../support/suite.ts';
import { sequence } from './commands.ts';
import { newDatabaseStore } from './database-store.ts';
import { drive } from './drive.ts';

const test = suite('model', { timeoutMs: 55_000 });

/** What a decision was about, in the terms below. */
const storyOf = (decision: Decision): string => {
  if (decision.type === 'ReservationConfirmed') return `confirmed from ${decision.from}`;
  if (decision.type !== 'ShowChanged') return inAWord(decision);
  return decision.pools.some(({ target }) => target !== undefined)
    ? 'ShowChanged to a target'
    : 'ShowChanged';
};

const all = [
  ...['ShowOpened', 'ShowChanged', 'ShowChanged to a target', 'ReservationHeld', 'HoldExtended'],
  ...['confirmed from undefined', 'confirmed from held', 'confirmed from expired', 'RequestSatisfied'],
  ...['HoldExpired', 'ReservationReduced', 'ReservationCancelled', 'not-found', 'unknown-pool', 'sold-out'],
  ...['over-request-limit', 'customer-limit', 'hold-limit', 'sale-not-open', 'sale-closed', 'not-held'],
  ...[
    'hold-expired',
    'extension-used',
    'already-cancelled',
    'confirmed-otherwise',
    'not-reserved',
    'forbidden',
    'stale-revision',
  ],
  ...['capacity-below-committed', 'invalid-request', 'duplicate-request', 'idempotency-key-reused'],
];

/** Fewer where each of many mutants is to meet them. */
const runs = Number(process.env['ONSALE_MODEL_RUNS'] ?? 10_000);
const isWhole = runs >= 10_000;

test('ten thousand random sales go as a list of reservations counted by hand says, and leave nothing out', async () => {
  const seen = new Set<string>();
  const play = fc.asyncProperty(sequence, async (commands) => {
    const { journal } = await drive(commands);
    for (const { decision } of journal()) seen.add(storyOf(decision));
  });
  // On failure fast-check prints seed and path, which replay the same sequence.
  await fc.assert(play, { numRuns: runs, includeErrorInReport: true });
  if (isWhole) assert.equal([...seen].sort(), all.sort());
});

test('a thousand more go so in the tables that production statements make of them', async () => {
  const play = fc.asyncProperty(sequence, async (commands) => {
    await drive(commands, newDatabaseStore);
  });
  await fc.assert(play, { numRuns: runs / 10, includeErrorInReport: true });
});
