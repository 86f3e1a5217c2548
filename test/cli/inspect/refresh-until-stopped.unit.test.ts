import { EventEmitter } from 'node:events';
import { refreshUntilStopped } from '../../../src/cli/inspect/refresh-until-stopped.ts';
import { exitCodes } from '../../../src/cli/print/exit-codes.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('inspect --watch');

interface ScreenScript {
  readonly isTTY?: boolean;
  readonly rows?: number;
  readonly json?: boolean;
  /** The text of each refresh; it is stopped at the last one. */
  readonly texts: readonly string[];
}

const watched = async ({
  texts,
  json = false,
  ...kind
}: ScreenScript): Promise<{ written: string[]; code: number; slept: number[] }> => {
  const stopping = new AbortController();
  const written: string[] = [];
  const slept: number[] = [];
  const emitter = new EventEmitter();
  const screen = Object.assign(emitter, {
    ...kind,
    write: (text: string, done: () => void): void => {
      written.push(text);
      done();
    },
  });
  const codes = [exitCodes.done, exitCodes.failed, exitCodes.wrong, exitCodes.attention];
  let looks = 0;
  const code = await refreshUntilStopped(
    async () => {
      const text = texts[looks] ?? '';
      looks += 1;
      return { text, code: codes[looks] ?? exitCodes.done };
    },
    {
      everyMs: 2_000,
      stopping: stopping.signal,
      json,
      screen,
      clock: {
        nowMs: () => 0,
        monotonicMs: () => 0,
        sleep: async (ms) => {
          slept.push(ms);
          if (looks === texts.length) stopping.abort();
        },
      },
    },
  );
  return { written, code, slept };
};

test('shows one look after the other until it is stopped, and ends with the code of the last', async () => {
  const { written, code, slept } = await watched({ texts: ['a\n', 'b\n', 'c\n'] });
  assert.equal(
    written,
    ['a', 'b', 'c'].map((text) => `--- 1970-01-01T00:00:00.000Z\n${text}\n\n`),
  );
  assert.equal([code, slept], [3, [2_000, 2_000, 2_000]]);
});

test('in a terminal each stands in place of the one before, and no more than fits', async () => {
  const text = Array.from({ length: 30 }, (_, at) => `line ${at}\n`).join('');
  const { written } = await watched({ isTTY: true, rows: 10, texts: [text] });
  const [frame = ''] = written;
  assert.ok(frame.startsWith('\u001b[H'));
  assert.is(frame.split('\n').length, 10);
  assert.match(frame, 'and 24 more lines');
});

test('documents come one a line, and nothing between them', async () => {
  assert.equal((await watched({ json: true, texts: ['{}\n', '{}\n'] })).written, ['{}\n', '{}\n']);
});

test('ends at once where there is nothing to see', async () => {
  assert.equal(await watched({ texts: [''] }), { written: [], code: 1, slept: [] });
});

test('ends when whoever read along has left', async () => {
  const emitter = new EventEmitter();
  const screen = Object.assign(emitter, {
    write: (): boolean => emitter.emit('error', new Error('EPIPE')),
  });
  const clock = { nowMs: () => 0, monotonicMs: () => 0, sleep: async () => undefined };
  const look = async () => ({ text: 'a', code: exitCodes.attention });
  const options = { everyMs: 1, stopping: new AbortController().signal, json: false, clock, screen };
  assert.is(await refreshUntilStopped(look, options), 3);
});
