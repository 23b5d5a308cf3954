/**
 * The identity of the arithmetic: what it computes, not the bytes of the file that computes it.
 * Pinned here is what a battery of problems gives, kernel by kernel and training by training; test/sweep/battery.ts runs it.
 * Not here: running it. A start only reads the table.
 *
 * A kernel that is rebuilt or made faster keeps its line. One that gives other bits gets another line, and new hashes go to
 * the plans that use it, and to no others. A new kernel that takes the place of others in old plans is added to
 * `firstStage` only where the trainings there stay what they are.
 */

import type { LoadedData } from '../data/dataset.ts';
import { isDense } from '../data/placement.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Kernels } from '../kernel/kernels.ts';
import type { Penalty } from '../train/backprop.ts';
import { sha256 } from './identity.ts';
import { layerSizes } from './plan.ts';

type Kernel = keyof Kernels;
type Form = 'sparse' | 'dense';
type Depth = 'no hidden layer' | 'hidden layers';

/** What a whole training gives, for each way of going through the kernels. */
export type TrainingKind = `${Form}, ${Depth}, ${Penalty}`;

/** A piece of the arithmetic with outputs of its own. */
export type Piece = Kernel | TrainingKind | 'starting weights';

/** The outputs of the battery when the first stage ended: the first 16 digits of their SHA-256. */
const firstStage = {
  forwardSparse: '3508250bc1ce4a06',
  forwardDense: 'a31efab4f3df788f',
  sigmoid: '4451d5128856d563',
  outputDeltas: '0c67b068a63a3f53',
  hiddenDeltas: '770fbcfcae3a6c79',
  transpose: 'b51d1fc448eda2b4',
  descend: '99f85a4375312036',
  updateSparse: 'd42fe7502deb2c0e',
  updateDense: '422101797ac7d1c6',
  decayL2: '53312c5f9a20d9a3',
  decayL1: '5b682fca41f2c28d',
  loss: '953dcea1fe84836c',
  countEqual: 'ce236dcd87808c88',
  gather: 'dbdb42c61cf2b5bf',
  'sparse, no hidden layer, none': '647959ae4e991de3',
  'sparse, no hidden layer, l1': 'b86b30a728c54f59',
  'sparse, no hidden layer, l2': '82481379945426f4',
  'sparse, hidden layers, none': 'ce4e57504631b6a7',
  'sparse, hidden layers, l1': 'fb736be7306b9b6c',
  'sparse, hidden layers, l2': '994a58732c977154',
  'dense, no hidden layer, none': '8054ea4aaaf53490',
  'dense, no hidden layer, l1': '624395a6467a5159',
  'dense, no hidden layer, l2': '5d3e7d46c92091c3',
  'dense, hidden layers, none': '6d192721d6ef1ba2',
  'dense, hidden layers, l1': 'ec4e6a1034006606',
  'dense, hidden layers, l2': '0239f39b995a0a1f',
  'starting weights': 'f36755e066eee817',
} as const satisfies Partial<Record<Piece, string>>;

/** The same today. */
export const outputs: Readonly<Record<Piece, string>> = { ...firstStage };

/** Hashes that databases hold, and the outputs that they stand for: mlp.wasm as it was when the first stage ended. */
const recorded = [
  { hash: '568586522651d0869c63f58dd101149ca690b8f22222575409d3909e8b17e689', outputs: firstStage },
] as const satisfies readonly { hash: string; outputs: Partial<Record<Piece, string>> }[];

/** The pieces that trainings of one kind are made of. */
export function piecesOf(form: Form, depth: Depth, penalty: Penalty): Piece[] {
  const deep: Kernel[] = ['sigmoid', 'forwardDense', 'updateDense', 'transpose', 'hiddenDeltas'];
  const first: Record<Form, Kernel[]> = {
    sparse: ['forwardSparse', 'updateSparse'],
    dense: ['gather', 'forwardDense', 'updateDense'],
  };
  const penalties: Record<Penalty, Kernel[]> = { none: [], l1: ['decayL1'], l2: ['decayL2'] };
  const pieces: Piece[] = [
    ...first[form],
    ...(depth === 'hidden layers' ? deep : []),
    ...penalties[penalty],
    ...(['outputDeltas', 'descend', 'loss', 'countEqual'] as const),
    `${form}, ${depth}, ${penalty}`,
    'starting weights',
  ];
  return [...new Set(pieces)];
}

/** What stands for these pieces in a trial's key: a recorded hash where they give what they gave then, else one of their own. */
export function hashOfPieces(
  pieces: readonly Piece[],
  today: Readonly<Record<Piece, string>> = outputs,
): string {
  const known = recorded.find(({ outputs }) =>
    pieces.every((piece) => (outputs as Partial<Record<Piece, string>>)[piece] === today[piece]),
  );
  return known?.hash ?? sha256(Object.fromEntries(pieces.map((piece) => [piece, today[piece]])));
}

/** The hash (hex) of the arithmetic that an experiment's trainings go through: equal ones give equal bits. */
export function kernelHash(experiment: Experiment, data: LoadedData): string {
  const form = isDense(data) ? 'dense' : 'sparse';
  const depth = layerSizes(experiment, data).length > 2 ? 'hidden layers' : 'no hidden layer';
  return hashOfPieces(piecesOf(form, depth, experiment.training.penalty));
}
