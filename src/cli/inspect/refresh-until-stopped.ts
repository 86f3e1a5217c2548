import type { Clock } from '../../domain/ports.ts';
import { type ExitCode, exitCodes } from '../print/exit-codes.ts';
import { type Pipe, readerGone, written } from '../print/pipe.ts';
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
  /** The output; stdout unless given. */
  readonly screen?: Screen;
}

/** A terminal has rows; a file or pipe has none. */
interface Screen extends Pipe {
  readonly isTTY?: boolean | undefined;
  readonly rows?: number | undefined;
}

/**
 * Refreshes until it is stopped. In a terminal each refresh replaces the one before; elsewhere they follow each other, each with
 * its time. Resolves to the exit code of the last one. A refresh begins only after the reader has taken the one before, so
 * nothing piles up.
 */
export const refreshUntilStopped = async (
  look: () => Promise<Refresh>,
  watching: RefreshOptions,
): Promise<ExitCode> => {
  const { everyMs, stopping, json, clock, screen = process.stdout } = watching;
  const ended = AbortSignal.any([stopping, readerGone(screen)]);
  let code: ExitCode = exitCodes.done;
  do {
    const seen = await look();
    code = seen.code;
    // The error was printed already, and the next refresh will print it again.
    if (seen.text === '') return code;
    const at = timeText(clock.nowMs());
    await written(screen, json ? seen.text : frameOf(screen, { text: seen.text, at, everyMs }), ended);
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

/** Overwrites the previous refresh line by line, to avoid flicker; lines that do not fit are counted. */
const frameOf = ({ isTTY = false, rows = rowsUsually }: Screen, { text, at, everyMs }: Frame): string => {
  if (!isTTY) return `--- ${at}\n${text}\n`;
  const lines = [`${at}, every ${everyMs / 1_000} s until Ctrl-C`, '', ...text.trimEnd().split('\n')];
  // Some terminals do not report their height.
  const room = Math.max(3, (rows > 0 ? rows : rowsUsually) - 1);
  const fitting =
    lines.length <= room
      ? lines
      : [...lines.slice(0, room - 1), `… and ${lines.length - room + 1} more lines: --partition N shows one`];
  return `${home}${fitting.map((line) => `${line}${restOfLine}\n`).join('')}${restOfScreen}`;
};
