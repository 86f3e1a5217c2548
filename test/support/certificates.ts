import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly keyFile: string;
  readonly certFile: string;
}

export interface Authority {
  /** The CA certificate that clients trust. */
  readonly caFile: string;
  /** A certificate for a server with these names, such as `DNS:localhost` or `IP:127.0.0.1`. */
  readonly certify: (...names: readonly string[]) => Certificate;
}

const openssl = (args: readonly string[]): void => {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
};

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'] as const;

/** A certificate authority for one test file, in the directory that the runner removes. */
export const newAuthority = (): Authority => {
  const dir = mkdtempSync(join(process.env['ONSALE_TEST_DIR'] ?? tmpdir(), 'onsale-ca-'));
  const caFile = join(dir, 'ca.pem');
  const caKey = join(dir, 'ca.key');
  openssl(['req', '-x509', ...curve, '-keyout', caKey, '-out', caFile, '-days', '2', '-subj', '/CN=test CA']);
  let made = 0;
  return {
    caFile,
    certify: (...names) => {
      made += 1;
      const file = (ending: string): string => join(dir, `server-${made}.${ending}`);
      const { keyFile, certFile } = { keyFile: file('key'), certFile: file('pem') };
      const [request, extensions] = [file('csr'), file('ext')];
      writeFileSync(extensions, `subjectAltName=${names.join(',')}\n`);
      openssl(['req', '-new', ...curve, '-keyout', keyFile, '-out', request, '-subj', '/CN=a server']);
      openssl([
        ...['x509', '-req', '-in', request, '-CA', caFile, '-CAkey', caKey, '-CAcreateserial'],
        ...['-out', certFile, '-days', '2', '-extfile', extensions],
      ]);
      return { keyFile, certFile };
    },
  };
};
