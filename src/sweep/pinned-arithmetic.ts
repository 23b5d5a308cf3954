/**
 * What a battery of problems gives, kernel by kernel and training by training; test/sweep/battery.ts runs it.
 * Not here: running it. A start only reads the table.
 *
 * A kernel that is rebuilt or made faster keeps its line. One that gives other bits gets another line, and new hashes go to
 * the plans that use it, and to no others. A new kernel that takes the place of others in old plans is added to
 * `firstStage` only where the trainings there stay what they are.
 */
import type { Activation } from '../kernel/activations.ts';
import type { Kernels } from '../kernel/kernels.ts';
import type { OptimizerKind, Penalty } from '../train/optimizer.ts';
import type { Output } from '../train/outputs.ts';
import type { ScheduleKind } from '../train/schedule.ts';

/** Not the one that computes nothing. */
export type Kernel = Exclude<keyof Kernels, 'tileWeights'>;
export type Form = 'sparse' | 'dense';
export type Depth = 'no hidden layer' | 'hidden layers';

/** What a whole training gives, for each way of going through the kernels. */
export type TrainingKind = `${Form}, ${Depth}, ${Penalty}`;

/** Settings that trainings of the first stage did not have: each is pinned by trainings with it, whatever else they have. */
export type Feature =
  | `activation ${Exclude<Activation, 'sigmoid'>}`
  | `output ${Exclude<Output, 'sigmoid'>}`
  | `optimizer ${Exclude<OptimizerKind, 'sgd'> | 'momentum'}`
  | 'weight decay'
  | `schedule ${Exclude<ScheduleKind, 'constant'>}`
  | 'schedule behind a warmup'
  | 'dropout masks'
  | 'class weights';

/** Starting weights that are drawn; those of the first stage are pinned together. */
type LaterWeights = `starting weights ${'he-uniform' | 'he-normal'}`;

/** A piece of the arithmetic with outputs of its own. */
export type Piece = Kernel | TrainingKind | Feature | 'starting weights' | LaterWeights;

/** The outputs of the battery when the first stage ended: the first 16 digits of their SHA-256. */
const firstStage = {
  forwardSparse: '281a5c4c90f0fd21',
  forwardDense: '64330e652d9163b1',
  sigmoid: '25d9bfe29cb85535',
  outputDeltas: '35a0d6931a3304d3',
  sigmoidDeltas: '37d7b840d338a878',
  transpose: '5d95dc689cf6a246',
  descend: '41309c6caa3aad0c',
  updateSparse: 'f4249aa4be29ba27',
  updateDense: 'fc4483e7edd24d8f',
  decayL2: '3e7f4a021de07c81',
  decayL1: '6f5a3118d8fc9fcb',
  loss: 'ca45e75a0ab6f7b2',
  countEqual: '25fa4ce0dd62faae',
  gather: '8231326c11d2fbd1',
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
export const outputs: Readonly<Record<Piece, string>> = {
  ...firstStage,
  tanh: 'd66818cf1030651b',
  tanhDeltas: 'e46b81af36d382d3',
  relu: 'b572d6d85869f743',
  reluDeltas: '8ab2f535816af48b',
  softmax: '16b2e7eb1ae03c72',
  softmaxDeltas: 'a123c3d21052955b',
  softmaxLoss: '37fc57301df42f06',
  'activation tanh': '463f04adfbbb10a9',
  'activation relu': 'cc23021b43461c09',
  'output softmax': '1e2be1128768a8b1',
  'output linear': 'c9b4413042937648',
  momentum: 'cf03e0549ce174a6',
  adam: 'bb17f828bc119048',
  'optimizer momentum': '5ed6d862cb232330',
  'weight decay': '5574a2c77a08bf54',
  'optimizer adam': 'c9d9404a34124d02',
  'optimizer adamw': '6f048df3114dac3d',
  'schedule step': '385999f0d5224956',
  'schedule exponential': 'baefe5e9bf6614f5',
  'schedule cosine': '7de512271b4ad301',
  'schedule behind a warmup': 'e89067d241629393',
  drop: 'a15ef41189186cf4',
  weighRows: '389bf0fd7f906d38',
  'dropout masks': 'd341aa833a671dac',
  'class weights': '0de33bae6cfffb5c',
  squaredDeltas: '23c3d88c7ae95820',
  squaredErrors: '365ad5e257657cc5',
  'starting weights he-uniform': 'e847e5f1702640a9',
  'starting weights he-normal': '91ce29bd83afbf2e',
};

/** Hashes that databases hold, and the outputs that they stand for: mlp.wasm as it was when the first stage ended. */
export const recorded = [
  { hash: '568586522651d0869c63f58dd101149ca690b8f22222575409d3909e8b17e689', outputs: firstStage },
] as const satisfies readonly { hash: string; outputs: Partial<Record<Piece, string>> }[];
