import { limits } from '../../src/domain/limits.ts';

/** The ids that an entry may contain. */
export interface Subjects {
  readonly show: string;
  /** A new id each time, in the show's partition. */
  readonly newId: () => string;
  /** A new id each time, in another partition. */
  readonly newIdElsewhere: () => string;
}

type Field = string | Buffer;

/** A malformed entry, and the reason with which it is parked. */
export interface BrokenEntry {
  readonly what: string;
  readonly fields: (subjects: Subjects) => readonly Field[];
  readonly why: RegExp;
}

const wire = (value: unknown): readonly Field[] => ['v', '1', 'r', JSON.stringify(value)];

const reserve = ({ show, newId }: Subjects): object => ({
  t: 'reserve',
  id: newId(),
  show,
  by: 'eve',
  lines: [['stalls', 1]],
});
const open = ({ newId }: Subjects): object => ({
  t: 'open',
  id: newId(),
  name: 'A show',
  pools: [['stalls', 'Stalls', 1]],
  rules: {},
});
const change = ({ show, newId }: Subjects): object => ({ t: 'change', id: newId(), show, rev: 1 });
const cancel = ({ newId }: Subjects): object => ({
  t: 'cancel',
  id: newId(),
  of: newId(),
  by: 'eve',
  as: 'customer',
});

/** A valid request except for these members. */
const but =
  (good: (subjects: Subjects) => object, members: object | ((subjects: Subjects) => object)) =>
  (subjects: Subjects): readonly Field[] =>
    wire({ ...good(subjects), ...(typeof members === 'function' ? members(subjects) : members) });

const text =
  (r: Field): BrokenEntry['fields'] =>
  () => ['v', '1', 'r', r];

const line = (quantity: unknown) => but(reserve, { lines: [['stalls', quantity]] });

const notUtf8 = Buffer.from('{"t":"reserve","by":"\xff\xfe"}', 'latin1');
const huge = `{"t":"reserve","ref":"${'x'.repeat(1_000_000)}"}`;

const shapes: readonly BrokenEntry[] = [
  { what: 'no request', fields: () => ['v', '1'], why: /not exactly the fields v and r/ },
  { what: 'no version', fields: () => ['r', '{}'], why: /version cannot be read/ },
  { what: 'other fields', fields: () => ['something', 'else'], why: /version cannot be read/ },
  {
    what: 'a field more',
    fields: (it) => [...wire(reserve(it)), 'x', ''],
    why: /not exactly the fields v and r/,
  },
  {
    what: 'the request twice',
    fields: (it) => [...wire(reserve(it)), ...wire(reserve(it)).slice(2)],
    why: /not exactly the fields v and r/,
  },
  {
    what: 'the version twice',
    fields: (it) => ['v', '1', ...wire(reserve(it))],
    why: /version cannot be read/,
  },
  {
    what: 'ten thousand fields',
    fields: () => Array.from({ length: 20_000 }, String),
    why: /cannot be read/,
  },
  { what: 'a version that is a word', fields: () => ['v', 'one', 'r', '{}'], why: /version cannot be read/ },
  { what: 'version 0', fields: () => ['v', '0', 'r', '{}'], why: /version cannot be read/ },
  { what: 'a version of 40 digits', fields: () => ['v', '9'.repeat(40), 'r', '{}'], why: /cannot be read/ },
  { what: 'an empty request', fields: text(''), why: /it is not JSON/ },
  { what: 'words', fields: text('not JSON'), why: /it is not JSON/ },
  { what: 'JSON cut short', fields: text('{"t":"reserve","id":'), why: /it is not JSON/ },
  { what: 'bytes that are not UTF-8', fields: text(notUtf8), why: /it is not UTF-8/ },
  { what: 'a megabyte', fields: text(huge), why: /it has 10000\d\d bytes/ },
  { what: 'JSON nested too deep', fields: text('['.repeat(200_000)), why: /it is not JSON/ },
  { what: 'null', fields: text('null'), why: /not an object with a field t/ },
  { what: 'a list', fields: text('[]'), why: /not an object with a field t/ },
  { what: 'no kind', fields: but(reserve, { t: undefined }), why: /not an object with a field t/ },
  { what: 'an unknown kind', fields: but(reserve, { t: 'buy' }), why: /its field t names no request/ },
  { what: 'a kind that objects have', fields: but(reserve, { t: 'toString' }), why: /its field t names no/ },
];

const members: readonly BrokenEntry[] = [
  { what: 'a member nobody knows', fields: but(reserve, { seat: 'A1' }), why: /additional properties/ },
  {
    what: 'no lines',
    fields: but(reserve, { lines: undefined }),
    why: /must have required properties lines/,
  },
  { what: 'empty lines', fields: but(reserve, { lines: [] }), why: /\/lines .*fewer than 1/ },
  {
    what: '21 lines',
    fields: but(reserve, { lines: Array(21).fill(['stalls', 1]) }),
    why: /\/lines .*more than 20/,
  },
  { what: 'a negative quantity', fields: line(-1), why: /\/lines\/0\/1 must be >= 1/ },
  { what: 'a quantity of zero', fields: line(0), why: /\/lines\/0\/1 must be >= 1/ },
  { what: 'half a place', fields: line(0.5), why: /\/lines\/0\/1 must be integer/ },
  { what: 'a quantity over the limit', fields: line(1_001), why: /\/lines\/0\/1 must be <= 1000/ },
  { what: 'a quantity in words', fields: line('1'), why: /\/lines\/0\/1 must be integer/ },
  {
    what: 'a pool id with a space',
    fields: but(reserve, { lines: [['a b', 1]] }),
    why: /\/lines\/0\/0 is not a pool id/,
  },
  {
    what: 'a reservation id that is none',
    fields: but(reserve, { id: 'A-1' }),
    why: /\/id is not a reservation id/,
  },
  {
    what: 'a reservation id in capitals',
    fields: but(reserve, ({ newId }) => ({ id: newId().toUpperCase() })),
    why: /\/id is not a reservation id/,
  },
  { what: 'a show id that is none', fields: but(reserve, { show: 7 }), why: /\/show must be string/ },
  { what: 'nobody’s request', fields: but(reserve, { by: '' }), why: /\/by is not a customer id/ },
  {
    what: 'a customer id of 129 bytes',
    fields: but(reserve, { by: 'é'.repeat(65) }),
    why: /\/by is not a customer id/,
  },
  { what: 'a lone surrogate', fields: but(reserve, { ref: 'a\ud800' }), why: /\/ref has a lone surrogate/ },
  {
    what: 'a reference too long',
    fields: but(reserve, { ref: 'x'.repeat(129) }),
    why: /\/ref .*more than 128/,
  },
  { what: 'half a key', fields: but(reserve, { key: ['f'.repeat(32)] }), why: /\/key/ },
  { what: 'a show without pools', fields: but(open, { pools: [] }), why: /\/pools .*fewer than 1/ },
  {
    what: 'a show with a pool twice',
    fields: but(open, {
      pools: [
        ['stalls', 'A', 1],
        ['stalls', 'B', 1],
      ],
    }),
    why: /pool stalls is named twice/,
  },
  {
    what: 'a capacity over the limit',
    fields: but(open, { pools: [['stalls', 'Stalls', limits.capacity + 1]] }),
    why: /\/pools\/0\/2 must be <= 2000000000/,
  },
  { what: 'a rule nobody knows', fields: but(open, { rules: { discount: 1 } }), why: /\/rules .*additional/ },
  {
    what: 'a time that Date has not',
    fields: but(open, { rules: { opensAtMs: 9e15 } }),
    why: /\/rules\/opensAtMs/,
  },
  { what: 'a revision below zero', fields: but(change, { rev: -1 }), why: /\/rev must be >= 0/ },
  {
    what: 'a customer who does not say who',
    fields: but(cancel, { by: undefined }),
    why: /asks without a name/,
  },
  {
    what: 'an actor nobody knows',
    fields: but(cancel, { as: 'root' }),
    why: /\/as is not a word of this version/,
  },
];

/** Entries that can be read but that this partition must not decide. */
const strays: readonly BrokenEntry[] = [
  {
    what: 'a show of another partition',
    fields: but(reserve, ({ newIdElsewhere }) => ({ show: newIdElsewhere() })),
    why: /belongs to partition \d+, not \d+/,
  },
  {
    what: 'a reservation of another partition',
    fields: but(reserve, ({ newIdElsewhere }) => ({ id: newIdElsewhere() })),
    why: /belongs to partition \d+, not \d+/,
  },
  {
    what: 'a request of another partition about a reservation of this one',
    fields: but(cancel, ({ newIdElsewhere }) => ({ id: newIdElsewhere() })),
    why: /belongs to partition \d+, not \d+/,
  },
  {
    what: 'a request about a reservation of another partition',
    fields: but(cancel, ({ newIdElsewhere }) => ({ of: newIdElsewhere() })),
    why: /belongs to partition \d+, not \d+/,
  },
];

export const brokenEntries: readonly BrokenEntry[] = [...shapes, ...members, ...strays];

const quantityAs =
  (written: string) =>
  (subjects: Subjects): readonly Field[] => [
    'v',
    '1',
    'r',
    JSON.stringify(reserve(subjects)).replace('["stalls",1]', `["stalls",${written}]`),
  ];

/** Unusual but valid requests: they are decided like any other, mostly with a refusal. */
export const decidableEntries: readonly Omit<BrokenEntry, 'why'>[] = [
  {
    what: 'a reservation of a show that does not exist',
    fields: but(reserve, ({ newId }) => ({ show: newId() })),
  },
  { what: 'a change of a show that does not exist', fields: but(change, ({ newId }) => ({ show: newId() })) },
  { what: 'a change made for a revision to come', fields: but(change, { rev: Number.MAX_SAFE_INTEGER }) },
  { what: 'a reservation of a pool that does not exist', fields: but(reserve, { lines: [['nowhere', 1]] }) },
  { what: 'a follow-up of a reservation that does not exist', fields: but(cancel, {}) },
  { what: 'the fields in another order', fields: (it) => [...wire(reserve(it)).slice(2), 'v', '1'] },
  { what: 'a NUL and a line break in the reference', fields: but(reserve, { ref: 'a\u0000b\nc\u2028' }) },
  { what: 'a quantity written as 1e0', fields: quantityAs('1e0') },
];
