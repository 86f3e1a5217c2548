import { type RequestEvent, requestIdOf } from '../../src/domain/requests.ts';
import { compareStreamIds, msOf, newStreamId } from '../../src/domain/stream-id.ts';
import type { ReadEntry } from '../../src/log/contract.ts';
import { buildRequest, type SentRequests } from './build-request.ts';
import type { Command } from './commands.ts';
import { compare, compareRebuilt } from './compare.ts';
import { type MemoryStore, newMemoryStore } from './memory-store.ts';
import { newReference, type Reference, timePasses } from './reference.ts';
import { answer } from './reference-answers.ts';
import { newWorld, type World } from './world.ts';

const startMs = 1_000_000;

/** Runs a sequence in the projector and in the reference, and compares them after every batch. */
export const drive = async (
  commands: readonly Command[],
  newStore: () => MemoryStore = newMemoryStore,
): Promise<World> => {
  const reference = newReference();
  // Small, so that the holds of one second lapse in several transactions.
  const world = await newWorld({ batchMax: 2, newStore });
  const sent: SentRequests = {
    requests: [],
    reservations: [],
    startMs,
    isRejected: (id) => reference.reservations.get(id)?.status === 'rejected',
    revisionOf: (show) => reference.shows.get(show)?.revision ?? 1,
  };
  let waiting: SentEntry[] = [];
  let nowMs = startMs;
  for (const command of [...commands, last]) {
    if (command.type === 'pass') {
      nowMs += command.ms;
      continue;
    }
    if (command.type === 'wait') {
      const { ms, more } = command;
      nowMs = await settleBoth(world, reference, inOrder(waiting), { readMs: nowMs + ms, isFull: more });
      waiting = [];
      if (command.handOver) await world.handOver();
      continue;
    }
    const request = buildRequest(command, sent);
    if (!request) continue;
    waiting.push({ request, entry: entryFor(request, sent.requests.length, nowMs) });
    sent.requests.push(request);
    if (request.type === 'ReservationRequested' && command.type !== 'again') sent.reservations.push(request);
  }
  compareRebuilt(world);
  return world;
};

const last = { type: 'wait', ms: 0, more: false, handOver: false } as const;

interface SentEntry {
  readonly request: RequestEvent;
  readonly entry: ReadEntry;
}

/** Some entries have a time below the watermark, as after a fail-over. */
const entryFor = (request: RequestEvent, n: number, nowMs: number): ReadEntry => ({
  streamId: newStreamId(n % 6 === 5 ? nowMs - 450 : nowMs, n),
  content: { type: 'request', request },
});

/** A stream has its entries in the order of their ids, whatever the order in which they were made. */
const inOrder = (asked: readonly SentEntry[]): readonly SentEntry[] =>
  asked.toSorted((a, b) => compareStreamIds(a.entry.streamId, b.entry.streamId));

interface ReadResult {
  readonly readMs: number;
  /** Whether the read returned as many entries as it may. */
  readonly isFull: boolean;
}

/**
 * Every request is judged at its arrival. Then, unless the read was full, the stream is empty, and the holds
 * that are due at the time of the read lapse. Resolves to the time afterwards. The world supplies the time at
 * which a batch was decided, because holds count from it.
 */
const settleBoth = async (
  world: World,
  reference: Reference,
  asked: readonly SentEntry[],
  { readMs, isFull }: ReadResult,
): Promise<number> => {
  const judgedBeforeMs = world.owned().progress.judgedMs;
  await world.settle(
    asked.map(({ entry }) => entry),
    readMs,
    { isFull },
  );
  const decidedAt = new Map(world.journal().map((it) => [it.requestId, it.decidedAtMs]));
  let judgedMs = judgedBeforeMs;
  for (const { request, entry } of asked) {
    judgedMs = Math.max(judgedMs, msOf(entry.streamId));
    timePasses(reference, judgedMs);
    const nowMs = decidedAt.get(requestIdOf(request)) ?? readMs;
    answer(reference, requestIdOf(request), request, { arrivedAtMs: judgedMs, nowMs });
  }
  if (!isFull || asked.length === 0) timePasses(reference, readMs);
  compare(
    world,
    reference,
    asked.map(({ request }) => request),
  );
  return Math.max(readMs, world.owned().progress.clockMs);
};
