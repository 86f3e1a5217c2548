import { maskUrl } from '../../src/shared/mask-url.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('URLs as they may be printed');

const masked: Readonly<Record<string, string>> = {
  'redis://h:1/2': 'redis://h:1/2',
  'redis://me:hush@h:1': 'redis://me:***@h:1',
  'redis://:hush@h:1': 'redis://:***@h:1',
  'rediss://h:1?ca=/etc/ca.pem&family=6': 'rediss://h:1?ca=/etc/ca.pem&family=6',
  'rediss://h:1?password=hush&ca=/etc/ca.pem': 'rediss://h:1?password=***&ca=/etc/ca.pem',
  'redis+cluster://me:hush@h:1?nodes=i:2,j:3': 'redis+cluster://me:***@h:1?nodes=i:2,j:3',
  'mysql://me:hush@h/db?ssl={"key":"hush"}': 'mysql://me:***@h/db?ssl=***',
  'redis+unix://me:hu@s?h@/run/r.sock?db=1': 'redis+unix://me:***@/run/r.sock?db=1',
  'unix:///run/r.sock?password=hush': 'unix:///run/r.sock?password=***',
};

for (const [url, shown] of Object.entries(masked)) test(url, () => assert.is(maskUrl(url), shown));

test('of a password that was not encoded nothing is shown behind the ?', () => {
  assert.is(maskUrl('redis://h:1?hush'), 'redis://h:1?***');
});

test('what is no URL may be a secret as a whole', () => {
  assert.is(maskUrl('hush'), '(not a URL)');
  assert.is(maskUrl('redis://me:hu#sh@h:1'), '(not a URL)');
});
