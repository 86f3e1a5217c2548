import type { ShownSpan } from './shown-span.ts';
import {
  findTrace,
  type Headline,
  headlinesOf,
  msText,
  type Row,
  type Waterfall,
  waterfallOf,
} from './waterfall.ts';

/** The page at /traces: the latest traces of this machine, or one of them; undefined when that one is not kept (any more). */
export const tracePage = (spans: readonly ShownSpan[], id: string | undefined): string | undefined => {
  if (id === undefined) return page('Traces', list(headlinesOf(spans)));
  const traceId = findTrace(spans, id);
  return traceId === undefined ? undefined : page(`Trace ${traceId}`, picture(waterfallOf(spans, traceId)));
};

const style = `
  body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #1c2733; }
  a { color: #0b5cad; text-decoration: none } a:hover { text-decoration: underline }
  table { border-collapse: collapse; width: 100% } th { text-align: left; font-weight: 600 }
  td, th { padding: .2rem .6rem .2rem 0; vertical-align: top; white-space: nowrap }
  tr + tr td { border-top: 1px solid #e6eaee }
  .lane { width: 55%; position: relative; height: 1.5rem; padding: 0 }
  .bar { position: absolute; top: .35rem; height: .8rem; border-radius: 2px; background: #4b8bd4; min-width: 2px }
  .command, .query { background: #4b8bd4 } .projector { background: #3fa37c } .failed { background: #c8473d }
  .facts { color: #5a6774; font-size: 12px; white-space: normal } .error { color: #c8473d }
  @media (prefers-color-scheme: dark) { body { background: #14191f; color: #d7dee6 } a { color: #7db4f0 } tr + tr td { border-color: #2a323b } }`;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)} · onsale</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head>
<body><h1>${escaped(title)}</h1>${body}</body></html>
`;

const list = (headlines: readonly Headline[]): string =>
  headlines.length === 0
    ? '<p>None yet. Make a reservation, and load this page again.</p>'
    : `<p>The latest that this machine keeps in memory, newest first.</p>
<table><tr><th>began</th><th>what</th><th>took</th><th>spans</th></tr>${headlines.map(headline).join('')}</table>`;

const headline = ({ traceId, name, startedMs, totalMs, spans, failed }: Headline): string =>
  `<tr><td>${new Date(startedMs).toISOString().slice(11, 23)}</td><td><a href="/traces/${escaped(traceId)}">${escaped(name)}</a>${
    failed ? ' <span class="error">error</span>' : ''
  }</td><td>${msText(totalMs)} ms</td><td>${spans}</td></tr>`;

const picture = ({ rows, startedMs, totalMs, related }: Waterfall): string => `
<p><a href="/traces">All traces</a> · ${new Date(startedMs).toISOString()} · ${msText(totalMs)} ms</p>
<table><tr><th>what happened</th><th>at</th><th>took</th><th class="lane"></th></tr>${rows.map(row).join('')}</table>
${related.length > 0 ? `<p>Decided together with others in ${related.map(link).join(', ')}.</p>` : ''}`;

const link = (traceId: string): string =>
  `<a href="/traces/${escaped(traceId)}">batch ${escaped(traceId.slice(0, 8))}</a>`;

const row = ({ span, depth, startMs, durationMs, left, width }: Row): string => {
  const colour = span.error === undefined ? (span.process.split(' ')[0] ?? '') : 'failed';
  const place = `left:${percent(left)};width:${percent(Math.min(width, 1 - left))}`;
  return `<tr><td style="padding-left:${depth * 1.2}rem">${escaped(span.name)}<div class="facts">${facts(span)}</div></td>
<td>${msText(startMs)} ms</td><td>${msText(durationMs)} ms</td>
<td class="lane"><div class="bar ${escaped(colour)}" style="${place}" title="${escaped(span.process)}"></div></td></tr>`;
};

/** Plain labels: the names of the conventions mean little to a first-time reader. */
const labels: Readonly<Record<string, string>> = {
  'http.response.status_code': 'answered',
  'messaging.message.id': 'stream id',
  'messaging.destination.partition.id': 'partition',
  'messaging.batch.message_count': 'entries',
  'onsale.request.id': 'request',
  'onsale.decision': 'decision',
  'onsale.reason': 'reason',
  'onsale.position': 'position',
  'onsale.batch.decisions': 'decisions in the transaction',
  'onsale.kept': 'kept because',
};

const facts = ({ kind, process, attributes, error }: ShownSpan): string =>
  [
    `${escaped(process)}, ${escaped(kind)}`,
    ...Object.entries(labels).flatMap(([name, word]) =>
      attributes[name] === undefined ? [] : [`${word} ${escaped(String(attributes[name]))}`],
    ),
    ...(error === undefined ? [] : [`<span class="error">${escaped(error)}</span>`]),
  ].join(' · ');

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Errors and ids may contain text that a client sent. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
