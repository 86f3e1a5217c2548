import type { Redis } from 'ioredis';
import { waitUntil } from '../../infra/local/wait-until.ts';
import { type AppenderOptions, newAppender } from '../../src/log/append.ts';
import { closeConnection, connect } from '../../src/log/connect.ts';
import type { RequestAppender } from '../../src/log/contract.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { silent } from './redis-log-world.ts';
import { requestOf } from './requests.ts';

type Appending = (world: { appender: RequestAppender; proxy: TcpProxy; producer: Redis }) => Promise<void>;

/** A test with an appender whose connection to the server a proxy stands in. */
export const appendingTo =
  (url: () => string) =>
  (body: Appending, options: Partial<AppenderOptions> = {}, commandMs = 200) =>
  async (): Promise<void> => {
    const proxy = await startTcpProxy(url());
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
  waitUntil(() => producer.status === 'ready', { limitMs: 5_000 });
