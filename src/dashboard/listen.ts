/** Where the server listens: at the port that was asked for, or at the first free one. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errors } from '../errors.ts';

interface Place {
  readonly host: string;
  readonly port: number | undefined;
}

const firstPort = 4600;
const portsTried = 50;

/** @throws ERR_PORT_IN_USE or ERR_CANNOT_LISTEN */
export async function listen(server: Server, { host, port }: Place): Promise<AddressInfo> {
  const ports = port === undefined ? Array.from({ length: portsTried }, (_, i) => firstPort + i) : [port];
  for (const candidate of ports) {
    const fault = await faultOfListening(server, host, candidate);
    if (fault === undefined) return server.address() as AddressInfo;
    if (fault.code !== 'EADDRINUSE') throw errors.cannotListen(host, candidate, fault);
  }
  throw errors.portInUse(host, ports);
}

function faultOfListening(
  server: Server,
  host: string,
  port: number,
): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => resolve(error);
    server.once('error', failed);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', failed);
      resolve(undefined);
    });
  });
}
