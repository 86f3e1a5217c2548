import type { TcpProxy } from '../support/tcp-proxy.ts';
import { type Fault, type FaultReport, nothingSeen, type Victims } from './faults.ts';
import type { PlannedFault } from './schedule.ts';
import { seededRandom } from './seeded-random.ts';

type WireFault = (wire: TcpProxy, planned: PlannedFault, victims: Victims) => Promise<FaultReport>;

const cut: WireFault = async (wire, { forMs }, { pause }) => {
  wire.refuse();
  wire.cut();
  try {
    await pause(forMs);
  } finally {
    wire.accept();
  }
  return nothingSeen;
};

const slowed: WireFault = async (wire, { forMs, strength }, { pause }) => {
  wire.delay(strength);
  try {
    await pause(forMs);
  } finally {
    wire.delay(0);
  }
  return nothingSeen;
};

/** The request is executed, and the client only notices that the connection broke. */
const losesReplies =
  (to: string): WireFault =>
  async (wire, { forMs, strength, target }, { pause }) => {
    const random = seededRandom(target);
    let lost = 0;
    wire.treat = (packet) => {
      if (random() * 1_000 >= strength || !packet.includes(to)) return 'pass';
      lost += 1;
      return 'cut-after';
    };
    try {
      await pause(forMs);
    } finally {
      wire.treat = () => 'pass';
    }
    return { notes: [`${lost} replies lost`], wrong: [] };
  };

export const cutRedis: Fault = (planned, victims) => cut(victims.redis.proxy, planned, victims);
export const cutMariadb: Fault = (planned, victims) => cut(victims.mariadb.proxy, planned, victims);
export const delayRedis: Fault = (planned, victims) => slowed(victims.redis.proxy, planned, victims);
export const delayMariadb: Fault = (planned, victims) => slowed(victims.mariadb.proxy, planned, victims);
export const loseRepliesOfRedis: Fault = (planned, victims) =>
  losesReplies('')(victims.redis.proxy, planned, victims);
export const loseRepliesOfMariadb: Fault = (planned, victims) =>
  losesReplies('COMMIT')(victims.mariadb.proxy, planned, victims);
