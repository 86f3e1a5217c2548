import type { Config } from '../../config.ts';
import { openNodes } from '../../log/cluster/open-nodes.ts';
import type { RedisNodes } from '../../log/connection/nodes.ts';
import { endOwnership, markMoved, overwritePair } from '../../log/pair/adopt-pair.ts';
import { storedPair } from '../../log/pair/pair.ts';
import { maskUrl } from '../../shared/mask-url.ts';
import { type AdoptionStore, openAdoptionStore } from '../../store/pair/adopt-pair.ts';
import { newLogger } from '../../telemetry/logger.ts';
import { shortId } from '../pair/pair-line.ts';
import { complain, type ExitCode, exitCodes, type Misuse } from '../print/exit-codes.ts';
import { readConfig } from '../read-config.ts';
import { realClock as clock, newProcessId } from '../system.ts';
import {
  findLiveProcesses,
  type LiveProcesses,
  type PartitionAdoption,
  surveyAdoption,
} from './survey-adoption.ts';

interface AdoptOptions {
  /** Writes a new id into both halves. */
  readonly new: boolean;
  /** Carries it out. Without it, only the plan for each partition is printed. */
  readonly yes: boolean;
  readonly 'moved-from': string | undefined;
}

interface Servers {
  readonly nodes: RedisNodes;
  readonly store: AdoptionStore;
  /** The Redis that the pair moves away from. */
  readonly old?: RedisNodes;
}

/** Makes this Redis and this database a pair. Without --yes it only prints what would happen to each partition. */
export const adopt = async (
  options: AdoptOptions,
  environment: NodeJS.ProcessEnv,
): Promise<ExitCode | Misuse> => {
  const config = readConfig(environment, ['redisUrl', 'databaseUrl']);
  if (!config) return exitCodes.wrong;
  if (options['moved-from'] === config.redisUrl)
    return { misuse: '--moved-from names the Redis of REDIS_URL; it wants the one that the pair leaves' };
  return await withServers(config, options, (servers) => adoptWith(servers, config, options));
};

const withServers = async (
  config: Config,
  { 'moved-from': movedFrom }: AdoptOptions,
  work: (servers: Servers) => Promise<ExitCode>,
): Promise<ExitCode> => {
  // Silent: errors are reported by this verb itself.
  const logger = newLogger({ level: 'silent', roles: ['adopt'] });
  const open = (url: string): Promise<RedisNodes> => openNodes({ url, name: newProcessId(), logger });
  const nodes = await open(config.redisUrl);
  let old: RedisNodes | undefined;
  let store: AdoptionStore | undefined;
  try {
    old = movedFrom === undefined ? undefined : await open(movedFrom);
    store = await openAdoptionStore(config.databaseUrl);
    return await work({ nodes, store, ...(old && { old }) });
  } finally {
    store?.close();
    await Promise.all([nodes.close(), old?.close()]);
  }
};

const adoptWith = async (servers: Servers, config: Config, options: AdoptOptions): Promise<ExitCode> => {
  const { nodes, store, old } = servers;
  const fault = await faultOf(servers, config, options);
  if (fault !== undefined) {
    complain('adopt', fault);
    return exitCodes.failed;
  }
  const [mysqlId, redisId] = await Promise.all([store.id(), storedPair(nodes.control)]);
  const partitions = await surveyAdoption(nodes.control, store, config.partitions);
  process.stdout.write(surveyText({ mysqlId, redisId, config, partitions }));
  if (!options.yes) {
    process.stdout.write('nothing was changed; if that is meant, say it again with --yes\n');
    return exitCodes.attention;
  }
  if (old && mysqlId !== undefined) await markMoved(old.control, mysqlId);
  const id = await store.adopt({
    owner: 'onsale adopt',
    nowMs: clock.nowMs(),
    renewed: options.new,
    meanwhile: () =>
      endOwnership(
        nodes.control,
        partitions.map(({ partition }) => partition),
      ),
  });
  await overwritePair(nodes.control, id);
  process.stdout.write(`a pair from now on: ${shortId(id)}; start the projectors, then the API\n`);
  return exitCodes.done;
};

const faultOf = async (
  { nodes, old, store }: Servers,
  config: Config,
  { 'moved-from': movedFrom }: AdoptOptions,
) => {
  const living = await liveProcessesText(config.redisUrl, await findLiveProcesses(nodes, config.leaseTtlMs));
  if (living !== undefined) return living;
  if (!old || movedFrom === undefined) return undefined;
  const oldId = await storedPair(old.control);
  const mysqlId = await store.id();
  if (oldId !== undefined && oldId !== mysqlId && !oldId.endsWith(String(mysqlId)))
    return `the Redis of --moved-from belongs to the pair ${shortId(oldId)}, the database to ${shortId(mysqlId)}: it is not the one that this database leaves`;
  return liveProcessesText(movedFrom, await findLiveProcesses(old, config.leaseTtlMs));
};

const namedMax = 5;

const liveProcessesText = (url: string, { members, serving }: LiveProcesses): string | undefined => {
  if (serving === undefined)
    process.stdout.write(
      `connections to ${maskUrl(url)} cannot be seen (CLIENT LIST is not allowed): make sure yourself that no API process runs\n`,
    );
  const living = [...new Set([...members, ...(serving ?? [])])];
  if (living.length === 0) return undefined;
  const named = living.slice(0, namedMax).join(', ');
  const more = living.length > namedMax ? ', …' : '';
  return `${living.length} processes still work on ${maskUrl(url)} (${named}${more}): stop all of them first`;
};

interface SurveyOfAdoption {
  readonly mysqlId: string | undefined;
  readonly redisId: string | undefined;
  readonly config: Config;
  readonly partitions: readonly PartitionAdoption[];
}

const surveyText = ({ mysqlId, redisId, config, partitions }: SurveyOfAdoption): string => {
  const told = partitions.filter(({ toDecide, missing }) => toDecide > 0 || missing !== undefined);
  return [
    `Redis      ${maskUrl(config.redisUrl)}: pair ${shortId(redisId)}`,
    `database   ${maskUrl(config.databaseUrl)}: pair ${shortId(mysqlId)}`,
    `${partitions.length} partitions; ${told.length === 0 ? 'nothing waits, and nothing is missing' : 'of these something waits or is missing:'}`,
    ...told.map(partitionText),
    '',
  ].join('\n');
};

const partitionText = ({ partition, toDecide, isCounted, missing }: PartitionAdoption): string => {
  const entries = `${toDecide}${isCounted ? '' : ' or more'} entries will be decided (again)`;
  return `  ${String(partition).padStart(4)}  ${[...(toDecide > 0 ? [entries] : []), ...(missing ? [missing] : [])].join('; ')}`;
};
