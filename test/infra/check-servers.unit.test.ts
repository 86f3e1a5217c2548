import { checkDatabase, checkRedis } from '../../infra/local/check-servers.ts';
import { freePort } from '../../infra/local/free-port.ts';
import { assert, suite } from '../support/suite.ts';

const test = suite('servers that were given');

const refusal = async (checked: Promise<string>): Promise<string> => {
  try {
    return `accepted ${await checked}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

test('an unreachable Redis is named with the reason and without its password', async () => {
  const port = await freePort();
  const line = await refusal(checkRedis({ url: `redis://me:secret@127.0.0.1:${port}` }));
  assert.is(
    line,
    `REDIS_URL redis://me:***@127.0.0.1:${port} cannot be used: connect ECONNREFUSED 127.0.0.1:${port}`,
  );
});

test('an unreachable database is named with the reason and without its password', async () => {
  const port = await freePort();
  const line = await refusal(checkDatabase({ url: `mysql://me:secret@127.0.0.1:${port}/onsale` }));
  assert.is(
    line,
    `DATABASE_URL mysql://me:***@127.0.0.1:${port}/onsale cannot be used: connect ECONNREFUSED 127.0.0.1:${port}`,
  );
});

test('a URL of another kind is refused before anything is tried', async () => {
  const line = await refusal(checkRedis({ url: '127.0.0.1:6379' }));
  assert.is(line, 'REDIS_URL (not a URL) cannot be used: it must look like redis://host:port');
});
