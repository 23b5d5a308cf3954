/**
 * Who is let in: requests of the page itself, to this server by its own name, that only read.
 * Not here: what is answered then (routes.ts).
 *
 * Any page that a person has open elsewhere can make their browser send requests to 127.0.0.1, and a name of its own can
 * be made to mean 127.0.0.1. Such a request shows itself by its Host, its Origin or its Sec-Fetch-Site.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface House {
  /** Host headers that mean this server, with the port: `127.0.0.1:4600`. */
  readonly hosts: ReadonlySet<string>;
  /** What a visitor must bring; undefined where only this machine can ask. */
  readonly token: string | undefined;
  readonly port: number;
}

export interface Refusal {
  readonly status: 400 | 401 | 403 | 405;
  readonly reason: string;
}

/** Why this request is not answered, or undefined where it is. */
export function refusalOf({ method, headers, url = '' }: IncomingMessage, house: House): Refusal | undefined {
  const { host = '', origin } = headers;
  if (!house.hosts.has(host.toLowerCase()))
    return { status: 403, reason: 'This is not the name of this server.' };
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, reason: 'Only GET and HEAD are answered.' };
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`)
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
