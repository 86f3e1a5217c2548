import { startOnsale } from '../../support/onsale.ts';
import { fillByHttp } from '../fill-by-http.ts';
import { commonOf } from '../lines.ts';
import { patientDoor } from '../measure-drain.ts';
import { plenty } from '../measure-throughput.ts';
import type { Measurement } from '../measured.ts';
import { numberText } from '../render-table.ts';
import { ownBuild } from '../sides/build.ts';
import { ourSide } from '../sides/our-side.ts';
import { median } from '../statistics.ts';
import { untilDecided } from '../until-decided.ts';
import { type ColdRole, commandRole, projectorRole, queryRole } from './cold-roles.ts';
import type { Bench, RunPart } from './part.ts';

const warmBursts = 3;
const entriesBefore = 20_000;

/** Times in ms. */
interface ColdRound {
  /** From the start of the process until it is ready. */
  readonly readyMs: number;
  readonly firstMs: number;
  /** After 50,000 requests; absent for a process that was stopped before. */
  readonly warmMs?: number;
}

/**
 * A thousand requests at once, sent to a process that has just become ready, and again after it has served
 * 50,000; and sent to a process that did not warm up.
 */
export const cold: RunPart = async (bench) => {
  const running = await ourSide({ env: patientDoor }).start({
    ...(await bench.servers.fresh()),
    capacity: plenty,
  });
  try {
    // The processes beside the measured one are warm.
    await fillByHttp(running.target, { entries: entriesBefore });
    const measured = [...(await measureRole(commandRole(running), bench))];
    measured.push(...(await measureRole(await queryRole(running, bench), bench)));
    await untilDecided(running, 1 + entriesBefore);
    await running.stopProjectors();
    return [...measured, ...(await measureRole(projectorRole(running, bench), bench))];
  } finally {
    await running.stop();
  }
};

const measureRole = async (role: ColdRole, bench: Bench): Promise<readonly Measurement[]> => {
  const [warmed, unwarmed]: [ColdRound[], ColdRound[]] = [[], []];
  for (let round = 0; round < bench.asked.rounds; round += 1) {
    const figures = await play(role, bench, {});
    const bare = await play(role, bench, { ONSALE_WARM_UP_MS: '0' });
    bench.say(
      `${role.role}: just ready ${msText(figures.firstMs)}, after 50,000 requests ${msText(figures.warmMs)}, not warmed up ${msText(bare.firstMs)}`,
    );
    warmed.push(figures);
    unwarmed.push(bare);
  }
  return [
    line(
      role,
      'after 50,000 requests',
      warmed.map(({ warmMs = Number.NaN }) => warmMs),
    ),
    {
      ...line(
        role,
        'just ready',
        warmed.map(({ firstMs }) => firstMs),
      ),
      note: startText(warmed),
    },
    {
      ...line(
        role,
        'not warmed up',
        unwarmed.map(({ firstMs }) => firstMs),
      ),
      note: startText(unwarmed),
    },
  ];
};

const line = ({ role, figure }: ColdRole, state: string, values: readonly number[]): Measurement => ({
  ...commonOf('cold', { id: `onsale ${state}`, name: `onsale ${state}` }),
  figure: `${role}: ${figure}`,
  unit: 'ms',
  values,
});

const msText = (ms = Number.NaN): string => `${numberText(ms)} ms`;

const startText = (rounds: readonly ColdRound[]): string =>
  `ready after ${msText(median(rounds.map(({ readyMs }) => readyMs)))}`;

const play = async (
  { role, first, again, serve }: ColdRole,
  { servers }: Bench,
  env: Readonly<Record<string, string>>,
): Promise<ColdRound> => {
  const beganMs = performance.now();
  const build = { main: ownBuild.main, nodeArguments: ownBuild.nodeArguments };
  const fresh = await startOnsale({
    roles: [role],
    ...servers.urls,
    ...build,
    env: { ...patientDoor, ...env },
  });
  const readyMs = performance.now() - beganMs;
  try {
    const firstMs = await first(fresh);
    if (env['ONSALE_WARM_UP_MS'] === '0') return { readyMs, firstMs };
    await serve(fresh);
    const bursts: number[] = [];
    while (bursts.length < warmBursts) bursts.push(await again(fresh));
    return { readyMs, firstMs, warmMs: median(bursts) };
  } finally {
    await fresh.stop();
  }
};
