import { type Outcome, otherAnswers } from './against/trial.ts';
import { type ByName, cpuWhile, microsEach } from './cpu-time.ts';
import { commonOf, cpuFigure } from './lines.ts';
import type { Measurement } from './measured.ts';
import type { Bench } from './parts/part.ts';
import { answeredIn, othersIn, sendPlan, unwantedIn } from './send-plan.ts';
import type { SendPlan, SendResult } from './sender/plan.ts';
import type { RunningSide, Side } from './sides/side.ts';

/** The result of a load that is answered without committing anything. */
export interface Answers {
  readonly result: SendResult;
  readonly perSecond: number;
  /** CPU time per answer, by process. */
  readonly cpuMicros: ByName;
}

export const measureAnswers = async (
  running: RunningSide,
  plan: SendPlan,
  { servers }: Bench,
): Promise<Answers> => {
  const pids = { ...running.pids(), ...servers.pids };
  const { result, cpuMs } = await cpuWhile(pids, () => sendPlan(plan));
  const answered = answeredIn(result);
  return { result, perSecond: answered / result.seconds, cpuMicros: microsEach(cpuMs, answered) };
};

/** Result of a trial. Unexpected answers have another cost, so they are reported as well. */
export const outcomeOfAnswers = ({ result, perSecond, cpuMicros }: Answers, status: number): Outcome => ({
  cpuMicros,
  figures: [{ figure: 'answered', unit: '/s', value: perSecond }, otherAnswers(othersIn(result, status))],
});

interface FigureWish {
  readonly part: string;
  readonly figure: string;
  readonly status: number;
  readonly note?: string;
}

/** Answers per second, and the cost of each. Other answers than the wanted one are in the note. */
export const answerLines = (
  { part, figure, status, note = '' }: FigureWish,
  side: Side,
  runs: readonly Answers[],
): readonly Measurement[] => {
  const common = commonOf(part, side);
  const unwanted = new Set(runs.map(({ result }) => unwantedIn(result, status)));
  return [
    {
      ...common,
      figure,
      unit: '/s',
      values: runs.map(({ perSecond }) => perSecond),
      note: [note, ...unwanted].filter((text) => text !== '').join(', '),
    },
    { ...common, ...cpuFigure(runs), figure: `${figure}, CPU` },
  ];
};
