import { opsRoutes, type Readiness, type RoleState } from '../../src/http/ops-routes.ts';
import { assert, suite } from '../support/suite.ts';
import { serverOf } from './fakes.ts';

const test = suite('http: readyz');

const details = { 'api mysql': 'cannot use the database mysql://onsale-api:***@db.internal:3306/tickets' };
const both = (command: RoleState, query: RoleState): Readiness => ({ roles: { command, query }, details });

const ask = async (
  readiness: Readiness | Error,
  path: string,
  detailsFor: 'anybody' | 'operators' = 'anybody',
): Promise<{ readonly code: number; readonly body: Record<string, unknown>; readonly text: string }> => {
  const ready = async (): Promise<Readiness> => {
    if (readiness instanceof Error) throw readiness;
    return readiness;
  };
  const app = serverOf({
    routes: [opsRoutes({ ready, stopping: new AbortController().signal, detailsFor })],
  });
  const { statusCode: code, body: text } = await app.inject(path);
  await app.close();
  return { code, text, body: JSON.parse(text) };
};

const answers: readonly (readonly [Readiness, path: string, code: number, status: string])[] = [
  [both('ok', 'ok'), '/readyz', 200, 'ok'],
  [both('ok', 'degraded'), '/readyz', 200, 'degraded'],
  [both('ok', 'not-ready'), '/readyz', 200, 'degraded'],
  [both('not-ready', 'degraded'), '/readyz', 200, 'degraded'],
  [both('not-ready', 'not-ready'), '/readyz', 503, 'not-ready'],
  [both('ok', 'not-ready'), '/readyz?role=command', 200, 'ok'],
  [both('ok', 'not-ready'), '/readyz?role=query', 503, 'not-ready'],
  [both('ok', 'degraded'), '/readyz?role=query', 200, 'degraded'],
  [both('ok', 'not-ready'), '/readyz?role=command&role=query', 503, 'not-ready'],
  [both('ok', 'degraded'), '/readyz?role=command&role=query', 200, 'degraded'],
];

for (const [readiness, path, code, status] of answers) {
  const { command, query } = readiness.roles;
  test(`command ${command}, query ${query}: GET ${path} is ${code} ${status}`, async () => {
    const answer = await ask(readiness, path);
    assert.equal([answer.code, answer.body['status'], answer.body['roles']], [code, status, readiness.roles]);
  });
}

test('a role that this process does not run is 404, and the answer names those it runs', async () => {
  const answer = await ask(both('ok', 'ok'), '/readyz?role=command&role=projector');
  assert.equal([answer.code, answer.body['code']], [404, 'not-found']);
  assert.match(String(answer.body['detail']), /It runs: command, query\./);
});

test('anybody is told roles and states alone, operators how each dependency stands', async () => {
  for (const path of ['/readyz', '/readyz?role=query']) {
    const told = await ask(both('ok', 'not-ready'), path);
    assert.equal(Object.keys(told.body), ['status', 'roles']);
    assert.not.match(told.text, /db\.internal|onsale-api|tickets/);
    assert.equal((await ask(both('ok', 'not-ready'), path, 'operators')).body['details'], details);
  }
});

test('when nobody can be asked it is 503, and only operators read why', async () => {
  const failure = new Error('no answer from db.internal');
  const told = await ask(failure, '/readyz');
  assert.equal([told.code, told.text], [503, '{"status":"not-ready","roles":{}}']);
  const operators = await ask(failure, '/readyz?role=query', 'operators');
  assert.is(operators.code, 503);
  assert.match(operators.text, /no answer from db\.internal/);
});
