import { once } from 'node:events';
import { createServer } from 'node:http';
import { inTurns } from '../in-turns.ts';
import { byAutocannon } from '../loaders.ts';
import { measureThroughput, warmSecondsOf } from '../measure-throughput.ts';
import { ourSide } from '../sides/our-side.ts';
import { throughputLines } from '../throughput-lines.ts';
import type { RunPart } from './part.ts';

/**
 * The cost of sending telemetry: traces of one request in a hundred, and metrics every five seconds, compared
 * with sending nothing.
 */
export const telemetry: RunPart = async (bench) => {
  const { quick, seconds = quick ? 3 : 15, rounds } = bench.asked;
  const collector = await startCollector();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_METRIC_EXPORT_INTERVAL: '5000' };
  const sides = [
    ourSide({ name: 'onsale, nothing sent' }),
    ourSide({ id: 'onsale-telling', name: 'onsale, traces and metrics by OTLP', env }),
  ];
  try {
    const measured = await inTurns(sides, rounds, (side) =>
      measureThroughput(side, { ...bench, load: byAutocannon, seconds, warmSeconds: warmSecondsOf(bench) }),
    );
    bench.say(`the collector was sent ${collector.received()} messages`);
    return [...measured].flatMap(([side, runs]) => throughputLines('telemetry', side, runs));
  } finally {
    collector.close();
  }
};

/** Accepts whatever is sent and stores nothing. */
const startCollector = async () => {
  let received = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      received += 1;
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the collector has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    received: () => received,
    close: () => server.close(),
  };
};
