import { logContract } from '../contract/log.contract.ts';
import { type OwnServer, startOwnRedis } from '../support/servers.ts';
import { suite } from '../support/suite.ts';
import { newRedisWorld } from './redis-log-world.ts';

let redis: OwnServer;

const contract = suite('the log contract, on Redis');
contract.before(async () => {
  redis = await startOwnRedis();
});
contract.after(() => redis.remove());

logContract(contract, () => newRedisWorld(redis.url));
