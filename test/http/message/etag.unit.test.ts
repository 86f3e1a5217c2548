import { etagMatches } from '../../../src/http/message/etag.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('http: If-None-Match');

test('it matches the same tag, weak or among others, and any by *', () => {
  for (const header of [
    '"1.5"',
    'W/"1.5"',
    '"0.1", "1.5"',
    '"0.1",W/"1.5"',
    '*',
    ' * ',
    ',, "a,b" ,\t"1.5",',
  ])
    assert.ok(etagMatches(header, '"1.5"'), header);
  for (const header of [
    '"1.6"',
    '1.5',
    '',
    '"1"',
    '"a,"1.5"',
    '"*"',
    '"a,*,b"',
    '*, "1.6"',
    '"1.5',
    'W/1.5',
    'w/"1.5"',
  ])
    assert.not(etagMatches(header, '"1.5"'), header);
  assert.not(etagMatches(undefined, '"1.5"'));
});
