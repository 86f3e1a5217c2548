// Replaces dist/main.js, so that starting and stopping can be tested on their own.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';

const [verb, ...roles] = process.argv.slice(2);
const note = (event) => appendFileSync(process.env.FAKE_LOG, `${[verb, ...roles].join(' ')}: ${event}\n`);

const userIn = (url) => new URL(url).username;
const noteUsers = () =>
  note(`connects as ${userIn(process.env.REDIS_URL)} and ${userIn(process.env.DATABASE_URL)}`);

const redisAnswers = () =>
  new Promise((resolve) => {
    const { hostname: host, port } = new URL(process.env.REDIS_URL);
    const socket = connect({ host, port: Number(port) }, () => resolve(true) ?? socket.destroy());
    socket.once('error', () => resolve(false));
  });

const shows = [];
const answer = async (request, response) => {
  const send = (status, body) =>
    response.writeHead(status, { connection: 'close' }).end(JSON.stringify(body));
  if (request.url.startsWith('/readyz')) return send(200, {});
  if (request.url === '/traces' && process.env.FAKE_HIDES_TRACES) return send(404, {});
  if (request.method === 'GET') return send(200, { data: shows });
  shows.push({ id: 'a-show', pools: [{ id: 'standing' }] });
  return send(201, shows[0]);
};

/**
 * The first time, another program takes the port before this one listens. It holds the port until its file is
 * removed.
 */
const squat = (port) => {
  const file = process.env.FAKE_SQUATTER;
  if (process.env.FAKE_SQUATTED !== roles.join(' ') || existsSync(file)) return;
  writeFileSync(file, String(port));
  const program = `const { existsSync } = require('node:fs');
    require('node:net').createServer().listen(${port}, '127.0.0.1', () => process.send('listening'));
    setInterval(() => existsSync(${JSON.stringify(file)}) || process.exit(), 100);`;
  const squatter = spawn(process.execPath, ['-e', program], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve) => {
    squatter.once('message', resolve);
  }).then(() => {
    squatter.disconnect();
    squatter.unref();
    throw new Error(`OPS_PORT=${port} is taken`);
  });
};

const serve = async () => {
  if (process.env.FAKE_REFUSES === roles.join(' ')) throw new Error('refused to start');
  const { HOST, PORT, OPS_HOST, OPS_PORT, ONSALE_ID_KEYS } = process.env;
  await squat(OPS_PORT);
  createServer(answer).listen(Number(OPS_PORT), OPS_HOST);
  if (roles.includes('command')) createServer(answer).listen(Number(PORT), HOST);
  note(`started with keys ${ONSALE_ID_KEYS}`);
  noteUsers();
  process.stdout.write(`listening on ${OPS_PORT}\n`);
  const stop = async (why) => {
    note(`${why}, Redis ${(await redisAnswers()) ? 'up' : 'down'}`);
    process.exit(0);
  };
  process.on('SIGTERM', () => process.env.FAKE_STAYS === roles.join(' ') || stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('disconnect', () => stop('parent gone'));
};

if (verb === 'migrate') {
  note('done');
  noteUsers();
} else await serve();
