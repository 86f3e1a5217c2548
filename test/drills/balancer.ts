import { setTimeout as delay } from 'node:timers/promises';
import type { Ownership } from '../chaos/owned.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import type { GaleraNode } from './galera-cluster.ts';

const everyMs = 250;
const answerMsMax = 3_000;

/**
 * The balancer between processes and nodes. Each name leads to one node, the first in its order that is
 * ready, and stays there while that node is ready. Connections to another node are cut, as `on-marked-down
 * shutdown-sessions` does in HAProxy.
 */
export const startNames = async (
  owned: Ownership,
  orders: readonly (readonly GaleraNode[])[],
): Promise<readonly TcpProxy[]> => {
  const names: { readonly proxy: TcpProxy; readonly order: readonly GaleraNode[]; at: GaleraNode }[] = [];
  for (const order of orders) {
    const [at] = order;
    if (at === undefined) throw new Error('a name leads nowhere');
    names.push({ proxy: await owned.own(startTcpProxy(at.server.url), (it) => it.close()), order, at });
  }
  let stopped = false;
  const looking = (async () => {
    while (!stopped) {
      const ready = new Set<GaleraNode>();
      const look = async (node: GaleraNode): Promise<void> => {
        if (await answered(node)) ready.add(node);
      };
      await Promise.all([...new Set(orders.flat())].map(look));
      for (const name of names) {
        const next = ready.has(name.at) ? name.at : name.order.find((node) => ready.has(node));
        if (next === undefined || next === name.at) continue;
        name.at = next;
        name.proxy.pointTo(next.server.port);
        name.proxy.cut();
      }
      await delay(everyMs);
    }
  })();
  const stop = async (): Promise<void> => {
    stopped = true;
    await looking;
  };
  await owned.own(stop, (end) => end());
  return names.map(({ proxy }) => proxy);
};

const answered = async (node: GaleraNode): Promise<boolean> => {
  const late = delay(answerMsMax, false, { ref: false });
  return await Promise.race([node.isReady().catch(() => false), late]);
};
