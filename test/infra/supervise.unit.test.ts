import { type ChildHandle, supervise } from '../../infra/local/supervise.ts';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('supervise');
const pauses = { first: 2, last: 16 };
const limitMs = 5_000;

interface MortalChild extends ChildHandle {
  readonly die: () => void;
}

const mortal = (pid: number, onStop: () => void = () => undefined): MortalChild => {
  let die = (): void => undefined;
  const exited = new Promise<void>((resolve) => {
    die = resolve;
  });
  const stop = async (): Promise<void> => {
    onStop();
    die();
  };
  return { pid, exited, stop, die };
};

test('what dies is started again, and both are said', async () => {
  const lines: string[] = [];
  const lives: MortalChild[] = [];
  const start = async (): Promise<ChildHandle> => {
    const life = mortal(lives.length + 1);
    lives.push(life);
    return life;
  };
  const supervised = await supervise({
    name: 'it',
    start,
    print: (line) => lines.push(line),
    random: () => 0.999,
    pauses,
  });
  lives[0]?.die();
  assert.ok(await waitUntil(() => lines.length === 2, { limitMs }));
  await supervised.stop();
  assert.equal(lines, ['it (pid 1) died; starting it again in 2 ms', 'it is running again (pid 2)']);
});

test('it waits ever longer, up to a limit, for what keeps failing', async () => {
  const lines: string[] = [];
  const first = mortal(1);
  let starts = 0;
  const start = async (): Promise<ChildHandle> => {
    starts += 1;
    if (starts === 1) return first;
    throw new Error('no');
  };
  const supervised = await supervise({
    name: 'it',
    start,
    print: (line) => lines.push(line),
    random: () => 0.999,
    pauses,
  });
  first.die();
  assert.ok(await waitUntil(() => lines.length >= 6, { limitMs }));
  await supervised.stop();
  const waited = lines.slice(0, 6).map((line) => Number(line.split(' ').at(-2)));
  assert.equal(waited, [2, 4, 8, 16, 16, 16]);
});

test('the jitter spreads a pause between half and all of it', async () => {
  for (const [random, expected] of [
    [0, '1 ms'],
    [0.999, '2 ms'],
  ] as const) {
    const lines: string[] = [];
    const first = mortal(1);
    const start = async (): Promise<ChildHandle> => first;
    const supervised = await supervise({
      name: 'it',
      start,
      print: (line) => lines.push(line),
      random: () => random,
      pauses,
    });
    first.die();
    assert.ok(await waitUntil(() => lines.length > 0, { limitMs }));
    await supervised.stop();
    assert.ok(lines[0]?.endsWith(expected));
  }
});

test('what is stopped stays stopped', async () => {
  let starts = 0;
  let stops = 0;
  const start = async (): Promise<ChildHandle> => {
    starts += 1;
    return mortal(starts, () => {
      stops += 1;
    });
  };
  const supervised = await supervise({ name: 'it', start, print: () => undefined, pauses });
  await supervised.stop();
  assert.equal([starts, stops], [1, 1]);
});

test('stopped while it is being started again, the new one is stopped too', async () => {
  const first = mortal(1);
  let second: MortalChild | undefined;
  let release = (): void => undefined;
  let starts = 0;
  let stopped = 0;
  const start = async (): Promise<ChildHandle> => {
    starts += 1;
    if (starts === 1) return first;
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    second = mortal(2, () => {
      stopped += 1;
    });
    return second;
  };
  const supervised = await supervise({ name: 'it', start, print: () => undefined, pauses });
  first.die();
  assert.ok(await waitUntil(() => starts === 2, { limitMs }));
  const stopping = supervised.stop();
  release();
  await stopping;
  assert.is(stopped, 1);
});

test('a first start that fails is the caller’s to hear', async () => {
  const start = (): Promise<ChildHandle> => Promise.reject(new Error('not installed'));
  const outcome = await supervise({ name: 'it', start, print: () => undefined }).catch(
    (error: unknown) => error,
  );
  assert.instance(outcome, Error);
});
