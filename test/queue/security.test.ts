/** What protects a queue: certificates, users with passwords of their own, and that the passwords stand nowhere. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { queueAddress } from '../../src/queue/address.ts';
import { openServer } from '../../src/queue/server.ts';
import { root } from '../source.ts';
import { startCommand } from '../torture/small-sweep.ts';
import { freePort, startRedis, withoutServer } from './redis-server.ts';

/** Signs that stand for others in an address, so that none slips through as it was typed. */
const passwords = { run: 'sécret:of/the@run%1', worker: 'sécret of the wörker' } as const;

/** The users of the manual, as a server takes them. */
const users = (readFileSync(join(root, 'docs/manual.md'), 'utf8').match(/^ACL SETUSER .*/gm) ?? []).map(
  (line) =>
    line
      .split(' ')
      .map((word) =>
        word.replace(/^>PASSWORD$/, `>${passwords.run}`).replace(/^>OTHER$/, `>${passwords.worker}`),
      ),
);

/** An authority of one's own, and what it has signed for this machine; in `folder`. */
function certificates(folder: string) {
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const sign = (name: string, ...more: readonly string[]) =>
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', ...ec, '-subj', `/CN=${name}`],
        ...['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`), ...more],
      ],
      { stdio: 'ignore' },
    );
  const file = (name: string) => join(folder, name);
  sign('authority');
  const by = ['-CA', file('authority.crt'), '-CAkey', file('authority.key')];
  sign('server', ...by, '-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=CA:FALSE');
  return { authority: file('authority.crt'), certificate: file('server.crt'), key: file('server.key') };
}

/** Every file below a folder. */
const contents = (folder: string): Buffer[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));

const commandLine = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'latin1');

const isTold = (text: Buffer | string): boolean =>
  Object.values(passwords).some((password) =>
    [password, encodeURIComponent(password)].some((form) => text.includes(form)),
  );

const without =
  withoutServer ?? (spawnSync('openssl', ['version']).status === 0 ? undefined : 'openssl is not installed');

if (without !== undefined) t.plan(0, without);
else {
  const folder = t.testdir({ certificates: {}, results: {} });
  const { authority, certificate, key } = certificates(join(folder, 'certificates'));
  const port = await freePort();
  const redis = await startRedis(
    ...['--tls-port', String(port), '--tls-auth-clients', 'no', '--tls-ca-cert-file', authority],
    ...['--tls-cert-file', certificate, '--tls-key-file', key],
  );
  t.teardown(() => redis.end());
  const administration = (await openServer(queueAddress(redis.url, {}, false))).connection();
  t.teardown(() => administration.disconnect());
  for (const [command = '', ...args] of users) await administration.call(command, ...args);

  await t.test('a certificate that nobody vouches for is refused, with what to do', async (t) => {
    const address = queueAddress(`rediss://127.0.0.1:${port}`, {}, false);
    await t.rejects(openServer(address), {
      code: 'ERR_QUEUE_UNREACHABLE',
      exitCode: 69,
      message: /rediss:\/\/127\.0\.0\.1.*certificate.*NODE_EXTRA_CA_CERTS/,
    });
  });

  await t.test('an address of the wrong kind, encrypted or not, is told as what it may be', async (t) => {
    for (const [url, advice] of [
      [`redis://127.0.0.1:${port}`, /breaks the connection off.*rediss:\/\/\)/],
      [`rediss://127.0.0.1:${redis.port}`, /does not answer.*\(redis:\/\/\)/],
    ] as const)
      await t.rejects(openServer(queueAddress(url, {}, false)), { exitCode: 69, message: advice });
  });

  await t.test('a wrong user or password ends with exit code 69, and is not repeated', async (t) => {
    for (const user of ['run:wrong', 'nobody:wrong']) {
      const address = queueAddress(`redis://${user}@127.0.0.1:${redis.port}`, {}, false);
      const refused = await openServer(address).catch((error: Error) => error);
      t.match(refused, { code: 'ERR_QUEUE_UNREACHABLE', exitCode: 69 });
      t.match(refused, { message: /WRONGPASS.*Correct the user or the password/ });
      t.notMatch(refused, { message: /run:|nobody|:wrong/ });
    }
  });

  await t.test('a worker’s user can neither write the cards of runs nor anything of others', async (t) => {
    const address = queueAddress(
      `redis://worker@127.0.0.1:${redis.port}`,
      { CORESWEEP_QUEUE_PASSWORD: passwords.worker },
      false,
    );
    const server = await openServer(address);
    const connection = server.connection();
    await t.rejects(connection.set('coresweep:study:0123456789abcdef', '{}'), { message: /^NOPERM/ });
    await t.rejects(connection.sadd('coresweep:studies', '0123456789abcdef'), { message: /^NOPERM/ });
    await t.rejects(connection.get('other'), { message: /^NOPERM/ });
    await t.rejects(connection.flushall(), { message: /^NOPERM/ });
    await server.close();
  });

  await t.test('a run over TLS ends well, and the passwords stand nowhere', async (t) => {
    const definition = join(folder, 'line.json');
    writeFileSync(
      join(folder, 'line.mjs'),
      'export const objective = ({ params }) => ({ loss: params.x });\n',
    );
    writeFileSync(
      definition,
      JSON.stringify({
        ...{ name: 'line', objective: './line.mjs', metrics: { loss: 'minimise' }, space: { x: [1, 2] } },
      }),
    );
    const env = { NODE_EXTRA_CA_CERTS: authority };
    const worker = startCommand(
      ['worker', `rediss://worker@127.0.0.1:${port}`, '--threads', '1', '--allow', definition],
      {
        env: { ...env, CORESWEEP_QUEUE_PASSWORD: passwords.worker, XDG_CACHE_HOME: join(folder, 'results') },
      },
    );
    const url = `rediss://run:${encodeURIComponent(passwords.run)}@127.0.0.1:${port}`;
    const database = join(folder, 'results', 'results.db');
    const run = startCommand(['run', definition, '--db', database, '--threads', '0', '--workers', url], {
      env,
    });
    await run.told(1);
    const lines = [worker, run].flatMap(({ pid }) => (existsSync(`/proc/${pid}`) ? [commandLine(pid)] : []));
    const { code, out, err } = await run.ended;
    worker.kill('SIGTERM');
    const left = await worker.ended;
    t.equal(code, 0, err);
    t.equal(left.code, 143, left.err);
    t.match(left.err, new RegExp(`works for rediss://127\\.0\\.0\\.1:${port} `));
    t.notMatch(left.err + err, /Warning/);
    for (const text of [out, err, left.out, left.err, ...lines]) t.notOk(isTold(text), text);
    const files = contents(join(folder, 'results'));
    t.ok(files.length >= 3);
    t.notOk(files.some(isTold));
  });
}
