import { Compile } from 'typebox/schema';
import { commandRoutes } from '../../../src/command/command-routes.ts';
import { problemCodes } from '../../../src/http/problems/problems.ts';
import { queryRoutes } from '../../../src/query/query-routes.ts';
import { assert, suite } from '../../support/suite.ts';
import { commandFakes, documentation, queryFakes, serverOf } from '../fakes.ts';
import { type Media, type OpenApi, operationsOf, parseOpenApi } from '../parse-openapi.ts';

const test = suite('http: openapi');

const documentOf = async (routes?: Parameters<typeof serverOf>[0]): Promise<OpenApi> => {
  const app = serverOf({ documentation, ...routes });
  try {
    const { statusCode, body } = await app.inject('/openapi.json');
    assert.is(statusCode, 200);
    return parseOpenApi(body);
  } finally {
    await app.close();
  }
};

const both = await documentOf();

test('it is OpenAPI 3.1 with a title, a version and unique operation ids', () => {
  assert.match(both.openapi, /^3\.1\./);
  assert.is(both.info.title, 'onsale');
  assert.is(both.info.version, '0.0.0');
  const ids = operationsOf(both).map(({ operation }) => operation.operationId);
  assert.is(new Set(ids).size, ids.length);
});

test('it lists the calls of the contract', () => {
  assert.equal(
    operationsOf(both)
      .map(({ name }) => name)
      .sort(),
    [
      'get /v1/decisions',
      'get /v1/reservations',
      'get /v1/reservations/{id}',
      'get /v1/reservations/{id}/history',
      'get /v1/reservations/{id}/updates',
      'get /v1/shows',
      'get /v1/shows/{id}',
      'get /v1/shows/{id}/updates',
      'patch /v1/shows/{id}',
      'post /v1/reservations',
      'post /v1/reservations/batch',
      'post /v1/reservations/{id}/cancel',
      'post /v1/reservations/{id}/confirm',
      'post /v1/reservations/{id}/extend',
      'post /v1/shows',
    ],
  );
});

test('it lists what is mounted: commands alone, queries alone', async () => {
  const commands = await documentOf({ routes: [commandRoutes(commandFakes())] });
  const queries = await documentOf({ routes: [queryRoutes(queryFakes())] });
  assert.ok(operationsOf(commands).every(({ name }) => /^(post|patch) /.test(name)));
  assert.ok(operationsOf(queries).every(({ name }) => name.startsWith('get ')));
  assert.is(operationsOf(commands).length + operationsOf(queries).length, operationsOf(both).length);
});

test('every reference points at something', () => {
  const text = JSON.stringify(both);
  const names = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target);
  assert.ok(names.length > 0);
  for (const name of names)
    assert.ok(
      Object.keys(both.components.schemas).some((known) => name === `#/components/schemas/${known}`),
      name,
    );
});

test('every parameter in a path is described, and none that is not there', () => {
  for (const { name, operation } of operationsOf(both)) {
    const described = (operation.parameters ?? []).filter((one) => one.in === 'path').map((one) => one.name);
    assert.equal(
      described,
      [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter),
      name,
    );
  }
});

test('every error is a problem, and its codes are those of the table', () => {
  assert.equal(both.components.schemas['Problem']?.properties?.['code']?.enum, [...problemCodes]);
  for (const { name, operation } of operationsOf(both)) {
    const errors = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
    assert.ok(errors.length >= 4, name);
    for (const [status, { content }] of errors) {
      const problem = content?.['application/problem+json'];
      assert.is(problem?.schema?.$ref, '#/components/schemas/Problem', `${name} ${status}`);
      for (const [code, { value }] of Object.entries(problem?.examples ?? {})) {
        assert.ok(
          problemCodes.some((known) => known === code),
          code,
        );
        assert.is(value.status, Number(status));
      }
    }
  }
});

test('calls for customers and admins say so, and public ones do not', () => {
  const who = new Map(
    operationsOf(both).map(({ name, operation }) => [name, JSON.stringify(operation.security)]),
  );
  assert.is(who.get('post /v1/shows'), '[{"admin":[]}]');
  assert.is(who.get('post /v1/reservations'), '[{"customer":[]}]');
  assert.is(who.get('post /v1/reservations/batch'), '[{"service":[]},{"admin":[]}]');
  assert.is(who.get('get /v1/shows/{id}'), undefined);
});

test('the bodies of confirm, extend and cancel may be absent, and no other', () => {
  const required = operationsOf(both).flatMap(({ operation }) =>
    operation.requestBody ? [[operation.operationId, operation.requestBody.required]] : [],
  );
  assert.equal(Object.fromEntries(required), {
    openShow: true,
    changeShow: true,
    requestReservation: true,
    requestReservations: true,
    confirmReservation: false,
    extendHold: false,
    cancelReservation: false,
  });
});

test('each 409 of the state × command table is documented where it can happen', () => {
  const conflictsOf = (id: string): readonly string[] => {
    const found = operationsOf(both).find(({ operation }) => operation.operationId === id);
    const examples = found?.operation.responses['409']?.content?.['application/problem+json']?.examples;
    return Object.keys(examples ?? {}).sort();
  };
  const always = ['duplicate-request'];
  const ofAll = ['already-cancelled', ...always, 'hold-expired', 'not-reserved'];
  assert.equal(conflictsOf('confirmReservation'), [...ofAll, 'confirmed-otherwise'].sort());
  assert.equal(conflictsOf('extendHold'), [...ofAll, 'extension-used', 'not-held'].sort());
  assert.equal(conflictsOf('cancelReservation'), [...always, 'not-reserved']);
});

test('every POST takes an Idempotency-Key, but for the call of many, whose requests have keys', () => {
  const headersOf = (operation: { parameters?: readonly { in: string; name: string }[] }) =>
    (operation.parameters ?? []).filter((one) => one.in === 'header').map(({ name }) => name);
  for (const { name, operation } of operationsOf(both))
    assert.is(
      headersOf(operation).includes('idempotency-key'),
      name.startsWith('post ') && !name.endsWith('/batch'),
      name,
    );
});

test('updates are documented as event streams', () => {
  for (const { name, operation } of operationsOf(both).filter((one) => one.name.endsWith('/updates')))
    assert.equal(Object.keys(operation.responses['200']?.content ?? {}), ['text/event-stream'], name);
});

test('examples are valid by the schemas they stand for', () => {
  const { schemas } = both.components;
  const isValid = (schema: object, example: unknown): boolean =>
    Compile(
      JSON.parse(
        JSON.stringify({ ...schema, $defs: schemas }).replaceAll('#/components/schemas/', '#/$defs/'),
      ),
    ).Check(example);
  const ofMedia = ({ schema = {}, example, examples = {} }: Media): (readonly [object, unknown])[] => [
    ...(example === undefined ? [] : [[schema, example] as const]),
    ...Object.values(examples).map(({ value }) => [schema, value] as const),
  ];
  const media = operationsOf(both).flatMap(({ operation }) => [
    ...Object.values(operation.requestBody?.content ?? {}),
    ...Object.values(operation.responses).flatMap(({ content = {} }) => Object.values(content)),
  ]);
  const pairs = [
    ...media.flatMap(ofMedia),
    ...Object.values(schemas).flatMap((schema) =>
      (schema.examples ?? []).map((one) => [schema, one] as const),
    ),
  ];
  assert.ok(pairs.length > 40);
  for (const [schema, example] of pairs) assert.ok(isValid(schema, example), JSON.stringify(example));
  const [reservation, example] = [schemas['Reservation'], schemas['Reservation']?.examples?.[0]];
  assert.not(
    isValid(reservation ?? {}, { ...Object(example), status: 'perhaps' }),
    'the check itself can fail',
  );
});

test('/docs shows it to people, under a title of its own', async () => {
  const app = serverOf({ documentation });
  const { statusCode, headers, body } = await app.inject('/docs');
  assert.is(statusCode, 200);
  assert.match(String(headers['content-type']), /^text\/html/);
  assert.match(body, '<title>onsale API</title>');
  await app.close();
});

test('/docs asks for nothing that its own policy forbids', async () => {
  const app = serverOf({ documentation });
  const { headers, body } = await app.inject('/docs');
  const policy = String(headers['content-security-policy']);
  assert.match(policy, "default-src 'none'");
  assert.not.match(policy, /unsafe-|https?:|\*|upgrade-insecure-requests/);
  // The policy would need a hash for each inline script or style, and a line for each foreign address.
  assert.not.match(body, /<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:|https?:\/\//);
  const parts = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
  assert.ok(parts.length >= 6);
  for (const path of parts) {
    const part = await app.inject(new URL(path, 'http://onsale/docs').pathname);
    assert.is(part.statusCode, 200, path);
    assert.is(part.headers['content-security-policy'], policy, path);
  }
  // The other layout contains a logo with an inline style.
  const start = await app.inject('/docs/static/swagger-initializer.js');
  assert.match(start.body, '"layout":"BaseLayout"');
  await app.close();
});
