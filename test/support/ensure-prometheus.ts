import { findProgram } from '../../infra/local/find-program.ts';
import { installWithApt } from '../../infra/local/install-servers.ts';

export const howToGetPrometheus =
  'prometheus and promtool are missing: sudo apt-get install -y --no-install-recommends prometheus, or have both on PATH';

const isThere = (): boolean =>
  findProgram('prometheus') !== undefined && findProgram('promtool') !== undefined;

/** Only tests need Prometheus. Where it cannot be installed, only the tests that use it fail. */
export const ensurePrometheus = (say: (line: string) => void): void => {
  if (isThere()) return;
  installWithApt(['prometheus'], say);
  if (!isThere()) say(howToGetPrometheus);
};
