import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { parse } from 'yaml';
import { paths } from '../../infra/local/paths.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('workflows');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const parseText = (text: string): Workflow => parse(text) as Workflow;

const folder = join(paths.root, '.github/workflows');
const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  return { name, text, workflow: parseText(text) };
});
const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([job, content]) => ({ name: `${name}, ${job}`, content })),
);
const release = workflows.find(({ name }) => name === 'release.yml');

const text = Type.String({ minLength: 1 });
const scalar = Type.Union([text, Type.Number(), Type.Boolean()]);
const closed = <Fields extends Record<string, TSchema>>(fields: Fields): TSchema =>
  Type.Object(fields, { additionalProperties: false });
const permissions = Type.Record(text, Type.Enum(['read', 'write', 'none']));
const common = { id: Type.Optional(text), name: Type.Optional(text), if: Type.Optional(text) };
const env = Type.Optional(Type.Record(text, scalar));
const names = Type.Union([text, Type.Array(text)]);

const event = Type.Union([
  Type.Null(),
  closed({ branches: Type.Optional(names), tags: Type.Optional(names) }),
]);

/** The part of the workflow syntax that we use, copied from its reference. */
const schema = Compile(
  closed({
    name: text,
    // Never pull_request_target: it gives secrets to the author of any pull request.
    on: closed({ push: Type.Optional(event), pull_request: Type.Optional(event) }),
    permissions,
    concurrency: closed({ group: text, 'cancel-in-progress': Type.Boolean() }),
    jobs: Type.Record(
      Type.String({ pattern: '^[a-z_][a-z0-9_-]*$' }),
      closed({
        name: Type.Optional(text),
        needs: Type.Optional(names),
        'runs-on': text,
        'timeout-minutes': Type.Integer({ minimum: 1, maximum: 360 }),
        environment: Type.Optional(text),
        permissions: Type.Optional(permissions),
        strategy: Type.Optional(
          closed({ 'fail-fast': Type.Boolean(), matrix: Type.Record(text, Type.Array(scalar)) }),
        ),
        steps: Type.Array(
          Type.Union([
            closed({ ...common, env, uses: text, with: Type.Optional(Type.Record(text, scalar)) }),
            closed({ ...common, env, run: text }),
          ]),
          { minItems: 1 },
        ),
      }),
    ),
  }),
);

test('each is as its syntax wants it, and a job waits only for one that is there', () => {
  assert.ok(workflows.length >= 2);
  for (const { name, workflow } of workflows) {
    assert.equal([...schema.Errors(workflow)], [], name);
    for (const { needs = [] } of Object.values(workflow.jobs))
      for (const other of [needs].flat()) assert.ok(other in workflow.jobs, `${name}: ${other}`);
  }
});

test('a workflow with a key that nobody knows is found', () => {
  const content = release?.text.replace('timeout-minutes: 30', 'time-out: 30') ?? '';
  assert.is(schema.Check(parse(content)), false);
});

test('every action is one commit, with the version it is said to be', () => {
  for (const { name, text } of workflows)
    for (const [, action = ''] of text.matchAll(/uses: (.*)$/gm))
      assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, `${name}: ${action}`);
});

test('a workflow may do nothing, or read; what a job may write stands with the job', () => {
  for (const { name, workflow } of workflows)
    assert.ok(['{}', '{"contents":"read"}'].includes(JSON.stringify(workflow.permissions)), name);
  const writing = Object.entries(release?.workflow.jobs ?? {}).map(([job, { permissions = {} }]) => [
    job,
    Object.keys(permissions).filter((scope) => permissions[scope] === 'write'),
  ]);
  assert.equal(writing, [
    ['check', []],
    ['image', ['packages', 'id-token', 'attestations']],
    ['packages', ['id-token']],
    ['release', ['contents']],
  ]);
});

test('every job ends by itself, no checkout leaves a token behind, and no expression becomes part of a script', () => {
  for (const { name, content } of jobs) {
    assert.ok(content['timeout-minutes'], name);
    for (const { uses = '', run = '', with: given } of content.steps) {
      if (uses.startsWith('actions/checkout@')) assert.is(given?.['persist-credentials'], false, name);
      // Values of the matrix are our own; values from outside must be passed in a variable.
      assert.not.match(run.replaceAll(/\$\{\{ matrix\.\w+ \}\}/g, ''), /\$\{\{/, name);
    }
  }
});

test('what is published has provenance and bills of materials, and no address of a registry is written down', () => {
  const released = release?.text ?? '';
  for (const wanted of [
    'provenance: mode=max',
    'sbom: true',
    'npm publish --provenance',
    'npm sbom',
    'attest-build-provenance',
  ])
    assert.ok(released.includes(wanted), wanted);
  assert.not.match(released, /\bghcr\b|\bdocker\.io\b|npmjs/);
});
