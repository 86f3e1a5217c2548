import { logContract } from '../contract/log.contract.ts';
import { suite } from '../support/suite.ts';
import { newMemoryWorld } from './memory-log-world.ts';

logContract(suite('the log contract, in memory'), newMemoryWorld);
