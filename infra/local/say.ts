/** One line on the console of whoever typed the command. */
export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** The password of a URL does not belong on a console or in a log. */
export const maskPassword = (url: string): string => url.replace(/(:\/\/[^:/@]*):[^@]*@/, '$1:***@');
