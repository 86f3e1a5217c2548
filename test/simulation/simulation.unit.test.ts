import { assert, suite } from '../support/suite.ts';
import { makePlan } from './make-plan.ts';
import { runPlan } from './run-plan.ts';

const test = suite('simulation');
const steps = 12;

test('the same seed does the same twice, to the last trace line', async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const [first, again] = [
      await runPlan(makePlan(seed, steps), { keepTrace: true }),
      await runPlan(makePlan(seed, steps), { keepTrace: true }),
    ];
    assert.equal(again.trace, first.trace);
    assert.is(again.hash, first.hash);
    assert.ok(first.happened > 100);
  }
});

test('another seed does something else', async () => {
  const hashes = new Set<string>();
  for (const seed of [11, 12, 13])
    hashes.add((await runPlan(makePlan(seed, steps), { keepTrace: false })).hash);
  assert.is(hashes.size, 3);
});

test('whether the trace is kept makes no difference to what happens', async () => {
  const plan = makePlan(21, steps);
  const [kept, forgotten] = [
    await runPlan(plan, { keepTrace: true }),
    await runPlan(plan, { keepTrace: false }),
  ];
  assert.is(kept.hash, forgotten.hash);
  assert.is(forgotten.trace.length, 0);
});

test('a hundred sales with everything that can go wrong keep every promise', async () => {
  const broken: string[] = [];
  let decisions = 0;
  for (let seed = 100; seed < 200; seed += 1) {
    const plan = makePlan(seed, steps, { onlyShort: true });
    const result = await runPlan(plan, { keepTrace: false });
    decisions += result.decisions;
    for (const { invariant, named } of result.broken) broken.push(`${seed}: ${invariant} ${named[0]}`);
  }
  assert.equal(broken, []);
  assert.ok(decisions > 500, `${decisions} decisions prove little`);
});
