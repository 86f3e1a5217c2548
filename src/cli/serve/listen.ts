/** The address to listen on, and the settings that name it. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly hostVariable: string;
  readonly portVariable: string;
  /** Advice for the case that the port is taken. */
  readonly whenTaken?: string;
}

/** The part of a server that is needed to listen. */
export interface Listener {
  listen(place: { readonly host: string; readonly port: number }): Promise<unknown>;
  readonly server: { address(): { readonly port: number } | string | null };
}

/** Listens; resolves to the port, which the system chooses when 0 is set. Throws one line that names the setting and the remedy. */
export const listenOn = async (app: Listener, place: ListenAddress): Promise<number> => {
  try {
    await listenWherePossible(app, place);
  } catch (error) {
    throw new Error(faultOf(error, place), { cause: error });
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : place.port;
};

/** A machine without IPv6 has no `::`; the setting means every address. */
const listenWherePossible = async (app: Listener, { host, port }: ListenAddress): Promise<void> => {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const isWithoutIpv6 = ['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes(codeOf(error));
    if (host !== '::' || !isWithoutIpv6) throw error;
    await app.listen({ host: '0.0.0.0', port });
  }
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

const faultOf = (error: unknown, { host, port, ...place }: ListenAddress): string => {
  const { hostVariable, portVariable, whenTaken } = place;
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `${portVariable}=${port} is taken on ${host}: ${whenTaken ?? 'stop what listens there, or set another port'} (${portVariable}=0 lets the system choose)`;
    case 'EACCES':
    case 'EPERM':
      return `${portVariable}=${port} may not be listened on by this user: set a port from 1024 on`;
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
      return `${hostVariable}=${host} is no address of this machine: set one that it has, or 0.0.0.0 or :: for all of them`;
    case 'EAFNOSUPPORT':
      return `${hostVariable}=${host} is an address of IPv6, which this machine does not have: set one of IPv4`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${hostVariable}=${host} is a name that leads to no address: set an address, or mend the name`;
    default:
      return `cannot listen on ${hostVariable}=${host}, ${portVariable}=${port}: ${error instanceof Error ? error.message : String(error)}`;
  }
};
