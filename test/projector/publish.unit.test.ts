import { setImmediate } from 'node:timers/promises';
import type { RequestEvent } from '../../src/domain/requests.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import type { Lease } from '../../src/lease/contract.ts';
import { settle } from '../../src/projector/settle.ts';
import { opening } from '../domain/generate.ts';
import { newMemoryStore } from '../model/memory-store.ts';
import { assert, suite } from '../support/suite.ts';
import { ownPartition } from './own-partition.ts';
import { asks, dependenciesOver } from './timeline.ts';

const test = suite('publishing what is committed');

const lease: Lease = { partition: 0, token: 'publish' };

test('the next step begins after all is published; that of an opening, after all boards are there', async () => {
  const ended: string[] = [];
  const slowly = (what: string) => async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn += 1) await setImmediate();
    ended.push(what);
  };
  const read = () => Promise.reject(new Error('entries are handed in'));
  const log = { read, publish: slowly('published'), markBoardsComplete: slowly('boards complete') };
  const owned = await ownPartition(dependenciesOver(newMemoryStore(), log, 10), lease);
  const settled = async (n: number, request: RequestEvent) => {
    const streamId = newStreamId(1_000 + n, 0);
    const entries = [{ streamId, content: { type: 'request', request } as const }];
    ended.length = 0;
    await settle(owned, { entries, nowMs: 1_000 + n, lastDelivered: streamId, isBacklog: false });
    return ended.slice();
  };
  const afterOpening = await settled(1, opening({ stalls: 9 }));
  assert.is(afterOpening[0], 'published');
  assert.is(afterOpening.at(-1), 'boards complete');
  assert.equal(await settled(2, asks(1)), ['published']);
});
