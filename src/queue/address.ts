/** Where the queue's server is, and whether one may speak to it like that. Pure. */
import { errors } from '../errors.ts';

/** Where the password stands when it does not stand in the address, which others on the machine can read. */
export const passwordVariable = 'CORESWEEP_QUEUE_PASSWORD';

export interface QueueAddress {
  readonly host: string;
  readonly port: number;
  readonly isEncrypted: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Without name and password, for people. */
  readonly shown: string;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);

/**
 * @param isForced whether trials may travel unprotected
 * @throws ERR_QUEUE_URL, or ERR_QUEUE_INSECURE where others could listen or join
 */
export function queueAddress(
  given: string,
  environment: Readonly<Record<string, string | undefined>>,
  isForced: boolean,
): QueueAddress {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '') throw errors.queueUrl();
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? 6379 : Number(url.port);
  const isEncrypted = url.protocol === 'rediss:';
  const password = decoded(url.password) ?? (environment[passwordVariable] || undefined);
  const shown = `${url.protocol}//${url.hostname}:${port}`;
  if (!isForced && !isLoopback(host)) {
    const missing = [
      ...(isEncrypted ? [] : ['encryption (rediss://)']),
      ...(password === undefined ? [`password (${passwordVariable})`] : []),
    ];
    if (missing.length > 0) throw errors.queueInsecure(shown, missing.join(' and '));
  }
  return { host, port, isEncrypted, username: decoded(url.username), password, shown };
}

function decoded(text: string): string | undefined {
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw errors.queueUrl();
  }
}
