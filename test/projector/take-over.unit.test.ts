import { newStreamId } from '../../src/domain/stream-id.ts';
import type { ReadVerdict } from '../../src/log/contract.ts';
import type { PartitionCaches } from '../../src/projector/dependencies.ts';
import type { PartitionStore } from '../../src/store/contract.ts';
import { opening } from '../domain/generate.ts';
import { newMemoryStore } from '../model/memory-store.ts';
import { assert, suite } from '../support/suite.ts';
import { workTurns } from './work-turns.ts';

const test = suite('taking a partition over');

test('a partition that is taken over is logged once, however often its claim has to be tried', async () => {
  const { store } = newMemoryStore();
  let tries = 0;
  const claim: PartitionStore['claim'] = async (...asked) => {
    tries += 1;
    if (tries < 3) throw new Error('deadlock');
    return await store.claim(...asked);
  };
  const { noted } = await workTurns({ store: { claim } });
  assert.equal(noted, ['partition taken over']);
});

test('what is remembered of a partition goes with it', async () => {
  const streamId = newStreamId(1, 0);
  const read = async (): Promise<ReadVerdict> => {
    if (owned) whileWorked.push(owned.ledgers.bytes);
    const content = { type: 'request', request: opening({ stalls: 9 }) } as const;
    const entries = whileWorked.length === 1 ? [{ streamId, content }] : [];
    return { type: 'read', entries, nowMs: 0, lastDelivered: streamId };
  };
  const whileWorked: number[] = [];
  let owned: PartitionCaches | undefined;
  await workTurns({
    log: { read },
    onTakenOver: (taken) => {
      owned = taken;
    },
  });
  assert.ok((whileWorked.at(-1) ?? 0) > 0, 'nothing was remembered while it was worked');
  assert.is(owned?.ledgers.bytes, 0);
});
