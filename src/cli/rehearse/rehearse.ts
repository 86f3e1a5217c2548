import { complain, type ExitCode, exitCodes, type Misuse } from '../print/exit-codes.ts';
import { jsonOf } from '../print/print-json.ts';
import { realClock, realRandom } from '../system.ts';
import { checkPromises } from './check-promises.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { nameBottleneck } from './name-bottleneck.ts';
import { adminClient, openShow } from './open-stage.ts';
import { type Rehearsal, type RehearseOptions, readPlan } from './plan.ts';
import { play } from './play.ts';
import { type Report, textOf } from './report.ts';

/**
 * Runs a sale of a show of its own against a running deployment, by HTTP alone. Then closes the show and reports which promises
 * were kept and what gave way first. Resolves to the exit code.
 */
export const rehearse = async (
  options: RehearseOptions,
  environment: NodeJS.ProcessEnv,
): Promise<ExitCode | Misuse> => {
  const rehearsal = readPlan(options, environment);
  if (typeof rehearsal === 'string') return { misuse: rehearsal };
  const report = await reportOf(rehearsal);
  if (typeof report === 'string') {
    complain('rehearse', report);
    return exitCodes.failed;
  }
  process.stdout.write(rehearsal.json ? jsonOf(report) : textOf(report));
  return exitCodeOf(report);
};

const exitCodeOf = ({ verdict, interrupted, bottleneck }: Report): ExitCode => {
  if (verdict === 'broken') return exitCodes.attention;
  if (verdict === 'not verified' || interrupted) return exitCodes.failed;
  return bottleneck.gaveWay === 'nothing' ? exitCodes.done : exitCodes.attention;
};

/** The report, or a message that says why the rehearsal could not run. */
const reportOf = async (rehearsal: Rehearsal): Promise<Report | string> => {
  const { plan } = rehearsal;
  const clock = realClock;
  const client = adminClient(rehearsal);
  const stopping = listenForInterrupt();
  const show = await openShow(client, plan, clock);
  if (typeof show === 'string') return show;
  say(`opened show ${show.id}; playing ${plan.seconds} s, then closing it (Ctrl-C: now)`);
  const played = await play({
    rehearsal,
    client,
    showId: show.id,
    clock,
    random: realRandom,
    stopping,
    onProgress: (sent, unanswered) => say(`${sent} of ${plan.requests} sent, ${unanswered} under way`),
  });
  say(`closing the show, and waiting up to ${plan.holdSeconds} s for the last holds to lapse`);
  const evidence = await gatherEvidence(played, { client, plan, showId: show.id, clock });
  const { customers, ratePerSecond, seconds, holdSeconds } = plan;
  const common = {
    url: plan.url,
    showId: show.id,
    asked: { customers, ratePerSecond, seconds, holdSeconds },
    interrupted: played.interrupted,
    figures: played.figures,
    bottleneck: nameBottleneck(played.figures),
  };
  if (typeof evidence === 'string')
    return { ...common, pools: show.pools, promises: [], verdict: 'not verified', because: evidence };
  const promises = checkPromises(evidence);
  const isKept = promises.every(({ broken }) => broken.length === 0);
  return { ...common, pools: evidence.show.pools, promises, verdict: isKept ? 'kept' : 'broken' };
};

/** Progress goes to stderr: only the report goes to stdout. */
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Aborted by the first Ctrl-C or SIGTERM; the show is still closed then. The second one ends the process at once. */
const listenForInterrupt = (): AbortSignal => {
  const stopping = new AbortController();
  const stop = (): void => {
    if (stopping.signal.aborted) process.exit(exitCodes.failed);
    stopping.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return stopping.signal;
};
