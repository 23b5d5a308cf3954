import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import t from 'tap';
import { addressOf, houseOf, refusalOf } from '../../src/dashboard/guard.ts';
import { startDashboard } from '../../src/dashboard/server.ts';
import { done, failed, storeWith } from '../store/example.ts';
import { rawRequest, requestText } from './raw-request.ts';

const { path: database, store } = storeWith(t.testdir(), [done(0.9), done(0.8), failed]);
store.close();
const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const before = hashOf(database);
const dashboard = await startDashboard({ database, host: '127.0.0.1', port: 0 });
t.teardown(() => dashboard.close());
const port = Number(new URL(dashboard.url).port);
const own = `127.0.0.1:${port}`;

/** All combinations of one value of each list. */
const product = (lists: readonly (readonly (string | undefined)[])[]): (string | undefined)[][] =>
  lists.reduce<(string | undefined)[][]>(
    (rows, list) => rows.flatMap((row) => list.map((value) => [...row, value])),
    [[]],
  );

/** `act` on each, a few at a time. */
async function each<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await act(item);
  };
  await Promise.all(Array.from({ length: 16 }, lane));
}

t.test('a request is answered only to our own name, from our own page, and if it reads', async (t) => {
  const ours = [own, `localhost:${port}`, `[::1]:${port}`, `LOCALHOST:${port}`];
  const foreign = [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1',
    `127.0.0.1.evil.example:${port}`,
    undefined,
  ];
  const routes = { '/': 200, '/style.css': 200, '/api/experiments/1/trials': 200, '/api/nothing': 404 };
  const cells = product([
    ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH'],
    [...ours, ...foreign],
    [undefined, `http://${own}`, 'null', 'http://evil.example', `https://${own}`],
    [undefined, 'same-origin', 'none', 'same-site', 'cross-site'],
    Object.keys(routes),
  ]);
  const wrong: string[] = [];
  await each(cells, async ([method = '', host, origin, site, route = '']) => {
    const headers = { Host: host, Origin: origin, 'Sec-Fetch-Site': site };
    const { status } = await rawRequest(port, requestText(method, route, headers));
    const isOurPage = origin === undefined || origin === `http://${host?.toLowerCase()}`;
    const isOurFetch = site === undefined || site === 'same-origin' || site === 'none';
    const expected =
      // HTTP/1.1 without a Host is no request at all.
      host === undefined
        ? 400
        : !ours.includes(host)
          ? 403
          : method !== 'GET' && method !== 'HEAD'
            ? 405
            : !isOurPage || !isOurFetch
              ? 403
              : routes[route as keyof typeof routes];
    if (status !== expected)
      wrong.push(`${method} ${route} ${JSON.stringify(headers)}: ${status}, not ${expected}`);
  });
  t.same(wrong.slice(0, 10), []);
  t.equal(cells.length, 6300);
});

t.test('a link from elsewhere may open the page, and nothing else', async (t) => {
  const link = {
    Host: own,
    'Sec-Fetch-Site': 'cross-site',
    'Sec-Fetch-Mode': 'navigate',
    'Sec-Fetch-Dest': 'document',
  };
  t.equal((await rawRequest(port, requestText('GET', '/', link))).status, 200);
  t.equal((await rawRequest(port, requestText('GET', '/api/experiments/1', link))).status, 403);
  const frame = { ...link, 'Sec-Fetch-Dest': 'iframe' };
  t.equal((await rawRequest(port, requestText('GET', '/', frame))).status, 403);
});

t.test('what is not in the list of paths is not found, however it is written', async (t) => {
  const secrets = [
    'etc/passwd',
    'package.json',
    'src/dashboard/server.ts',
    'results/results.db',
    '.git/config',
  ];
  const climbs = [
    '/',
    '//',
    '/../',
    '/../../../../',
    '/%2e%2e/%2e%2e/',
    '/%252e%252e/',
    '/..%2f..%2f',
    '/..%5c..\\',
    '/./',
    '/;/',
    '/style.css/../',
    '/dashboard/page/../../',
    '/%00/',
    '/\u0000',
    '/~/',
    '/file:///',
    '/api/',
    '/api/../',
    '/api/experiments/1/../../../',
  ];
  const paths = [
    ...climbs.flatMap((climb) => secrets.map((secret) => climb + secret)),
    ...[
      '/style.css/',
      '/style.css%00',
      '/STYLE.CSS',
      '/style.css;x',
      '//style.css',
      '/./style.css',
      '/%2Fstyle.css',
      '/dashboard/page',
      '/dashboard/page/',
      '/dashboard/page/main.js',
      '/dashboard/page/tsconfig.json',
      '/index.html',
    ],
    ...[
      '/api',
      '/api/',
      '/api/experiments',
      '/api/experiments/0',
      '/api/experiments/01',
      '/api/experiments/-1',
      '/api/experiments/1e0',
      '/api/experiments/1.0',
      '/api/experiments/9',
      '/api/experiments/99999999999999999999',
      '/api/experiments/1/',
      '/api/experiments/1/trials/',
      '/api/experiments/1%2ftrials',
      '/api/trials/99',
      '/api/trials/99/weights',
      '/api/trials/3/weights',
    ],
    `/${'a'.repeat(4000)}`,
    'http://evil.example/',
    'style.css',
    '*',
  ];
  for (const path of paths) {
    const { status, body } = await rawRequest(port, requestText('GET', path, { Host: own }));
    t.ok(status === 404 || status === 400, `${path.slice(0, 60)}: ${status}`);
    t.notMatch(body, /root:|coresweep'|SQLite|import |"version"/, path.slice(0, 60));
  }
  t.equal(
    (await rawRequest(port, requestText('GET', '/', { Host: own, Cookie: 'a'.repeat(9000) }))).status,
    431,
  );
});

t.test('a value in the address that is not on a list is refused in words', async (t) => {
  const bad = [
    'sort=rank%3BDROP%20TABLE%20trial',
    'sort=id',
    'sort=parameter.x',
    "sort=parameter.learningRate'",
    'sort=__proto__',
    'sort=',
    'order=desc',
    'order=ASC--',
    'state=gone',
    "state=done'--",
    'from=-1',
    'from=1e3',
    'from=0x10',
    'from=%20',
    'count=0',
    'count=501',
    'count=1.5',
    'count=NaN',
    "is.learningRate='%20OR%201=1",
    'is.batchSize=999',
    'is.learningRate=',
  ];
  for (const query of bad) {
    const { status, body } = await rawRequest(
      port,
      requestText('GET', `/api/experiments/1/trials?${query}`, { Host: own }),
    );
    t.equal(status, 400, query);
    t.match(JSON.parse(body), { error: /must be|No trial/ }, query);
  }
});

t.test('every answer carries the headers that keep a page from being used or framed', async (t) => {
  for (const [path, headers] of [
    ['/', {}],
    ['/api/experiments/1', {}],
    ['/nothing', {}],
    ['/', { Origin: 'http://evil.example' }],
  ] as const) {
    const { head } = await rawRequest(port, requestText('GET', path, { Host: own, ...headers }));
    t.match(head, /content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';/i, path);
    t.match(head, /x-content-type-options: nosniff/i, path);
    t.match(head, /x-frame-options: DENY/i, path);
    t.notMatch(head, /access-control|x-powered-by|server:/i, path);
  }
});

t.test('at the port that addresses leave out, the address that is shown is answered', async (t) => {
  const house = houseOf('127.0.0.1', 80);
  t.equal(addressOf('127.0.0.1', house), 'http://127.0.0.1/');
  t.equal(addressOf('::1', houseOf('::1', 80)), 'http://[::1]/');
  t.equal(addressOf('127.0.0.1', houseOf('127.0.0.1', 8080)), 'http://127.0.0.1:8080/');
  const ask = (headers: object, at = house) =>
    refusalOf({ method: 'GET', url: '/', headers, rawHeaders: [] } as unknown as IncomingMessage, at);
  t.equal(ask({ host: '127.0.0.1' }), undefined);
  t.equal(ask({ host: 'LOCALHOST', origin: 'http://localhost' }), undefined);
  t.equal(ask({ host: '127.0.0.1:80', origin: 'http://127.0.0.1' }), undefined);
  t.match(ask({ host: '127.0.0.1:8080' }), { status: 403 });
  t.match(ask({ host: 'evil.example' }), { status: 403 });
  t.match(ask({ host: '127.0.0.1', origin: 'http://evil.example' }), { status: 403 });
  t.match(ask({ host: '127.0.0.1:80' }, houseOf('127.0.0.1', 4600)), { status: 403 });
  t.match(ask({ host: '127.0.0.1' }, houseOf('127.0.0.1', 4600)), { status: 403 });
});

t.test('a request with two hosts is refused, whichever comes first', async (t) => {
  for (const hosts of [
    [own, 'evil.example'],
    ['evil.example', own],
    [own, own],
  ]) {
    const lines = hosts.map((host) => `Host: ${host}\r\n`).join('');
    const { status } = await rawRequest(port, `GET / HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`);
    t.equal(status, 400, hosts.join(', '));
  }
});

t.test('an address of this machine other than 127.0.0.1 is shown as it is', async (t) => {
  const other = await startDashboard({ database, host: '127.0.0.2', port: 0 });
  t.teardown(() => other.close());
  t.match(other.url, /^http:\/\/127\.0\.0\.2:/);
  const answer = await fetch(other.url);
  t.equal(answer.status, 200);
  await answer.text();
});

t.test('a request with a body is refused unread', async (t) => {
  const headers = { Host: own, 'Content-Length': '5' };
  t.equal((await rawRequest(port, `${requestText('GET', '/', headers)}hello`)).status, 400);
  const chunked = requestText('GET', '/', { Host: own, 'Transfer-Encoding': 'chunked' });
  t.equal((await rawRequest(port, `${chunked}5\r\nhello\r\n0\r\n\r\n`)).status, 400);
});

t.test('HEAD answers as GET does, without the body', async (t) => {
  for (const path of ['/', '/api/experiments/1/trials']) {
    const get = await rawRequest(port, requestText('GET', path, { Host: own }));
    const head = await rawRequest(port, requestText('HEAD', path, { Host: own }));
    const length = (text: string) => /content-length: (\d+)/i.exec(text)?.[1];
    t.equal(length(head.head), length(get.head));
    t.equal(head.body, '');
    t.equal(Number(length(get.head)), Buffer.byteLength(get.body, 'latin1'));
  }
});

t.test('nothing that was asked has changed a byte of the database', async (t) => {
  t.equal(hashOf(database), before);
});

t.test('on an address that other machines reach, only who brings the token is let in', async (t) => {
  const open = await startDashboard({ database, host: '0.0.0.0', port: 0 });
  t.teardown(() => open.close());
  const url = new URL(open.url);
  const ask = (path: string, cookie?: string) =>
    rawRequest(Number(url.port), requestText('GET', path, { Host: `127.0.0.1:${url.port}`, Cookie: cookie }));
  t.equal((await ask('/')).status, 401);
  t.equal((await ask('/api/experiments/1')).status, 401);
  t.equal((await ask('/?token=wrong')).status, 401);
  t.equal((await ask('/style.css?token=wrong')).status, 401);
  const welcome = await ask(`/${url.search}`);
  t.equal(welcome.status, 303);
  const cookie = /set-cookie: ([^;]+); HttpOnly; SameSite=Strict; Path=\//i.exec(welcome.head)?.[1];
  t.equal((await ask('/', cookie)).status, 200);
  t.equal((await ask('/api/experiments/1', cookie)).status, 200);
  t.equal((await ask('/', `${cookie}x`)).status, 401);
  t.equal((await ask('/', `other=1; ${cookie}`)).status, 200);
});

t.test('a port in use: the next free one is taken, unless one was asked for', async (t) => {
  const first = await startDashboard({ database, host: '127.0.0.1', port: undefined });
  t.teardown(() => first.close());
  const second = await startDashboard({ database, host: '127.0.0.1', port: undefined });
  t.teardown(() => second.close());
  t.not(first.url, second.url);
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.teardown(() => taken.close());
  const { port } = taken.address() as { port: number };
  await t.rejects(startDashboard({ database, host: '127.0.0.1', port }), { code: 'ERR_PORT_IN_USE' });
  await t.rejects(startDashboard({ database, host: 'no.such.host.invalid', port: 0 }), {
    code: 'ERR_CANNOT_LISTEN',
  });
});
