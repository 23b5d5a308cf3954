/** A network between two programs of this machine that can be cut, and can be slow. */
import { createConnection, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface TcpProxy {
  readonly port: number;
  /** Swallows everything for a while, new connections too, and tells nobody. */
  blackHole(ms: number): Promise<void>;
  /** Ends all connections with a reset. */
  reset(): void;
  /** From now on. */
  slowDown(bytesPerSecond: number, latencyMs: number): void;
  close(): void;
}

export async function tcpProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let rate = Number.POSITIVE_INFINITY;
  let latency = 0;
  let isCut = false;
  const pipe = (from: Socket, to: Socket) => {
    let turn = Promise.resolve();
    from.on('data', (bytes) => {
      turn = turn.then(async () => {
        from.pause();
        await sleep(latency + (1000 * bytes.length) / rate);
        while (isCut && !from.destroyed) await sleep(50);
        if (!to.destroyed) to.write(bytes);
        from.resume();
      });
    });
  };
  const server = createServer((near) => {
    const far = createConnection(target, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [one, other] of [pair, [far, near] as const]) {
      pipe(one, other);
      one.on('error', () => {});
      one.on('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    async blackHole(ms) {
      isCut = true;
      await sleep(ms);
      isCut = false;
    },
    reset() {
      for (const [near] of pairs) near.resetAndDestroy();
    },
    slowDown(bytesPerSecond, latencyMs) {
      rate = bytesPerSecond;
      latency = latencyMs;
    },
    close() {
      server.close();
      for (const pair of pairs) for (const socket of pair) socket.destroy();
    },
  };
}
