/** An error of the server, shaped as the driver reports it; the store decides by its numbers. */
export class ServerError extends Error {
  readonly errno: number;
  readonly sqlState: string;

  constructor(errno: number, sqlState: string, message: string) {
    super(message);
    this.errno = errno;
    this.sqlState = sqlState;
  }
}

export const duplicateEntry = (value: string, key: string): ServerError =>
  new ServerError(1062, '23000', `Duplicate entry '${value}' for key '${key}'`);

export const brokenCheck = (constraint: string, table: string): ServerError =>
  new ServerError(4025, '23000', `CONSTRAINT \`${constraint}\` failed for \`onsale\`.\`${table}\``);

export const tooLong = (column: string): ServerError =>
  new ServerError(1406, '22001', `Data too long for column '${column}'`);

export const outOfRange = (column: string): ServerError =>
  new ServerError(1264, '22003', `Out of range value for column '${column}'`);

export const badString = (value: string): ServerError =>
  new ServerError(1366, '22007', `Incorrect string value: '${value}'`);

export const notNull = (column: string): ServerError =>
  new ServerError(1048, '23000', `Column '${column}' cannot be null`);

/** MariaDB's error for half a surrogate pair in a JSON parameter. */
export const badJson = (): ServerError =>
  new ServerError(
    4037,
    'HY000',
    "Incorrect escape sequence in JSON text in argument 1 to function 'JSON_TABLE'",
  );

export const deadlock = (): ServerError =>
  new ServerError(1213, '40001', 'Deadlock found when trying to get lock; try restarting transaction');

export const lockWaitOver = (): ServerError =>
  new ServerError(1205, 'HY000', 'Lock wait timeout exceeded; try restarting transaction');

export const diskFull = (): ServerError =>
  new ServerError(1021, 'HY000', 'Disk full (onsale); waiting for someone to free some space...');

/** Not an error of the server: the driver reports it when the socket is closed. */
export const connectionLost = (): Error =>
  Object.assign(new Error('Connection lost: The server closed the connection.'), {
    code: 'PROTOCOL_CONNECTION_LOST',
  });
