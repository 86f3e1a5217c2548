import type { Scrape } from '../../http/ops-routes.ts';
import type { TraceViews } from '../../http/trace-routes.ts';
import { contentTypes, exposition, type Format, formatFor } from '../../telemetry/metrics/exposition.ts';
import { mergeExpositions } from '../../telemetry/metrics/merge-expositions.ts';
import type { Telemetry } from '../../telemetry/open-telemetry.ts';
import { parseShownSpans, type ShownSpan } from '../../telemetry/traces/shown-span.ts';
import { tracePage } from '../../telemetry/traces/trace-page.ts';

/** Answers with the telemetry of this process, alone or together with its peers. */
export interface TelemetryViews {
  readonly metrics: (accept: string | undefined) => Promise<Scrape>;
  /** Absent where no traces are kept. */
  readonly traces?: TraceViews;
}

interface TelemetryRoutes {
  readonly telemetry: Telemetry;
  readonly roles: string;
  /** Ops ports of other processes on this machine. */
  readonly peers: readonly string[];
}

const peerMsMax = 2_000;

export const showTelemetry = ({ telemetry, roles, peers }: TelemetryRoutes): TelemetryViews => {
  const { registry, spans } = telemetry;
  const allSpans = async (): Promise<readonly ShownSpan[]> => {
    const others = await Promise.all(peers.map((peer) => spansOf(peer)));
    return [...(spans?.all() ?? []), ...others.flat()];
  };
  return {
    metrics: async (accept) => {
      const format = formatFor(accept);
      const own = exposition(registry.collect(), { format, common: { role: roles } });
      const others = await Promise.all(peers.map((peer) => metricsOf(peer, format)));
      const text = peers.length === 0 ? own : mergeExpositions([own, ...others], format);
      return { contentType: contentTypes[format], text };
    },
    ...(spans && {
      traces: {
        page: async (id) => tracePage(await allSpans(), id),
        json: async () => JSON.stringify(await allSpans()),
      },
    }),
  };
};

/** A process that does not answer is left out; the others are shown. */
const ask = async (url: string, accept: string): Promise<string | undefined> => {
  try {
    const answer = await fetch(url, { headers: { accept }, signal: AbortSignal.timeout(peerMsMax) });
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
};

const metricsOf = async (peer: string, format: Format): Promise<string> =>
  (await ask(`${peer}/metrics`, contentTypes[format])) ?? '';

const spansOf = async (peer: string): Promise<readonly ShownSpan[]> => {
  const text = await ask(`${peer}/traces.json`, 'application/json');
  return text === undefined ? [] : parseShownSpans(text);
};
