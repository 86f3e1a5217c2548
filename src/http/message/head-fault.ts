import type { IncomingMessage } from 'node:http';
import type { Problem } from '../problems/problem.ts';

/** What is wrong with line and headers of a request, whatever it asks for; undefined when nothing is. */
export const headFault = (request: IncomingMessage): Problem | undefined => {
  const { headers, httpVersionMajor, httpVersionMinor } = request;
  // The parser takes 0.9 and 2.0 for versions of what it reads.
  if (httpVersionMajor !== 1) return otherVersion;
  const { host } = headers;
  if (host === undefined ? httpVersionMinor > 0 : !isHost.test(host)) return badHost;
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && (httpVersionMinor === 0 || coding.toLowerCase() !== 'chunked'))
    return badCoding;
  // For every request: a plain loop takes half the time of others.
  for (let at = 0; at < single.length; at += 1) {
    const one = single[at];
    if (one && isTwice(one.name, request)) return one.problem;
  }
  // One of HTTP/1.0 is not to be heeded (RFC 9110 §10.1.1).
  if (headers.expect !== undefined && httpVersionMinor > 0 && !isContinue(headers.expect))
    return otherExpectation;
  return undefined;
};

// uri-host [ ":" port ] of RFC 9110 §7.2. Two of them, joined, hold a blank, which none may.
const isHost = /^(?:\[[\da-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?$/i;

const named = (name: string): Problem => ({
  code: 'invalid-request',
  detail: `${name} may be sent once, and is here more often. Send one.`,
  errors: [{ pointer: name, detail: 'must not be sent twice' }],
});

/** Headers of which two contradict each other, and one alone would say something else. Lists may come in parts. */
const single: readonly { readonly name: string; readonly problem: Problem }[] = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'X-Customer-Id',
  'X-Admin',
  'X-Service',
].map((name) => ({ name: name.toLowerCase(), problem: named(name) }));

/** A comma may be part of the value: then the fields are counted. */
const isTwice = (name: string, { headers, rawHeaders }: IncomingMessage): boolean => {
  const value = headers[name];
  return (
    typeof value === 'string' &&
    value.includes(',') &&
    rawHeaders.filter((field, at) => at % 2 === 0 && field.toLowerCase() === name).length > 1
  );
};

/** A list, of which empty members mean nothing. */
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
