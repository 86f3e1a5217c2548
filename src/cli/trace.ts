import { parseShownSpans, type ShownSpan } from '../telemetry/traces/shown-span.ts';
import { traceText } from '../telemetry/traces/trace-text.ts';
import { findTrace, headlinesOf, msText, waterfallOf } from '../telemetry/traces/waterfall.ts';
import { complain, type ExitCode, exitCodes } from './print/exit-codes.ts';
import { jsonOf } from './print/print-json.ts';

const listedMax = 20;
const askMsMax = 5_000;

interface TraceOptions {
  readonly id: string | undefined;
  /** Where it runs. */
  readonly url: string | undefined;
  readonly json: boolean;
}

/** Shows one trace of a running `npm start`, by its id or by the id of a reservation or request; without one, the latest. */
export const trace = async (
  { id, url, json }: TraceOptions,
  environment: NodeJS.ProcessEnv,
): Promise<ExitCode> => {
  const address = url ?? `http://127.0.0.1:${environment['PORT'] || '3000'}`;
  const spans = await spansAt(address);
  if (!spans) {
    complain('trace', `no traces at ${address}: npm start keeps some, others with ONSALE_TRACES_VIEWED`);
    return exitCodes.failed;
  }
  if (id === undefined) process.stdout.write(listText(spans));
  else if (!show(spans, id, json ? 'json' : 'text')) {
    complain('trace', `no trace of ${id} is kept`);
    return exitCodes.failed;
  }
  return exitCodes.done;
};

const spansAt = async (address: string): Promise<readonly ShownSpan[] | undefined> => {
  try {
    const answer = await fetch(`${address}/traces.json`, { signal: AbortSignal.timeout(askMsMax) });
    return answer.ok ? parseShownSpans(await answer.text()) : undefined;
  } catch {
    return undefined;
  }
};

/** Resolves to whether there was one. */
const show = (spans: readonly ShownSpan[], id: string, form: 'json' | 'text'): boolean => {
  const traceId = findTrace(spans, id);
  if (traceId === undefined) return false;
  const waterfall = waterfallOf(spans, traceId);
  process.stdout.write(
    form === 'json' ? jsonOf(waterfall.rows.map(({ span }) => span)) : traceText(waterfall),
  );
  return true;
};

const listText = (spans: readonly ShownSpan[]): string =>
  headlinesOf(spans)
    .slice(0, listedMax)
    .map(({ traceId, name, startedMs, totalMs, failed }) => {
      const began = new Date(startedMs).toISOString();
      return `${traceId}  ${began}  ${msText(totalMs).padStart(7)} ms  ${name}${failed ? '  error' : ''}\n`;
    })
    .join('');
