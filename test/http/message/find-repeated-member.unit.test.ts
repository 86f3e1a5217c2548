import fc from 'fast-check';
import { findRepeatedMember } from '../../../src/http/message/find-repeated-member.ts';
import { cpuMs } from '../../support/cpu-ms.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('http: members named twice');

/** JSON before it is parsed: an object may contain the same name several times. */
type Written =
  | { readonly leaf: string }
  | { readonly list: readonly Written[] }
  | { readonly members: readonly (readonly [name: string, value: Written])[] };

const texts = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'quantity', '__proto__', 'constructor', 'toString', '0'),
  fc.constantFrom(
    'a":"',
    '\\',
    '\\"',
    ':',
    '{"a":1,"a":2}',
    'a/b~c',
    '\u0000',
    '\u2028',
    '\ud800',
    '\ufeff',
    '🎟',
  ),
  fc.string({ unit: 'binary' }),
);
const leaves = fc.oneof(
  texts.map((text) => JSON.stringify(text)),
  fc.constantFrom('1', '-0', '1e400', '1.0', 'true', 'null', '""', '":"'),
);

const { written } = fc.letrec<{ written: Written }>((tie) => ({
  written: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaves.map((leaf) => ({ leaf })),
    fc.array(tie('written'), { maxLength: 4 }).map((list) => ({ list })),
    fc.array(fc.tuple(texts, tie('written')), { maxLength: 5 }).map((members) => ({ members })),
  ),
}));

/** The style of the text: blanks between tokens, and escapes in names, taken in turn from a list. */
const styles = fc.array(
  fc.record({ blank: fc.constantFrom('', '', ' ', '\n', '\t \r'), isEscaped: fc.boolean() }),
  { minLength: 1, maxLength: 7 },
);

type Style = { readonly blank: string; readonly isEscaped: boolean };

const escaped = (text: string): string =>
  `"${Array.from({ length: text.length }, (_, n) => `\\u${text.charCodeAt(n).toString(16).padStart(4, '0')}`).join('')}"`;

const textOf = (value: Written, next: () => Style): string => {
  const { blank, isEscaped } = next();
  if ('leaf' in value) return `${blank}${value.leaf}${blank}`;
  if ('list' in value) return `${blank}[${value.list.map((each) => textOf(each, next)).join(',')}${blank}]`;
  const members = value.members.map(
    ([name, each]) =>
      `${blank}${isEscaped ? escaped(name) : JSON.stringify(name)}${blank}:${textOf(each, next)}`,
  );
  return `${blank}{${members.join(',')}${blank}}${blank}`;
};

const firstTwice = (value: Written, path = '#'): string | undefined => {
  if ('leaf' in value) return undefined;
  const steps: (readonly [string | number, Written])[] =
    'list' in value ? value.list.map((each, n) => [n, each]) : [...value.members];
  const seen = new Set<string | number>();
  for (const [step, each] of steps) {
    const here = `${path}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (seen.has(step)) return here;
    seen.add(step);
    const deeper = firstTwice(each, here);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
};

const found = (text: string): string | undefined => findRepeatedMember(Buffer.from(text), JSON.parse(text));

test('the first member that is there twice is found, wherever it is and however it is written; nothing else is', () => {
  let twice = 0;
  fc.assert(
    fc.property(written, styles, (value, all) => {
      let n = 0;
      const text = textOf(value, () => all[n++ % all.length] ?? { blank: '', isEscaped: false });
      const expected = firstTwice(value);
      if (expected !== undefined) twice += 1;
      assert.is(found(text), expected, text);
    }),
    { numRuns: 4_000 },
  );
  assert.ok(twice > 100, `only ${twice} had one`);
});

test('what looks like a name inside a text is none', () => {
  for (const value of [
    { a: '"a":1,"a":2', b: ':' },
    { '"a': 1, '"a"': 2 },
    [{ a: 1 }, { a: 2 }, [{ a: 3 }]],
    { a: { a: { a: [] } } },
    '"a":"a":',
  ])
    assert.is(found(JSON.stringify(value)), undefined);
});

test('64 KiB of the worst are read in a moment, as deep and as long as they come', () => {
  const size = 65_536;
  const nested = (open: string, close: string): string =>
    `${open.repeat(size / 8)}1${close.repeat(size / 8)}`;
  const names = Array.from({ length: size / 10 }, (_, n) => `"${n}":":"`).join(',');
  const began = cpuMs();
  for (const [text, pointer] of [
    [nested('[', ']'), undefined],
    [nested('{"a":', '}'), undefined],
    [`{${names},"7" : 1}`, '#/7'],
    [`{"a"${' '.repeat(size)}:":",${' '.repeat(size)}"a":1}`, '#/a'],
    [`["${'\\"'.repeat(size / 2)}",":",{"a":1,"a":2}]`, '#/2/a'],
    [`[${'":",'.repeat(size / 4)}1]`, undefined],
  ] as const)
    assert.is(found(text), pointer, text.slice(0, 20));
  assert.ok(cpuMs() - began < 2_000);
});
