/**
 * Who is let in: requests of the page itself, to this server by its own name, that only read.
 * Not here: what is answered then (routes.ts).
 *
 * Any page that a person has open elsewhere can make their browser send requests to 127.0.0.1, and a name of its own can
 * be made to mean 127.0.0.1. Such a request shows itself by its Host, its Origin or its Sec-Fetch-Site.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

export interface House {
  /** Host headers that mean this server, as clients write them: `127.0.0.1:4600`, and `127.0.0.1` for port 80. */
  readonly hosts: ReadonlySet<string>;
  /** What a visitor must bring; undefined where only this machine can ask. */
  readonly token: string | undefined;
  readonly port: number;
}

const isLoopback = (host: string): boolean => /^127(?:\.\d{1,3}){3}$|^::1$|^localhost$/.test(host);
const isEverywhere = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** HTTP's own port is left out of addresses and headers by most clients, and written by some. */
const withoutUsualPort = (host: string): string => host.toLowerCase().replace(/:80$/, '');
const atPort = (name: string, port: number): string =>
  withoutUsualPort(`${isIPv6(name) ? `[${name}]` : name}:${port}`);

/** The server that listens on `host`; a token is made where other machines can reach it. */
export function houseOf(host: string, port: number): House {
  const outside = isEverywhere(host)
    ? [
        hostname(),
        ...Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []),
      ]
    : [];
  const names = ['localhost', '127.0.0.1', '::1', host, ...outside];
  return {
    hosts: new Set(names.map((name) => atPort(name, port))),
    port,
    token: isLoopback(host) ? undefined : randomBytes(24).toString('base64url'),
  };
}

/** Where a browser finds the server that listens on `host`, with the token where one is needed. */
export const addressOf = (host: string, { port, token }: House): string =>
  `http://${atPort(isEverywhere(host) ? '127.0.0.1' : host, port)}/${token ? `?token=${token}` : ''}`;

export interface Refusal {
  readonly status: 400 | 401 | 403 | 405;
  readonly reason: string;
}

/** Why this request is not answered, or undefined where it is. */
export function refusalOf(request: IncomingMessage, house: House): Refusal | undefined {
  const { method, headers, rawHeaders, url = '' } = request;
  // Node takes the first of several, another program on the way might take the last.
  if (rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length > 1)
    return { status: 400, reason: 'A request names one host.' };
  const { origin } = headers;
  const host = withoutUsualPort(headers.host ?? '');
  if (!house.hosts.has(host)) return { status: 403, reason: 'This is not the name of this server.' };
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, reason: 'Only GET and HEAD are answered.' };
  if (origin !== undefined && withoutUsualPort(origin) !== `http://${host}`)
    return { status: 403, reason: 'Other pages may not ask.' };
  if (!isOwnFetch(headers, url)) return { status: 403, reason: 'Other pages may not ask.' };
  if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined)
    return { status: 400, reason: 'A request that reads has no body.' };
  if (!hasToken(headers.cookie, house) && tokenGiven(url, house) === undefined)
    return { status: 401, reason: 'Open the address with the token that the terminal shows.' };
  return undefined;
}

/** Whether the page itself or a person's address bar asks; a link from elsewhere may open the page, but nothing else. */
function isOwnFetch(headers: IncomingMessage['headers'], url: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return true;
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': dest } = headers;
  return (url === '/' || url.startsWith('/?')) && mode === 'navigate' && dest === 'document';
}

/** A cookie's name holds the port: browsers share cookies between the ports of a machine. */
const cookieName = ({ port }: House): string => `coresweep-${port}`;

function hasToken(cookies: string | undefined, house: House): boolean {
  if (house.token === undefined) return true;
  const name = `${cookieName(house)}=`;
  const given = (cookies ?? '').split(/; */).find((cookie) => cookie.startsWith(name));
  return given !== undefined && isSame(given.slice(name.length), house.token);
}

/** The cookie to set for a visitor who opens `/?token=...` with the right one. */
export function tokenGiven(url: string, house: House): string | undefined {
  const given = /^\/\?token=([\w-]+)$/.exec(url)?.[1];
  if (house.token === undefined || given === undefined || !isSame(given, house.token)) return undefined;
  return `${cookieName(house)}=${house.token}; HttpOnly; SameSite=Strict; Path=/`;
}

/** In a time that tells nothing of how much is right: hashes have one length. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
