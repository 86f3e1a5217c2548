import { problems } from '../../../src/http/problems/problems.ts';
import { assert, suite } from '../../support/suite.ts';
import { additions, contractCodes } from '../contract-codes.ts';
import { documentation, serverOf } from '../fakes.ts';

const test = suite('http: problems');
const app = serverOf({ documentation });
test.after(async () => {
  await app.close();
});

test('the table holds the codes of the contract, with their statuses, and the two that HTTP itself needs', () => {
  const table = Object.entries(problems).map(([code, { status }]) => [code, status] as const);
  assert.equal(new Map(table.sort()), new Map([...contractCodes, ...additions].sort()));
});

for (const code of [...contractCodes.keys(), ...additions.keys()]) {
  test(`GET /problems/${code} explains it`, async () => {
    const { statusCode, headers, body } = await app.inject(`/problems/${code}`);
    assert.is(statusCode, 200);
    assert.match(String(headers['content-type']), /^text\/html/);
    assert.ok(body.includes(code));
    assert.match(body, /<p>[A-Z].{20,}<\/p>/);
  });
}

test('a problem nobody has is 404', async () => {
  assert.is((await app.inject('/problems/toString')).statusCode, 404);
});
