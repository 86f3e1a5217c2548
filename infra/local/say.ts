/** One line on the console of whoever typed the command. */
export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
