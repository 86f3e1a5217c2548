import { runOnsale } from '../support/onsale.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('the command line');

test('only what is a verb is run: what every object has is no verb', async () => {
  for (const verb of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'sell']) {
    const { code, output } = await runOnsale([verb], {});
    assert.equal([code, output.trim()], [2, `onsale: there is no verb "${verb}"; try: onsale help`]);
  }
});

test('with no verb it says which there are', async () => {
  const { code, output } = await runOnsale([], {});
  assert.is(code, 0);
  assert.match(output, 'onsale serve <roles…>');
});
