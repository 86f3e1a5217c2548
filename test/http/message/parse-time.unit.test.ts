import fc from 'fast-check';
import { parseTime } from '../../../src/http/message/parse-time.ts';
import { cpuMs } from '../../support/cpu-ms.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('http: times');

/** The time in RFC 3339 and UTC, or the reason why the text is none. */
const read = (text: string): string => {
  const time = parseTime(text);
  return time.type === 'time' ? new Date(time.ms).toISOString() : time.detail;
};

const means = (text: string, iso: string): void => assert.is(read(text), iso, text);
const isNone = (text: string, why: RegExp): void => assert.match(read(text), why);

test('a time is the instant that was meant, in whatever offset and case, and what is below a millisecond is cut off', () => {
  means('2026-12-31t23:59:59z', '2026-12-31T23:59:59.000Z');
  means('2026-12-31T23:59:59.123456789Z', '2026-12-31T23:59:59.123Z');
  means('2026-12-31T23:59:59.9999Z', '2026-12-31T23:59:59.999Z');
  means('2026-12-31T23:59:59.5Z', '2026-12-31T23:59:59.500Z');
  means('2026-10-25T02:30:00+01:00', '2026-10-25T01:30:00.000Z');
  means('2026-10-25T02:30:00-00:00', '2026-10-25T02:30:00.000Z');
  means('2028-02-29T00:00:00-23:59', '2028-02-29T23:59:00.000Z');
  means('0099-01-01T00:00:00Z', '0099-01-01T00:00:00.000Z');
});

test('any instant is read back from any offset', () => {
  const minutes = fc.integer({ min: -1439, max: 1439 });
  const instants = fc.date({
    min: new Date('0001-01-03T00:00:00Z'),
    max: new Date('9999-12-29T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(instants, minutes, (at, offset) => {
      const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, -1);
      const two = (n: number): string => String(n).padStart(2, '0');
      const size = Math.abs(offset);
      means(
        `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`,
        at.toISOString(),
      );
    }),
  );
});

test('a suffix that is elective is left aside, be it true or not', () => {
  for (const suffix of [
    '[Europe/Berlin]',
    '[Asia/Tokyo]',
    '[No/Such]',
    '[u-ca=gregory]',
    '[+02:00][a=b][_c-d=e-F9]',
    '[-05:00]',
  ])
    means(`2026-10-25T02:30:00+02:00${suffix}`, '2026-10-25T00:30:00.000Z');
});

test('a zone that is marked critical has to have that offset at that instant', () => {
  means('2026-10-25T02:30:00+02:00[!Europe/Berlin]', '2026-10-25T00:30:00.000Z');
  means('2026-10-25T02:30:00+01:00[!Europe/Berlin]', '2026-10-25T01:30:00.000Z');
  means('2026-07-01T00:00:00-02:30[!America/St_Johns][u-ca=gregory]', '2026-07-01T02:30:00.000Z');
  means('2026-07-01T00:00:00+02:00[!+02:00]', '2026-06-30T22:00:00.000Z');
  means('2026-01-01T00:00:00+00:00[!Europe/London]', '2026-01-01T00:00:00.000Z');
  means('2026-01-01T00:00:00Z[!UTC]', '2026-01-01T00:00:00.000Z');
  isNone('2026-10-25T02:30:00+05:00[!Europe/Berlin]', /\[!Europe\/Berlin\].*\+02:00/);
  isNone('2026-10-25T01:30:00+01:00[!Europe/Berlin]', /\[!Europe\/Berlin\]/);
  isNone('2026-07-08T00:14:07+00:00[!Europe/London]', /\+01:00/);
  isNone('2026-07-01T00:00:00+02:00[!-02:00]', /\[!-02:00\]/);
});

test('of a time in Z the offset is not known, so it fits every zone that there is', () => {
  means('2026-07-08T00:14:07Z[!Europe/London]', '2026-07-08T00:14:07.000Z');
  means('2026-07-08T00:14:07-00:00[!Asia/Tokyo]', '2026-07-08T00:14:07.000Z');
});

test('anything else that is marked critical is refused and named', () => {
  isNone('2026-07-01T00:00:00Z[!u-ca=hebrew]', /\[!u-ca=hebrew\].*not known/);
  isNone('2026-07-01T00:00:00Z[Europe/Berlin][!x=y]', /\[!x=y\]/);
  for (const zone of ['No/Such', '.', '..', 'Europe/../Berlin', 'GMT+99'])
    isNone(`2026-07-01T00:00:00Z[!${zone}]`, /zone is not known/);
});

test('a time that no clock shows is none', () => {
  for (const text of [
    '2026-12-31T23:59:60Z',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+00:60',
  ])
    isNone(text, /must be a time that exists/);
});

test('the years are 0001 to 9999, in UTC', () => {
  means('0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z');
  means('0000-12-31T23:59:00-00:01', '0001-01-01T00:00:00.000Z');
  means('9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z');
  for (const text of [
    '9999-12-31T23:59:59-23:59',
    '0000-01-01T00:00:00+23:59',
    '0001-01-01T00:00:00+00:01',
    '0000-06-01T00:00:00Z',
  ])
    isNone(text, /0001 to 9999/);
});

test('what is not written like a time is none', () => {
  for (const text of [
    '',
    '2026-01-01',
    '2026-01-01T00:00Z',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00+0200',
    '+002026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z[',
    '2026-01-01T00:00:00Z[]',
    '2026-01-01T00:00:00Z[!]',
    '2026-01-01T00:00:00Z[a=]',
    '2026-01-01T00:00:00Z[a=b][Europe/Berlin]',
    '2026-01-01T00:00:00Z[Europe/Berlin][Europe/Paris]',
    '2026-01-01T00:00:00Z[A=b]',
    ' 2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z\n',
  ])
    isNone(text, /must be a time like/);
});

test('64 KiB of anything are read in a moment', () => {
  const began = cpuMs();
  for (const part of ['0', '[', ']', '[a=b]', '[!', 'a', '/', '-', '=', '[a', '.', '+', '[a=', '[a=b', 'a-'])
    for (const before of [
      '',
      '2026-01-01T00:00:00.',
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00Z[',
      '2026-01-01T00:00:00Z[!a=',
    ])
      for (const behind of ['', ']', 'Z', '\u0000', '!'])
        parseTime(before + part.repeat(65_536 / part.length) + behind);
  assert.ok(cpuMs() - began < 3_000);
});
