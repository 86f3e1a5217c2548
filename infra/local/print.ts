/** One line on the console of whoever typed the command. */
export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
