import fc from 'fast-check';
import { BoundedMap } from '../../src/shared/bounded-map.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('a map of at most so many entries');

type Call = readonly ['set' | 'delete', number];

const call: fc.Arbitrary<Call> = fc.tuple(
  fc.constantFrom('set', 'set', 'set', 'delete'),
  fc.integer({ min: 0, max: 12 }),
);

/** The keys as they are said to be, the oldest first. */
const keysAfter = (calls: readonly Call[], entriesMax: number): readonly number[] => {
  let keys: readonly number[] = [];
  for (const [verb, key] of calls) {
    keys = keys.filter((each) => each !== key);
    if (verb === 'set') keys = [...keys, key].slice(-entriesMax);
  }
  return keys;
};

test('whatever is set and deleted, the ones that were set last are kept', () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 200 }), fc.integer({ min: 1, max: 8 }), (calls, entriesMax) => {
      const map = new BoundedMap<number, string>(entriesMax);
      for (const [verb, key] of calls)
        if (verb === 'set') map.set(key, String(key));
        else map.delete(key);
      assert.equal([...map.keys()], keysAfter(calls, entriesMax));
      assert.ok([...map].every(([key, value]) => value === String(key)));
    }),
  );
});
