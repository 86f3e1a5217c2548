import fc from 'fast-check';
import { encodeEntry } from '../../src/log/wire/codec.ts';
import { anyRequest } from './any-request.ts';

/** Damage to a value on its way: flipped bits, and parts that are missing, repeated or in another order. */
type Damage = (bytes: Buffer) => Buffer;

const at = (bytes: Buffer, place: number): number => Math.floor(place * bytes.length);

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

const spoiltBy = (how: readonly Damage[], bytes: Buffer): Buffer =>
  how.reduce((before, spoil) => spoil(before), bytes);

const spoils: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(share, fc.integer({ min: 0, max: 255 })).map(
    ([place, byte]): Damage =>
      (bytes) => {
        const spoilt = Buffer.from(bytes);
        spoilt[at(bytes, place)] = byte;
        return spoilt;
      },
  ),
  share.map(
    (place): Damage =>
      (bytes) =>
        bytes.subarray(0, at(bytes, place)),
  ),
  share.map(
    (place): Damage =>
      (bytes) =>
        bytes.subarray(at(bytes, place)),
  ),
  fc.tuple(share, fc.uint8Array({ minLength: 1, maxLength: 6 })).map(
    ([place, more]): Damage =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(bytes, place)), more, bytes.subarray(at(bytes, place))]),
  ),
  fc.tuple(share, fc.integer({ min: 1, max: 12 })).map(
    ([place, length]): Damage =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(bytes, place)), bytes.subarray(at(bytes, place) + length)]),
  ),
  fc
    .constantFrom(
      '0',
      '-',
      '.5',
      'e9',
      '"',
      ',',
      '[',
      ']',
      '{',
      '}',
      '\\ud800',
      '\\u0000',
      'null',
      '9'.repeat(20),
    )
    .chain((text) =>
      share.map(
        (place): Damage =>
          (bytes) =>
            Buffer.concat([
              bytes.subarray(0, at(bytes, place)),
              Buffer.from(text),
              bytes.subarray(at(bytes, place)),
            ]),
      ),
    ),
);

/** Any bytes with a few of them changed. */
export const spoilt = (bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc
    .tuple(bytes, fc.array(spoils, { minLength: 1, maxLength: 3 }))
    .map(([whole, how]) => spoiltBy(how, whole));

/** A valid entry with a few of its bytes changed: often still JSON, sometimes still a request. */
export const spoiltBytes: fc.Arbitrary<readonly Buffer[]> = fc
  .tuple(anyRequest, fc.array(spoils, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 9 }))
  .map(([original, how, which]) => {
    const fields = encodeEntry(original).map((field) => Buffer.from(field));
    // In most cases the request itself, which is the last field.
    const spoiltField = which < 3 ? which : 3;
    return fields.map((field, n) => (n === spoiltField ? spoiltBy(how, field) : field));
  });

const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('', '\ud800', 'x'.repeat(300), -1, 0, 1.5, 1e300, 2 ** 53, 1_001, true, null, [], {}),
  fc.constantFrom('reserve', 'open', 'change', 'confirm', 'extend', 'cancel', 'customer', 'admin'),
);

const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Replaces, removes or adds one member of the value, at the depth that the path leads to. */
const withOneChanged = (value: unknown, path: readonly number[], change: Change): unknown => {
  const [first, ...rest] = path;
  if (first === undefined || !isBranch(value)) return change.to;
  const names = Object.keys(value);
  const name = names[first % Math.max(1, names.length)];
  if (name === undefined) return change.to;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const member: unknown = Reflect.get(value, name);
  if (rest.length > 0 && isBranch(member)) Reflect.set(copy, name, withOneChanged(member, rest, change));
  else if (change.type === 'remove') Reflect.deleteProperty(copy, name);
  else if (change.type === 'add') Reflect.set(copy, change.name, change.to);
  else Reflect.set(copy, name, change.to);
  return copy;
};

interface Change {
  readonly type: 'replace' | 'remove' | 'add';
  readonly name: string;
  readonly to: unknown;
}

const changes: fc.Arbitrary<Change> = fc.record({
  type: fc.constantFrom('replace', 'replace', 'remove', 'add'),
  // Not `length`: a list accepts only a number as its length, so the test itself would fail instead of the
  // codec.
  name: fc.oneof(
    fc.string().filter((name) => name !== 'length'),
    fc.constantFrom('__proto__', 'constructor', 'key', 'ref', 'lines', '0', '7'),
  ),
  to: strange,
});

/** An entry that is still JSON, with one of its members replaced, removed or added, at any depth. */
export const spoiltMembers: fc.Arbitrary<readonly Buffer[]> = fc
  .tuple(anyRequest, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), changes)
  .map(([original, path, change]) => {
    const [v, version, r, text] = encodeEntry(original);
    const wire: unknown = JSON.parse(text);
    const spoilt = JSON.stringify(withOneChanged(wire, path, change)) ?? 'null';
    return [v, version, r, spoilt].map((field) => Buffer.from(field));
  });
