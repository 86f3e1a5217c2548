import type { Operation } from '../../src/audit/contract.ts';
import { newStreamId } from '../../src/domain/stream-id.ts';
import { requestId, reservationId } from '../domain/generate.ts';
import { assert, suite } from '../support/suite.ts';
import {
  cancelled,
  changedTo,
  confirmed,
  extended,
  held,
  lapsed,
  opened,
  type Row,
  refusedConfirm,
  rejected,
  written,
} from './journal.ts';
import { auditOf, found, named } from './look.ts';
import type { Remains } from './memory-source.ts';

const test = suite('the audit: in time is in time');

const alice = 1;
const bob = 2;
const carol = 3;

const show = (capacity: number): Row => ({ at: 0, decided: 0, decision: opened(capacity) });
/** Alice holds the only place until 10. */
const began: readonly Row[] = [show(1), { at: '0-1', decided: 0, decision: held(alice, 10) }];

const kept = async (...rows: readonly Row[]): Promise<void> => {
  assert.equal(found(await auditOf(written([...began, ...rows]))), {});
};

/** Expects `untimely`, and the other findings that follow from it. */
const broken = async (rows: readonly Row[], others: object = {}): Promise<void> => {
  assert.equal(found(await auditOf(written([...began, ...rows]))), { untimely: 1, ...others });
};

test('1: who confirmed in time is confirmed, and who asked before the end finds it sold out', async () => {
  const soldOut: Row = { at: 7.5, decided: 14, decision: rejected(bob, 'sold-out') };
  await kept(soldOut, { at: 9, decided: 14, decision: confirmed(alice, 'held') });
  const overBefore: Row = { judged: 10, decided: 14, decision: lapsed(alice) };
  await broken([overBefore, { ...soldOut, decision: held(bob, 24) }]);
  await broken([soldOut, overBefore, { at: 9, decided: 14, decision: refusedConfirm(alice) }], {
    undersold: 1,
  });
  await broken([
    soldOut,
    overBefore,
    { at: 9, judged: 10, decided: 14, decision: confirmed(alice, 'expired') },
  ]);
});

test('2: at its end a hold is over', async () => {
  const lapse: Row = { judged: 10, decided: 14, decision: lapsed(alice) };
  await kept(lapse, { at: 10, decided: 14, decision: confirmed(alice, 'expired') });
  await broken([{ at: 10, decided: 14, decision: confirmed(alice, 'held') }]);
  await kept({ at: 9.999, decided: 14, decision: confirmed(alice, 'held') });
});

test('3: who asks at the end of a hold gets its place, and the confirm behind it is too late', async () => {
  await kept(
    { judged: 10, decided: 14, decision: lapsed(alice) },
    { at: '10-0', decided: 14, decision: held(carol, 24) },
    { at: '10-1', decided: 14, decision: refusedConfirm(alice) },
  );
  await broken(
    [
      { at: '10-0', decided: 14, decision: rejected(carol, 'sold-out') },
      { at: '10-1', decided: 14, decision: confirmed(alice, 'held') },
    ],
    { undersold: 1 },
  );
});

test('4: who asks before the end does not', async () => {
  const lapse: Row = { judged: 10, decided: 14, decision: lapsed(alice) };
  await kept({ at: 9.999, decided: 14, decision: rejected(carol, 'sold-out') }, lapse, {
    at: 10,
    decided: 14,
    decision: confirmed(alice, 'expired'),
  });
  await broken([lapse, { at: 9.999, judged: 10, decided: 14, decision: held(carol, 24) }]);
});

test('5: a hold lapses by the clock, and not before it is due', async () => {
  await kept({ judged: 10, decided: 10.001, decision: lapsed(alice) });
  await broken([{ judged: 9.999, decided: 10, decision: lapsed(alice) }]);
  await broken([{ judged: 10, decided: 9.999, decision: lapsed(alice) }]);
});

test('6: holds lapse between what came before their end and what came behind it', async () => {
  const before: Row = { at: 9.6, decided: 41, decision: rejected(bob, 'sold-out') };
  const after: Row = { at: 12, decided: 41, decision: held(carol, 51) };
  const lapse: Row = { judged: 10, decided: 41, decision: lapsed(alice) };
  await kept(before, lapse, after);
  await broken([lapse, before, after], { undersold: 1 });
});

test('7: an extension in time counts from its decision', async () => {
  const soldOut: Row = { at: 11, decided: 14, decision: rejected(bob, 'sold-out') };
  const extension: Row = { at: 9, decided: 14, decision: extended(alice, 24) };
  await kept(extension, soldOut, { judged: 24, decided: 24, decision: lapsed(alice) });
  await broken([extension, soldOut, { judged: 23, decided: 24, decision: lapsed(alice) }]);
  await broken([{ ...extension, decision: extended(alice, 19) }, soldOut]);
});

test('8: a capacity that is to shrink leaves the place to who confirms in time', async () => {
  const forced: Row = { at: 1, decided: 1, decision: changedTo(2, 1, 0) };
  await kept(forced, { at: 9, decided: 14, decision: confirmed(alice, 'held') });
  await kept(forced, { judged: 10, decided: 14, decision: lapsed(alice) });
});

test('10: holds that end at one moment lapse in the order of their ids', async () => {
  const both: readonly Row[] = [
    show(2),
    { at: '0-1', decided: 0, decision: held(alice, 10) },
    { at: '0-2', decided: 0, decision: held(bob, 10) },
  ];
  const lapse = (who: number): Row => ({ judged: 10, decided: 14, decision: lapsed(who) });
  const entry: Row = { at: 10, decided: 14, decision: held(carol, 24, 2) };
  assert.equal(found(await auditOf(written([...both, lapse(alice), lapse(bob), entry]))), {});
  const swapped = await auditOf(written([...both, lapse(bob), lapse(alice), entry]));
  assert.equal(named(swapped, 'untimely'), [reservationId(alice)]);
  const oneLeft = await auditOf(
    written([...both, lapse(alice), { at: 10, decided: 14, decision: held(carol, 24) }]),
  );
  assert.equal(named(oneLeft, 'untimely'), [reservationId(bob)]);
});

test('11: what is judged later than its id says is raised, and never where no stream went back', async () => {
  const rows: readonly Row[] = [
    ...began.slice(0, 1),
    { at: '0-1', decided: 2, decision: held(alice, 12) },
    { judged: 12, decided: 12, decision: lapsed(alice) },
    { at: 8, judged: 12, decided: 13, decision: confirmed(alice, 'expired') },
  ];
  const it = written(rows);
  assert.equal(found(await auditOf(it)), { untimely: 1 });
  const { wentBack: _, ...unknown } = it.partition;
  for (const partition of [
    { ...it.partition, wentBack: true },
    { ...it.partition, clockWentBack: true },
    unknown,
  ]) {
    const report = await auditOf({ ...it, partition });
    assert.equal(found(report), {}, JSON.stringify(partition));
    assert.is(report.looked.raised, 1);
  }
});

test('12: a hold whose stream is ahead of the clock lives', async () => {
  await kept({ at: 3_600, decided: 3_600, decision: lapsed(alice) });
});

test('13: a window is judged by arrival, and for whatever is late by then', async () => {
  const closing = opened(9, { closesAtMs: 10_000 });
  const rows = (...more: readonly Row[]) =>
    auditOf(written([{ at: 0, decided: 0, decision: closing }, ...more]));
  assert.equal(found(await rows({ at: 9.9, decided: 40, decision: confirmed(bob) })), {});
  const last: Row = { at: 11, decided: 40, decision: rejected(carol, 'sale-closed') };
  const late = { at: 9, late: true, judged: 11, decided: 41 } as const;
  const wentBack = async (decision: Row['decision']) => {
    const it = written([{ at: 0, decided: 0, decision: closing }, last, { ...late, decision }]);
    return found(await auditOf({ ...it, partition: { ...it.partition, wentBack: true } }));
  };
  assert.equal(await wentBack(rejected(bob, 'sale-closed')), {});
  assert.equal(await wentBack(confirmed(bob)), { untimely: 1 });
});

test('nothing is judged before it arrived, before what was judged already, or after its decision', async () => {
  const it: Row = { at: 5, decided: 6, decision: cancelled(alice, 'held') };
  await kept(it);
  await broken([{ ...it, judged: 4 }]);
  await broken([{ ...it, decided: 4 }]);
  const late: Row = { at: 3, late: true, decided: 8, decision: rejected(bob, 'sold-out') };
  const after = async (judged: number) => {
    const { partition, ...rest } = written([
      ...began,
      { at: 5, decided: 6, decision: extended(alice, 16) },
      { ...late, judged },
    ]);
    return found(await auditOf({ ...rest, partition: { ...partition, wentBack: true } }));
  };
  assert.equal(await after(5), {});
  assert.equal(await after(4.5), { untimely: 1 });
});

test('a moment beyond what the partition was judged until is unfenced', async () => {
  const it = written(began);
  const progress = { ...it.partition.progress, judgedMs: -1 };
  assert.equal(found(await auditOf({ ...it, partition: { ...it.partition, progress } })), { unfenced: 2 });
});

test('a build that did not write down what it judged by is held to the rule it had', async () => {
  const none = { judged: 'none' } as const;
  const lapse: Row = { ...none, decided: 14, decision: lapsed(alice) };
  const refused: Row = { at: 9, ...none, decided: 14, decision: refusedConfirm(alice) };
  const taken: Row = { at: 7.5, ...none, decided: 14, decision: held(bob, 24) };
  await kept(lapse, taken, refused);
  await kept({ at: 9, ...none, decided: 9.5, decision: confirmed(alice, 'held') });
  await broken([{ ...lapse, decided: 9 }]);
  const nextBuild: Row = { at: 20, decided: 20, decision: rejected(carol, 'sold-out') };
  await kept(lapse, taken, refused, nextBuild);
  await broken([lapse, taken, { ...nextBuild, at: 25, decided: 25 }], { undersold: 1 });
});

test('who acted in time has acted: what a client knows to have been there is not found over', async () => {
  const lapse: Row = { judged: 10, decided: 14, decision: lapsed(alice) };
  const sale: Row = { at: 0, decided: 0, decision: opened(1, { closesAtMs: 10_000 }) };
  const arrivedBy = (id: Operation['requestId'], seconds: number): readonly Operation[] => [
    { requestId: id, end: 'ok', arrivedByMs: seconds * 1_000 },
  ];
  const confirm = (operations: readonly Operation[], more: Partial<Remains> = {}) => {
    const rows: readonly Row[] = [
      { at: '10-0', decided: 14, decision: held(carol, 24) },
      { at: '10-1', request: requestId(9), decided: 14, decision: refusedConfirm(alice) },
    ];
    return auditOf({ ...written([...began, lapse, ...rows]), ...more }, { operations });
  };
  assert.equal(found(await confirm(arrivedBy(requestId(9), 10))), {});
  const late = await confirm(arrivedBy(requestId(9), 9.9));
  assert.equal(named(late, 'untimely'), [requestId(9)]);
  const parked = [{ streamId: newStreamId(9_000, 0), requestId: requestId(9) }];
  assert.equal(found(await confirm(arrivedBy(requestId(9), 9.9), { parked })), {}, 'redriven');
  const closed = written([sale, { at: 10, decided: 14, decision: rejected(bob, 'sale-closed') }]);
  const reserved = (seconds: number) =>
    auditOf(closed, { operations: arrivedBy(reservationId(bob), seconds) });
  assert.equal(found(await reserved(10)), {});
  assert.equal(found(await reserved(9.9)), { untimely: 1 });
  const wentBack = { ...closed, partition: { ...closed.partition, wentBack: true } };
  const operations = arrivedBy(reservationId(bob), 9.9);
  assert.equal(found(await auditOf(wentBack, { operations })), {}, 'it may have been sent again');
});
