/**
 * The dashboard's server: a page over one database, read-only, for a person on this machine.
 * Not here: where it listens (listen.ts), who is let in (guard.ts), what is answered (routes.ts, assets.ts).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CoresweepError } from '../errors.ts';
import type { Shown } from './asked.ts';
import { type Asset, pageAssets } from './assets.ts';
import { EventStreams } from './event-streams.ts';
import { Evidence } from './evidence.ts';
import { addressOf, type House, houseOf, refusalOf, tokenGiven } from './guard.ts';
import { type Answer, fault } from './http-answer.ts';
import { listen } from './listen.ts';
import { Pictures } from './pictures.ts';
import { answerTo } from './routes.ts';
import { Source } from './source.ts';

export interface DashboardOptions {
  readonly database: string;
  /** What relative paths of definitions start from: where their data is looked for first. */
  readonly base?: string | undefined;
  /** The address to listen on. Anything but this machine's own needs a token, which is made and stands in the URL. */
  readonly host: string;
  /** Undefined: the first free one from 4600 on. 0: any free one. */
  readonly port: number | undefined;
  /** How often the database is looked at while a page is open; 1000 by default. */
  readonly everyMs?: number | undefined;
}

export interface Dashboard {
  /** Where a browser finds it, with the token where one is needed. */
  readonly url: string;
  close(): Promise<void>;
}

/** What a slow or a hostile client can hold on to. */
const limits = {
  connections: 256,
  headerBytes: 8192,
  headersMs: 10_000,
  idleMs: 30_000,
} as const;

const commonHeaders: Record<string, string> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/**
 * Starts serving; resolves once it listens.
 * @throws CoresweepError where the port is taken or the database is not coresweep's
 */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const source = new Source(options.database);
  // A foreign database is refused at once; one that is not there yet is waited for.
  source.results();
  const assets = pageAssets();
  const streams = new EventStreams(source, options.everyMs ?? 1000);
  const shown = { source, pictures: new Pictures(options.database, options.base), evidence: new Evidence() };
  let house: House | undefined;
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.headersMs,
      keepAliveTimeout: 5000,
      connectionsCheckingInterval: 2000,
    },
    (request, response) => {
      // A client that goes away in the middle of an answer is no fault.
      response.on('error', () => {});
      if (house !== undefined) void respond(request, response, { house, assets, streams, shown });
    },
  );
  server.maxConnections = limits.connections;
  server.setTimeout(limits.idleMs, (socket) => socket.destroy());
  const { port } = await listen(server, options);
  house = houseOf(options.host, port);
  return {
    url: addressOf(options.host, house),
    async close() {
      streams[Symbol.dispose]();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      source[Symbol.dispose]();
    },
  };
}

interface Serving {
  readonly house: House;
  readonly assets: ReadonlyMap<string, Asset>;
  readonly streams: EventStreams;
  readonly shown: Shown;
}

async function respond(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const { house, assets, streams, shown } = serving;
  const { url = '', method } = request;
  const refusal = refusalOf(request, house);
  if (refusal !== undefined) {
    const allow = refusal.status === 405 ? { allow: 'GET, HEAD' } : {};
    // What else may come on this connection is not read.
    return send(request, response, refusal.status, { ...allow, connection: 'close' }, refusal.reason);
  }
  const cookie = tokenGiven(url, house);
  if (cookie !== undefined) return send(request, response, 303, { 'set-cookie': cookie, location: '/' }, '');
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const asset = assets.get(path);
  if (asset !== undefined) return sendAsset(request, response, asset);
  const noStore = { ...commonHeaders, 'cache-control': 'no-store' };
  if (path === '/api/events' && method === 'GET') return streams.open(request, response, noStore);
  if (path === '/api/events') return send(request, response, 200, {}, '');
  const { status, type, body } = await answerOrFault(
    path,
    new URLSearchParams(mark < 0 ? '' : url.slice(mark)),
    shown,
  );
  send(request, response, status, { 'content-type': type }, body);
}

/** An error of the database has the terminal's words; an internal one gives away nothing. */
async function answerOrFault(...asked: Parameters<typeof answerTo>): Promise<Answer> {
  try {
    return await answerTo(...asked);
  } catch (error) {
    const message =
      error instanceof CoresweepError ? error.message : 'The dashboard has met a fault of its own.';
    return fault(503, message);
  }
}

function sendAsset(request: IncomingMessage, response: ServerResponse, { type, body, etag }: Asset): void {
  const headers = { 'content-type': type, 'cache-control': 'no-cache', etag };
  if (request.headers['if-none-match'] === etag) send(request, response, 304, headers, '');
  else send(request, response, 200, headers, body);
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string | Buffer,
): void {
  const type = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  const length = status === 304 ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...commonHeaders, ...type, ...length, ...headers });
  response.end(request.method === 'HEAD' || status === 304 ? undefined : body);
}
