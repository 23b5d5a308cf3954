/** A command line run in this process, as a person would type it, and what it left on both streams. */
import { Writable } from 'node:stream';
import { main } from '../../src/cli.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';

export interface Typed {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** A stream that keeps what is written to it, at once, here and in `screen`. */
function kept(screen: Buffer[], traits: object): { stream: NodeJS.WriteStream; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      screen.push(chunk);
      done();
    },
  });
  const text = () => Buffer.concat(chunks).toString();
  return { stream: Object.assign(stream, traits) as unknown as NodeJS.WriteStream, text };
}

/** Streams that are no terminal. */
export async function typed(...argv: readonly string[]): Promise<Typed> {
  const { screen: _, ...typed } = await typedOn({}, argv);
  return typed;
}

/** Both streams on one terminal without colours; `screen` is what it was sent, in order. */
export const typedOnTerminal = (columns: number, ...argv: readonly string[]) =>
  typedOn({ isTTY: true, columns, rows: 24, getColorDepth: () => 1 }, argv);

async function typedOn(
  traits: object,
  argv: readonly string[],
): Promise<Typed & { readonly screen: string }> {
  const screen: Buffer[] = [];
  const [out, err] = [kept(screen, traits), kept(screen, traits)];
  const { signal } = new AbortController();
  const exitCode = await main(argv, { out: out.stream, err: err.stream, signal, program: 'coresweep' });
  return { exitCode, out: out.text(), err: err.text(), screen: Buffer.concat(screen).toString() };
}

/** Four trials and a final training that take milliseconds; its pictures lie in the folder `pictures` beside it. */
export const tinyDefinition = `name: tiny
data: { source: idx, folder: pictures, train: [0, 80], validation: [80, 120], test: [0, 60] }
model: { hidden: [5] }
training: { epochs: 3 }
space: { learningRate: [0.1, 0.01], batchSize: [16, 32] }
final: { epochs: 2 }
`;

/** Puts pictures into `folder`, which holds tiny.yaml, and returns the paths that tests type. */
export function tinyExperiment(folder: string): { definition: string; db: string } {
  writeTinyIdx(`${folder}/pictures`);
  return { definition: `${folder}/tiny.yaml`, db: `${folder}/results/results.db` };
}
