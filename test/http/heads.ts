/** Joins the lines of a head as they are sent. */
export const rawHead = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;

const get = 'GET /mine HTTP/1.1';
const post = 'POST /mine HTTP/1.1';
const host = 'Host: x';
const alice = 'X-Customer-Id: alice';
const json = 'Content-Type: application/json';
const chunked = 'Transfer-Encoding: chunked';
const lastChunk = '0\r\n\r\n';

/** A request that a server could misread, and the expected answer: a code, or 200. */
export type OddHead = readonly [what: string, bytes: string, answer: string | 200];

const reading = (what: string, answer: OddHead[2], ...lines: readonly string[]): OddHead => [
  what,
  rawHead(get, ...lines),
  answer,
];

const posting = (what: string, answer: OddHead[2], fields: readonly string[], body = lastChunk): OddHead => [
  what,
  rawHead(post, host, alice, json, ...fields) + body,
  answer,
];

const invalid = 'invalid-request';
const pairs = (count: number): readonly string[] => Array.from({ length: count }, () => 'a:b');

const hosts: readonly OddHead[] = [
  reading('no Host', invalid, alice),
  reading('two Hosts', invalid, host, 'Host: y', alice),
  reading('the same Host twice', invalid, host, host, alice),
  reading('two empty Hosts', invalid, 'Host:', 'Host:', alice),
  reading('a Host with a blank', invalid, 'Host: a b', alice),
  reading('a Host with a path', invalid, 'Host: a/b', alice),
  reading('a Host with a user', invalid, 'Host: u@x', alice),
  reading('a Host with a port that is none', invalid, 'Host: x:y', alice),
  reading('an empty Host', 200, 'Host:', alice),
  reading('a Host of IPv6, with a port', 200, 'Host: [::1]:3000', alice),
  reading('a Host with a comma', 200, 'Host: a,b', alice),
  ['no Host in HTTP/1.0', rawHead('GET /mine HTTP/1.0', alice), 200],
  ['two Hosts in HTTP/1.0', rawHead('GET /mine HTTP/1.0', host, host, alice), invalid],
];

const expectations: readonly OddHead[] = [
  posting('another expectation', 'expectation-failed', ['Expect: x', 'Content-Length: 2'], '{}'),
  posting(
    'another expectation beside 100-continue',
    'expectation-failed',
    ['Expect: 100-continue, x', 'Content-Length: 2'],
    '{}',
  ),
  posting(
    '100-continue-please',
    'expectation-failed',
    ['Expect: 100-continue-please', 'Content-Length: 0'],
    '',
  ),
  reading('another expectation without a body', 'expectation-failed', host, alice, 'Expect: x'),
  reading('an empty Expect', 200, host, alice, 'Expect:'),
  ['an Expect in HTTP/1.0', rawHead('GET /mine HTTP/1.0', alice, 'Expect: x'), 200],
];

const framings: readonly OddHead[] = [
  posting('a coding before chunked', invalid, ['Transfer-Encoding: gzip, chunked']),
  posting('a coding in a field before chunked', invalid, ['Transfer-Encoding: gzip', chunked]),
  posting('a coding behind chunked', invalid, ['Transfer-Encoding: chunked, gzip']),
  posting('a coding without chunked', invalid, ['Transfer-Encoding: gzip']),
  posting('the coding identity', invalid, ['Transfer-Encoding: identity']),
  posting('no coding', invalid, ['Transfer-Encoding:']),
  posting('a coding that is nearly chunked', invalid, ['Transfer-Encoding: xchunked']),
  posting('chunked twice', invalid, ['Transfer-Encoding: chunked, chunked']),
  posting('chunked in two fields', invalid, [chunked, chunked]),
  posting('chunked and a length', invalid, [chunked, 'Content-Length: 5']),
  posting('a length and chunked', invalid, ['Content-Length: 5', chunked]),
  posting('a length twice', invalid, ['Content-Length: 2', 'Content-Length: 2'], '{}'),
  posting('two lengths', invalid, ['Content-Length: 2, 2'], '{}'),
  posting('a length with a sign', invalid, ['Content-Length: +2'], '{}'),
  posting('an empty length', invalid, ['Content-Length:'], '{}'),
  posting('a length beyond all numbers', invalid, [`Content-Length: ${'9'.repeat(30)}`], '{}'),
  [
    'chunked in HTTP/1.0',
    rawHead('POST /mine HTTP/1.0', alice, json, 'Connection: keep-alive', chunked) + lastChunk,
    invalid,
  ],
  posting('chunked in capitals', 200, ['Transfer-Encoding: CHUNKED']),
];

const fields: readonly OddHead[] = [
  reading('two Authorization', invalid, host, alice, 'Authorization: Bearer a', 'authorization: Bearer b'),
  reading('two X-Customer-Id', invalid, host, alice, 'x-customer-id: bob'),
  reading('the same X-Customer-Id twice', invalid, host, alice, alice),
  reading('a customer id with a comma', 200, host, 'X-Customer-Id: doe, jane'),
  reading('two X-Admin', invalid, host, alice, 'X-Admin: true', 'X-Admin: false'),
  reading('two X-Service', invalid, host, alice, 'X-Service: true', 'X-Service: true'),
  posting('two Content-Type', invalid, ['Content-Type: text/plain', 'Content-Length: 0'], ''),
  posting(
    'two Idempotency-Key',
    invalid,
    ['Idempotency-Key: a', 'Idempotency-Key: b', 'Content-Length: 0'],
    '',
  ),
  reading('two If-None-Match, which is a list', 200, host, alice, 'If-None-Match: "a"', 'If-None-Match: "b"'),
  reading('a blank before the colon', invalid, host, alice, 'X : y'),
  reading('a folded line', invalid, host, alice, 'X: y', ' z'),
  reading('a line without a colon', invalid, host, alice, 'X'),
  reading('a NUL in a value', invalid, host, alice, 'X: a\0b'),
  reading(
    'a second customer behind 1,100 others',
    invalid,
    host,
    alice,
    ...pairs(1_100),
    'X-Customer-Id: bob',
  ),
  reading('more headers than 16 KiB hold', 'headers-too-large', host, alice, ...pairs(8_300)),
];

const lines: readonly OddHead[] = [
  ['bare line feeds', `${get}\n${host}\n\n`, invalid],
  ['HTTP/0.9', 'GET /mine\r\n\r\n', invalid],
  ['HTTP/1.2', rawHead('GET /mine HTTP/1.2', host, alice), invalid],
  ['HTTP/2.0 in the words of HTTP/1', rawHead('GET /mine HTTP/2.0', host, alice), invalid],
  ['what HTTP/2 begins with', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', invalid],
  ['what TLS begins with', '\x16\x03\x01\x02\x00\x01\x00\x01', invalid],
  ['CONNECT', rawHead('CONNECT x:443 HTTP/1.1', host), 'method-not-allowed'],
  ['TRACE', rawHead('TRACE /mine HTTP/1.1', host), 'method-not-allowed'],
  ['a method of no standard', rawHead('FOO /mine HTTP/1.1', host), invalid],
  ['a method in small letters', rawHead('get /mine HTTP/1.1', host), invalid],
  ['OPTIONS of everything', rawHead('OPTIONS * HTTP/1.1', host), 'not-found'],
  ['a whole address', rawHead('GET http://y/mine HTTP/1.1', host, alice), 200],
  [
    'a wrong method on a whole address',
    rawHead('DELETE HTTP://y/mine?a=b HTTP/1.1', host),
    'method-not-allowed',
  ],
  ['a host without a path', rawHead('GET http://y HTTP/1.1', host), 'not-found'],
  ['an address of another kind', rawHead('GET ftp://y/mine HTTP/1.1', host), 'not-found'],
  ['an address without a slash', rawHead('GET mine HTTP/1.1', host), invalid],
  ['an empty address with a query', rawHead('GET ?a HTTP/1.1', host), invalid],
  ['two slashes', rawHead('GET //mine HTTP/1.1', host), 'not-found'],
  ['a slash more', rawHead('GET /mine/ HTTP/1.1', host), 'not-found'],
  ['dots', rawHead('GET /x/../mine HTTP/1.1', host), 'not-found'],
  ['an encoded NUL', rawHead('GET /%00 HTTP/1.1', host), 'not-found'],
];

const protocols: readonly OddHead[] = [
  reading('an upgrade to WebSocket', 200, host, alice, 'Connection: Upgrade', 'Upgrade: websocket'),
  reading('an upgrade to HTTP/2', 200, host, alice, 'Connection: Upgrade', 'Upgrade: h2c'),
  posting(
    'an upgrade with a body',
    200,
    ['Connection: Upgrade', 'Upgrade: websocket', 'Content-Length: 2'],
    '{}',
  ),
];

export const oddHeads: readonly OddHead[] = [
  ...hosts,
  ...expectations,
  ...framings,
  ...fields,
  ...lines,
  ...protocols,
];
