import { newClient } from '../../src/client/client.ts';
import { noAnswerText } from '../../src/client/no-answer.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('client: what a browser hides');

const service = 'https://tickets.example';
const url = `${service}/v1/reservations`;

/** Runs `body` as if in a page of that origin. */
const inPage = <Value>(origin: string, body: () => Value): Value => {
  Object.defineProperty(globalThis, 'location', { value: { origin }, configurable: true });
  try {
    return body();
  } finally {
    Reflect.deleteProperty(globalThis, 'location');
  }
};

// The messages of Chromium, Firefox and Safari.
const hidden = ['Failed to fetch', 'NetworkError when attempting to fetch resource.', 'Load failed'];

for (const message of hidden) {
  test(`"${message}" in a page of another origin names CORS, the setting and the origin it must name`, () => {
    const text = inPage('https://shop.example', () => noAnswerText(url, new TypeError(message)));
    assert.match(text, `no answer from ${url}`);
    assert.match(text, /CORS, if ONSALE_CORS_ORIGINS of the service does not name https:\/\/shop\.example;/);
    assert.not.match(text, 'a page of https');
  });
}

test('in a page of the service’s own origin it is not CORS', () => {
  assert.is(
    inPage(service, () => noAnswerText(url, new TypeError('Failed to fetch'))),
    `no answer from ${url}`,
  );
});

test('a page of https that calls an address of http is told that this is forbidden', () => {
  const text = inPage('https://shop.example', () =>
    noAnswerText('http://tickets.example/', new TypeError('Failed to fetch')),
  );
  assert.match(text, 'a page of https may not call an address of http');
});

test('Node says why it had no answer, and is not told of CORS', async () => {
  const nobody = newClient({ baseUrl: 'http://127.0.0.1:1', retrying: { triesMax: 1 } });
  const answer = await nobody.show('s');
  assert.is(answer.status === 0 && answer.problem.code, 'unreachable');
  assert.ok(!answer.ok && !answer.problem.detail.includes('CORS'));
});

test('a command that the browser hid the answer of names its key beside CORS', async () => {
  const client = newClient({
    baseUrl: service,
    retrying: { triesMax: 1 },
    fetch: () => Promise.reject(new TypeError('Failed to fetch')),
  });
  const answer = await client.cancel('r');
  assert.ok(!answer.ok && answer.problem.detail.includes('ONSALE_CORS_ORIGINS'));
  assert.ok(!answer.ok && answer.problem.detail.includes(`the same key, "${answer.key}"`));
});
