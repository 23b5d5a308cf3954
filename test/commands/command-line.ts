import { main } from '../../src/cli.ts';

/** What a command line prints, and its exit code, without a process of its own. */
export async function coresweep(...argv: readonly string[]) {
  const printed = { out: '', err: '' };
  const stream = (name: keyof typeof printed) =>
    ({ write: (text: string | Uint8Array) => (printed[name] += text) }) as unknown as NodeJS.WriteStream;
  const terminal = { out: stream('out'), err: stream('err'), signal: new AbortController().signal };
  return { code: await main(argv, terminal), ...printed };
}
