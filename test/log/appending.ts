import { Redis } from 'ioredis';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { type AppenderOptions, newAppender } from '../../src/log/append/append.ts';
import { closeConnection, connect } from '../../src/log/connection/connect.ts';
import { isReady } from '../../src/log/connection/readiness.ts';
import type { RequestAppender } from '../../src/log/contract.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';
import type { Suite } from '../support/suite.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { silent } from './redis-log-world.ts';
import { requestOf } from './requests.ts';

type AppendTest = (world: { appender: RequestAppender; proxy: TcpProxy; producer: Redis }) => Promise<void>;

/** A Redis of the suite's own, empty at the start of each test. */
export const emptyRedis = (test: Suite) => {
  let server: OwnServer;
  let redis: Redis;
  test.before(async () => {
    server = await startOwnRedis();
    redis = new Redis(server.url);
  });
  test.before.each(async () => {
    await redis.flushall();
  });
  test.after(async () => {
    await redis.quit();
    await server.remove();
  });
  return {
    get url(): string {
      return server.url;
    },
    get port(): number {
      return server.port;
    },
    get redis(): Redis {
      return redis;
    },
  };
};

/** A test with an appender whose connection to the server goes through a proxy. */
export const appendingTo =
  (server: { readonly url: string }) =>
  (body: AppendTest, options: Partial<AppenderOptions> = {}, commandMs = 1_000) =>
  async (): Promise<void> => {
    const proxy = await startTcpProxy(server.url);
    const producer = await connect({
      url: proxy.url,
      kind: 'producer',
      name: 'test',
      logger: silent,
      commandMs,
    });
    try {
      await body({
        appender: newAppender({ nodeOf: () => producer, durability: 'disk', ...options }),
        proxy,
        producer,
      });
    } finally {
      await closeConnection(producer);
      await proxy.close();
    }
  };

/** Appends in one turn of the event loop. */
export const many = (appender: RequestAppender, count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => appender.append(0, requestOf(0, n))));

export const isBack = (producer: Redis): Promise<boolean> =>
  waitUntil(() => isReady(producer), { limitMs: 5_000 });
