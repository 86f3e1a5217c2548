import type { IncomingMessage } from 'node:http';
import type { Problem } from '../problems/problem.ts';

/**
 * The fault in the request line or the headers, whatever the request is for; undefined when there is none.
 */
export const headFault = (request: IncomingMessage): Problem | undefined => {
  const { headers, httpVersionMajor, httpVersionMinor } = request;
  // The parser also accepts versions 0.9 and 2.0.
  if (httpVersionMajor !== 1) return otherVersion;
  const { host } = headers;
  if (host === undefined ? httpVersionMinor > 0 : !isHost.test(host)) return badHost;
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && (httpVersionMinor === 0 || coding.toLowerCase() !== 'chunked'))
    return badCoding;
  // Runs for every request: a plain loop takes half the time of the alternatives.
  for (let at = 0; at < single.length; at += 1) {
    const one = single[at];
    if (one && isTwice(one.name, request)) return one.problem;
  }
  // Expect in an HTTP/1.0 request must be ignored (RFC 9110 §10.1.1).
  if (headers.expect !== undefined && httpVersionMinor > 0 && !isContinue(headers.expect))
    return otherExpectation;
  return undefined;
};

// uri-host [ ":" port ] of RFC 9110 §7.2. Two joined Host headers contain a blank, which no valid one does.
const isHost = /^(?:\[[\da-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?$/i;

const named = (name: string): Problem => ({
  code: 'invalid-request',
  detail: `${name} may be sent once, and is here more often. Send one.`,
  errors: [{ pointer: name, detail: 'must not be sent twice' }],
});

/**
 * Headers that may occur only once: two of them could contradict each other. Headers that are lists may be
 * sent in parts.
 */
const single: readonly { readonly name: string; readonly problem: Problem }[] = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'X-Customer-Id',
  'X-Admin',
  'X-Service',
].map((name) => ({ name: name.toLowerCase(), problem: named(name) }));

/** A comma may be part of a single value; so where there is one, the fields are counted. */
const isTwice = (name: string, { headers, rawHeaders }: IncomingMessage): boolean => {
  const value = headers[name];
  return (
    typeof value === 'string' &&
    value.includes(',') &&
    rawHeaders.filter((field, at) => at % 2 === 0 && field.toLowerCase() === name).length > 1
  );
};

/** The header is a list, in which empty members are ignored. */
const isContinue = (expect: string): boolean =>
  expect
    .toLowerCase()
    .split(',')
    .every((one) => ['', '100-continue'].includes(one.trim()));

const otherVersion: Problem = {
  code: 'invalid-request',
  detail: 'This speaks HTTP/1.1 and HTTP/1.0. Send one of them.',
};

const badHost: Problem = {
  code: 'invalid-request',
  detail: 'A request of HTTP/1.1 needs one Host header, with a host and, if need be, a port.',
  errors: [{ pointer: 'Host', detail: 'must be sent once, as host or host:port' }],
};

const badCoding: Problem = {
  code: 'invalid-request',
  detail:
    'Of transfer codings only chunked is understood, and in HTTP/1.1 only. Send the body with Content-Length.',
  errors: [{ pointer: 'Transfer-Encoding', detail: 'must be chunked' }],
};

const otherExpectation: Problem = {
  code: 'expectation-failed',
  detail: 'Expect may only be 100-continue. Send the request without it.',
};
