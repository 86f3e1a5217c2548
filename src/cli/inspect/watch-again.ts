import type { Clock } from '../../domain/ports.ts';
import { type ExitCode, exitCodes } from '../print/exit-codes.ts';
import { timeText } from '../print/print-table.ts';

interface Refresh {
  readonly text: string;
  readonly code: ExitCode;
}

interface RefreshOptions {
  readonly everyMs: number;
  readonly stopping: AbortSignal;
  readonly json: boolean;
  readonly clock: Clock;
  /** Where it is shown. */
  readonly screen?: Screen;
}

/** A terminal has rows; a file or a pipe has none. */
interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly rows?: number | undefined;
  write(text: string, done: () => void): unknown;
  once(event: 'error', hear: () => void): unknown;
}

/**
 * Shows one look after the other until it is stopped: in a terminal each in place of the one before, elsewhere one below the
 * other, with its time. Resolves to the code of the last one. A look is begun after the one before it ended and was taken, so
 * nothing heaps up.
 */
export const lookAgain = async (
  look: () => Promise<Refresh>,
  watching: RefreshOptions,
): Promise<ExitCode> => {
  const { everyMs, stopping, json, clock, screen = process.stdout } = watching;
  const gone = new AbortController();
  // Whoever read along has left: `| head`.
  const leave = (): void => gone.abort();
  screen.once('error', leave);
  const ended = AbortSignal.any([stopping, gone.signal]);
  let code: ExitCode = exitCodes.done;
  do {
    const seen = await look();
    code = seen.code;
    // It has said why there is nothing to see, and will say so again.
    if (seen.text === '') return code;
    const at = timeText(clock.nowMs());
    await shown(screen, json ? seen.text : frameOf(screen, { text: seen.text, at, everyMs }), ended);
    if (!ended.aborted) await clock.sleep(everyMs, ended);
  } while (!ended.aborted);
  return code;
};

interface Frame {
  readonly text: string;
  readonly at: string;
  readonly everyMs: number;
}

const rowsUsually = 24;
const home = '\u001b[H';
const restOfLine = '\u001b[K';
const restOfScreen = '\u001b[J';

/** Written over the one before, line by line, so that nothing flickers; what does not fit is counted. */
const frameOf = ({ isTTY = false, rows = rowsUsually }: Screen, { text, at, everyMs }: Frame): string => {
  if (!isTTY) return `--- ${at}\n${text}\n`;
  const lines = [`${at}, every ${everyMs / 1_000} s until Ctrl-C`, '', ...text.trimEnd().split('\n')];
  // Some terminals do not know how high they are.
  const room = Math.max(3, (rows > 0 ? rows : rowsUsually) - 1);
  const fitting =
    lines.length <= room
      ? lines
      : [...lines.slice(0, room - 1), `… and ${lines.length - room + 1} more lines: --partition N shows one`];
  return `${home}${fitting.map((line) => `${line}${restOfLine}\n`).join('')}${restOfScreen}`;
};

/** Waits until it is taken, so that a reader who is slow is not ahead of what is kept for him; not beyond the end. */
const shown = (screen: Screen, text: string, ended: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      ended.removeEventListener('abort', done);
      resolve();
    };
    ended.addEventListener('abort', done);
    if (ended.aborted) done();
    else screen.write(text, done);
  });
