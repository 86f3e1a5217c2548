import type { RequestEvent } from '../../src/domain/requests.ts';
import { beforeAll, compareStreamIds } from '../../src/domain/stream-id.ts';
import { line, opening, poolId } from '../domain/generate.ts';
import { requestId } from '../log/any-request.ts';
import { requestOf } from '../log/requests.ts';
import { assert } from '../support/suite.ts';
import { appendAll, type LogTest, partition, token } from './log-world.ts';

const requests = (count: number) => Array.from({ length: count }, (_, n) => requestOf(partition, n));

export const appendingContract = (test: LogTest): void => {
  test('an append that says appended put exactly one entry there', async (world) => {
    const [id] = await appendAll(world, requests(1));
    assert.equal(await world.idsOf(partition), [id]);
  });

  test('what was appended is read as it was', async (world) => {
    await world.setLease(partition, token);
    const full = { ...requestOf(partition, 1), reference: 'row 3, 서울 🎟' };
    const show = opening({ standing: 10, balcony: 0 }, { maxPerRequest: 4, opensAtMs: 1, closesAtMs: 2 });
    const key = { hash: '0'.repeat(32), fingerprint: 'f'.repeat(32) };
    const asked = { requestId: requestId(1, partition), reservationId: full.reservationId, key } as const;
    const sent: readonly RequestEvent[] = [
      full,
      show,
      {
        type: 'ShowChangeRequested',
        requestId: requestId(2, partition),
        showId: show.showId,
        revisions: [1],
        pools: [{ id: poolId('balcony'), capacity: 3 }],
        rules: { opensAtMs: null, closed: true },
        force: true,
      },
      {
        type: 'ConfirmationRequested',
        ...asked,
        actor: 'customer',
        customerId: full.customerId,
        reference: 'b',
      },
      { type: 'ExtensionRequested', ...asked, actor: 'service', customerId: full.customerId },
      { type: 'CancellationRequested', ...asked, actor: 'admin', lines: [line('standing', 1)] },
    ];
    await appendAll(world, sent);
    const read = { partition, leaseToken: token, count: 10, watermark: beforeAll, reset: true };
    const verdict = await world.log.read(read);
    assert.is(verdict.type, 'read');
    if (verdict.type !== 'read') return;
    const contents = verdict.entries.map(({ content }) => content);
    assert.equal(
      contents,
      sent.map((request) => ({ type: 'request', request })),
    );
  });

  test('ids of a stream only rise, whoever appends at the same time', async (world) => {
    const verdicts = await Promise.all(requests(200).map((each) => world.appender.append(partition, each)));
    const appended = verdicts.flatMap((verdict) => (verdict.type === 'appended' ? [verdict.streamId] : []));
    assert.is(new Set(appended).size, 200);
    const ids = await world.idsOf(partition);
    assert.equal([...appended].sort(compareStreamIds), ids);
  });

  test('the tail is the last id given, and zero before there is a stream', async (world) => {
    assert.is(await world.tail.lastId(partition), beforeAll);
    const [first, second] = await appendAll(world, requests(2));
    assert.is(await world.tail.lastId(partition), second);
    await world.goBack(partition, first ?? beforeAll);
    assert.is(await world.tail.lastId(partition), first);
  });

  test('partitions do not know of one another', async (world) => {
    await world.appender.append(1, requestOf(1, 1));
    assert.equal(await world.idsOf(2), []);
    assert.is(await world.tail.lastId(2), beforeAll);
  });
};
