import { readFile } from 'node:fs/promises';
import { allVerbs, runCommandLine } from '../../src/cli/command-line.ts';
import { parseArguments } from '../../src/cli/options/parse-arguments.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { commandLinePageUrl, withVerbs } from '../reference/command-line-page.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('every verb of the command line');

const names = verbs.map(({ name }) => name);

type Write = typeof process.stdout.write;

/** Runs a verb in this process; returns what it prints and where. None of these calls reaches a server. */
const run = async (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> => {
  const told = { out: '', err: '' };
  const write = { out: process.stdout.write, err: process.stderr.write };
  const noting =
    (where: 'out' | 'err'): Write =>
    (text: string | Uint8Array) => {
      told[where] += String(text);
      return true;
    };
  process.stdout.write = noting('out');
  process.stderr.write = noting('err');
  try {
    return { code: await runCommandLine(args), ...told };
  } finally {
    process.stdout.write = write.out;
    process.stderr.write = write.err;
  }
};

for (const verb of names)
  test(`${verb} helps whoever asks for help, however they ask, and does nothing else`, async () => {
    const asked = await run(verb, '--help');
    assert.equal([asked.code, asked.err], [0, '']);
    assert.ok(asked.out.startsWith(`usage: onsale ${verb}`), asked.out);
    for (const line of asked.out.split('\n')) assert.ok(line.length <= 100, line);
    for (const args of [
      [verb, '-h'],
      ['help', verb],
      [verb, '--nonsense', '--help'],
    ])
      assert.equal(await run(...args), asked, args.join(' '));
  });

const line = /^onsale [a-z]+: [^\n]+\n$/;

for (const verb of names)
  test(`${verb} refuses what it does not know, in one line and with 2`, async () => {
    const taking = verb === 'rehearse' ? ['http://127.0.0.1:1'] : [];
    for (const args of [['--no-such-option'], ['-x'], ['one', 'two', 'three']]) {
      const { code, out, err } = await run(verb, ...taking, ...args);
      assert.equal([code, out], [2, ''], `${verb} ${args.join(' ')}`);
      assert.match(err, line);
    }
  });

test('what takes nothing is refused with something, and a verb that there is none of', async () => {
  for (const args of [
    ['version', '--json'],
    ['help', 'nothing'],
    ['help', 'serve', 'migrate'],
  ]) {
    const { code, out, err } = await run(...args);
    assert.equal([code, out], [2, ''], args.join(' '));
    assert.match(err, line);
  }
  assert.equal(await run('sell'), {
    code: 2,
    out: '',
    err: 'onsale: there is no verb "sell"; try: onsale help\n',
  });
});

test('what goes with something else is refused without it', async () => {
  for (const [args, why] of [
    [['parked', '--dismiss', '1/2-3'], '--dismiss goes with --because'],
    [['parked', '--dismiss', '1/2-3', '--because', '  '], 'must be a text of 1 to 500 characters'],
    [['parked', '--dismiss', 'x', '--because', 'old'], 'not x'],
    [['parked', '--because', 'old'], 'goes with --dismiss'],
    [['parked', '--dismiss', '1/2-3', '--because', 'old', '--list'], 'exclude each other'],
    [['parked', '--restore', '1/2-3', '--because', 'old'], 'goes with --dismiss'],
    [['inspect', '--every', '5'], 'goes with --watch'],
    [['inspect', '--watch', '--every', '0'], '1 to 3600'],
  ] as const) {
    const { code, out, err } = await run(...args);
    assert.equal([code, out], [2, ''], args.join(' '));
    assert.match(err, why);
    assert.match(err, line);
  }
});

test('what is nearly right is answered with what was probably meant', async () => {
  for (const [args, meant] of [
    [['inspct'], 'onsale inspect'],
    [['--versio'], 'onsale version'],
    [['help', 'verfy'], 'verify'],
    [['inspect', '--wach'], '--watch'],
    [['inspect', '-json'], '--json'],
    [['parked', 'list'], '--list'],
    [['migrate', '--dry_run=yes'], '--dry-run'],
    [['serve', 'comand'], 'command'],
  ] as const) {
    const { code, err } = await run(...args);
    assert.equal(
      [code, err.includes(`did you mean: ${meant}?`) || err.includes(`did you mean ${meant}?`)],
      [2, true],
      err,
    );
  }
});

test('a value that is missing, wrong or in the wrong place is refused with what it must be', async () => {
  const here = 'http://127.0.0.1:1';
  for (const [args, why] of [
    [['inspect', '--partition'], '--partition wants N: the number of a partition'],
    [['inspect', '--partition', '--json'], '--partition wants N: the number of a partition'],
    [['inspect', '--partition=-1'], 'the number of a partition, not -1'],
    [['inspect', '--json=yes'], '--json takes no value'],
    [['redrive', '--reason', ''], '--reason must be a text, not nothing'],
    [
      ['redrive', '--id', '1/2'],
      '--id must be <partition>/<stream id>, as onsale parked --list prints it, not 1/2',
    ],
    [['redrive', '--limit', '10001'], '--limit must be a whole number from 1 to 10000, not 10001'],
    [['rebuild', 'shows'], '"shows" is too much'],
    [['serve'], '<roles…> is missing: any of command query projector'],
    [['rehearse'], '<url> is missing: the address of one running onsale'],
    [['rehearse', 'ftp://localhost'], '<url> must be the address of one running onsale'],
    [['rehearse', 'http://'], '<url> must be the address'],
    [['rehearse', here, here], 'is too much'],
    [['rehearse', here, '--customers', '1.5'], '--customers must be a whole number from 1 to 1000000'],
    [['rehearse', here, '--rate', 'many'], '--rate must be a number from 1 to 20000, not many'],
    [['rehearse', here, '--minutes', '61'], '--minutes must be a number from 0.02 to 60'],
    [['rehearse', 'https://tickets.example'], 'say --yes if that is meant'],
    [['config', 'query', 'cook'], '<roles…> must be any of command query projector, not cook'],
  ] as const) {
    const { code, out, err } = await run(...args);
    assert.equal([code, out], [2, ''], args.join(' '));
    assert.ok(err.includes(why), err);
    assert.match(err, line);
  }
});

test('what came from outside does not speak to the terminal, at no length, and a secret is not repeated', async () => {
  const loud = await run('inspect', '--partition', `\u001b[2J${'x'.repeat(1_000)}`);
  assert.ok(loud.err.includes('\\u{1b}[2J') && loud.err.length < 400, loud.err);
  assert.not.match((await run('rehearse', 'http://127.0.0.1:1', '--token', 'my secret')).err, 'my secret');
});

test('an option that may be repeated has all that was given, any other the last', () => {
  const parked = verbs.find(({ name }) => name === 'parked');
  assert.ok(parked);
  const args = ['--restore', '1/2-3', '--limit', '5', '--restore=4/5-6', '--limit=7'];
  const typed = parseArguments(parked, args);
  assert.ok('options' in typed);
  const { restore, limit, list, show } = typed.options;
  assert.equal(restore, [
    { partition: 1, streamId: '2-3' },
    { partition: 4, streamId: '5-6' },
  ]);
  assert.equal([limit, list, show], [7, false, undefined]);
});

test('the table holds together: what goes with what is there, what is left out may be so, and the list of verbs fits a terminal', async () => {
  assert.is(new Set(allVerbs.map(({ name }) => name)).size, allVerbs.length);
  for (const { name, options, exclusive = [] } of allVerbs) {
    const others = Object.values(options).flatMap(({ goesWith }) => goesWith ?? []);
    for (const other of [...others, ...exclusive])
      assert.ok(Object.hasOwn(options, other), `${name} ${other}`);
    for (const option of Object.values(options))
      if (option.type === 'string' && option.default !== undefined)
        assert.ok(option.value.parse(option.default) !== undefined, `${name} ${option.default}`);
  }
  const overview = await run('help');
  for (const each of overview.out.split('\n')) assert.ok(each.length <= 104 && !/^ {4}/.test(each), each);
});

test('the reference is what npm run reference writes of the table', async () => {
  const page = await readFile(commandLinePageUrl, 'utf8');
  assert.is(page, withVerbs(page));
});
