import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';
import { newRegistry } from '../../../src/telemetry/metrics/registry.ts';
import { observeHttp } from '../../../src/telemetry/observe-http.ts';
import { parsePeerId, peerEntries } from './catalogue.ts';
import type { PeerOptions } from './peer.ts';
import { newPeerServer } from './peer-server.ts';

// One process of a peer: `serve.ts <peer> api` or `serve.ts <peer> worker`; sends "ready" to its parent.
const [, , name, role] = process.argv;
const entry = peerEntries[parsePeerId(name)];
const { PORT, REDIS_URL = '', DATABASE_URL = '', CAPACITY } = process.env;

const options: PeerOptions = {
  // Commands of one turn of the event loop are written together; not in a worker, which blocks on its
  // connection.
  redis: new Redis(REDIS_URL, { enableAutoPipelining: role === 'api', maxRetriesPerRequest: null }),
  database: createPool({ uri: DATABASE_URL, connectionLimit: entry.poolSize }),
  capacity: Number(CAPACITY),
};

const serve = async (): Promise<() => Promise<void>> => {
  if (role === 'worker') {
    const worker = await entry.openWorker?.(options);
    return async () => await worker?.close();
  }
  const peer = await entry.open(options);
  const observer = observeHttp({ registry: newRegistry(), slowMs: Number.POSITIVE_INFINITY });
  const app = newPeerServer(peer.buy, entry.observed && observer);
  await app.listen({ host: '127.0.0.1', port: Number(PORT) });
  return async () => {
    await app.close();
    await peer.close();
  };
};

const close = await serve();
const stop = async (): Promise<void> => {
  await close();
  options.redis.disconnect();
  await options.database.end();
  process.exit(0);
};
process.once('SIGTERM', () => void stop());
// The parent has ended, perhaps by a kill -9.
process.once('disconnect', () => process.exit(1));
process.send?.('ready');
