import { readFile } from 'node:fs/promises';
import { runCommandLine } from '../../src/cli/command-line.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('every verb of the command line');

const verbs = [
  'serve',
  'migrate',
  'adopt',
  'inspect',
  'parked',
  'redrive',
  'trace',
  'verify',
  'rebuild',
  'doctor',
  'rehearse',
  'config',
];

type Write = typeof process.stdout.write;

/** What it prints to where, in this process: none of these gets as far as a server. */
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

for (const verb of verbs)
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

for (const verb of verbs)
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
    [['parked', '--dismiss', '1/2-3'], 'wants --because'],
    [['parked', '--dismiss', '1/2-3', '--because', '  '], 'wants --because'],
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

test('the reference names every option that the help does', async () => {
  const page = await readFile(new URL('../../docs/reference/command-line.md', import.meta.url), 'utf8');
  for (const verb of verbs) {
    const { out } = await run(verb, '--help');
    const section = page.split(`## onsale ${verb}\n`)[1]?.split('\n## ')[0] ?? '';
    assert.ok(section !== '', `${verb} has a section`);
    for (const [, option = ''] of out.matchAll(/^ {2}(--[a-z-]+)/gm))
      if (option !== '--help') assert.match(section, option, `${verb} ${option}`);
  }
});
