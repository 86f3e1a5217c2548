import { degraded, ok, type PartCheck, stateOf } from '../../../src/cli/serve/part.ts';
import { readinessOf } from '../../../src/cli/serve/readiness.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('which roles of a process are ready');

const away = 'connect ECONNREFUSED';
const apiWith = (command: readonly string[], query: readonly string[]): PartCheck => ({
  lines: {},
  roles: { command, query },
});
const projectorWith = (...projector: readonly string[]): PartCheck => ({ lines: {}, roles: { projector } });
const all = ['command', 'query', 'projector'] as const;
const rolesOf = (checks: readonly PartCheck[], pair = ok) =>
  readinessOf({ roles: all, checks, start: 'starting', pair, risks: {} }).roles;

test('a server that says nothing holds nobody up who asks for readiness', async () => {
  assert.is(await stateOf(new Promise(() => undefined)), 'no answer within 1.5 s');
  assert.is(await stateOf(Promise.reject(new Error(away))), away);
  assert.is(await stateOf(Promise.resolve()), ok);
});

test('each role stands for itself', () => {
  const checks = [apiWith([ok, ok], [away, ok]), projectorWith(ok, away)];
  assert.equal(rolesOf(checks), { command: 'ok', query: 'not-ready', projector: 'not-ready' });
});

test('a role that works although something is not as it should be is degraded', () => {
  const checks = [apiWith([ok], [ok, degraded(away)]), projectorWith(ok)];
  assert.equal(rolesOf(checks), { command: 'ok', query: 'degraded', projector: 'ok' });
});

test('what every role needs makes every role what it is', () => {
  const parts = [apiWith([ok], [ok]), projectorWith(ok)];
  const clock = (state: string): PartCheck => ({ lines: { clock: state } });
  assert.equal(rolesOf([...parts, clock(degraded('1.2 s ahead'))]), {
    command: 'degraded',
    query: 'degraded',
    projector: 'degraded',
  });
  const none = { command: 'not-ready', query: 'not-ready', projector: 'not-ready' };
  assert.equal(rolesOf([...parts, clock('an hour ahead')]), none);
  assert.equal(rolesOf(parts, 'another pair'), none);
});

test('while it starts no role is ready, and operators read what it waits for', () => {
  const starting = readinessOf({
    roles: ['query'],
    checks: [],
    start: 'warming up',
    pair: 'comparing',
    risks: {},
  });
  assert.equal(starting, {
    roles: { query: 'not-ready' },
    details: { process: 'warming up', pair: 'comparing' },
  });
});

test('lines of all parts, and the risks that were accepted, are told together', () => {
  const checks: readonly PartCheck[] = [
    { lines: { 'api redis': ok }, roles: { query: [ok] } },
    { lines: { clock: ok } },
  ];
  const { details } = readinessOf({
    roles: ['query'],
    checks,
    start: 'starting',
    pair: ok,
    risks: { 'accepted risks': 'x' },
  });
  assert.equal(details, { pair: ok, 'api redis': ok, clock: ok, 'accepted risks': 'x' });
});
