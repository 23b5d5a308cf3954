/**
 * The identity of the arithmetic: what it computes, not the bytes of the file that computes it.
 * Not here: what each piece of it gives (pinned-arithmetic.ts).
 */
import type { LoadedData } from '../data/dataset.ts';
import { formOf } from '../data/placement.ts';
import { optimizerOf, scheduleOf } from '../experiment/network-settings.ts';
import type { NetworkExperiment as Experiment } from '../experiment/schema.ts';
import { ofTrial, settingPoints } from '../experiment/trial-settings.ts';
import type { InitialWeights } from '../train/initial-weights.ts';
import type { NetworkFunctions } from '../train/model.ts';
import type { Optimizer, Penalty } from '../train/optimizer.ts';
import { outputs as outputFacts } from '../train/outputs.ts';
import type { Schedule } from '../train/schedule.ts';
import { type KernelHashOf, sha256 } from './identity.ts';
import { type Depth, type Form, type Kernel, outputs, type Piece, recorded } from './pinned-arithmetic.ts';

/** What decides through which pieces of the arithmetic a training goes. */
export interface TrainingFacts extends NetworkFunctions {
  readonly form: Form;
  readonly depth: Depth;
  readonly penalty: Penalty;
  readonly initialWeights: InitialWeights;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  readonly warmup: number;
  readonly dropout: number;
  /** Undefined where there are none. */
  readonly classWeights?: unknown;
}

/** The pieces that trainings of one kind are made of. */
export function piecesOf(facts: TrainingFacts): Piece[] {
  const { form, depth, penalty, activation, output, initialWeights, schedule, warmup } = facts;
  const { dropout, classWeights } = facts;
  const isDeep = depth === 'hidden layers';
  const deep: Kernel[] = [activation, 'forwardDense', 'updateDense', 'transpose', `${activation}Deltas`];
  const first: Record<Form, Kernel[]> = {
    sparse: ['forwardSparse', 'updateSparse'],
    dense: ['gather', 'forwardDense', 'updateDense'],
  };
  const pieces: Piece[] = [
    ...first[form],
    ...(isDeep ? deep : []),
    ...stepPieces(facts),
    ...[outputFacts[output].deltas, outputFacts[output].loss],
    ...(outputFacts[output].learns === 'classes' ? ['countEqual' as const] : []),
    `${form}, ${depth}, ${penalty}`,
    ...(isDeep && activation !== 'sigmoid' ? [`activation ${activation}` as const] : []),
    ...(output === 'sigmoid' ? [] : [`output ${output}` as const]),
    ...(schedule.kind === 'constant' ? [] : [`schedule ${schedule.kind}` as const]),
    ...(dropout > 0 && isDeep ? (['drop', 'dropout masks'] as const) : []),
    ...(classWeights === undefined ? [] : (['weighRows', 'class weights'] as const)),
    ...(warmup > 0 ? ['schedule behind a warmup' as const] : []),
    initialWeights === 'he-uniform' || initialWeights === 'he-normal'
      ? `starting weights ${initialWeights}`
      : 'starting weights',
  ];
  return [...new Set(pieces)];
}

/** Plain descent has a kernel for each penalty; a step with moments has them in it. */
function stepPieces({ optimizer, penalty }: TrainingFacts): Piece[] {
  const penalties: Record<Penalty, Kernel[]> = { none: [], l1: ['decayL1'], l2: ['decayL2'] };
  switch (optimizer.kind) {
    case 'sgd':
      if (optimizer.momentum > 0) return ['momentum', 'optimizer momentum'];
      return [
        ...penalties[penalty],
        ...(optimizer.weightDecay > 0 ? (['decayL2', 'weight decay'] as const) : []),
        'descend',
      ];
    case 'adam':
    case 'adamw':
      return ['adam', `optimizer ${optimizer.kind}`];
    default:
      return optimizer satisfies never;
  }
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

/**
 * The hash (hex) of the arithmetic that an experiment's trainings go through, whatever settings its space names: equal ones
 * give equal bits.
 */
export function kernelHash(experiment: Experiment, data: LoadedData): string {
  const pieces = settingPoints(experiment.space).flatMap((params) =>
    piecesOf(factsOf(ofTrial(experiment, params), data)),
  );
  return hashOfPieces([...new Set(pieces)]);
}

/** The same of one trial, by its own definition. */
export function kernelHashes(data: LoadedData): KernelHashOf {
  const known = new Map<string, string>();
  return (ofTrial) => {
    const pieces = piecesOf(factsOf(ofTrial, data));
    const key = pieces.join();
    const hash = known.get(key) ?? hashOfPieces(pieces);
    known.set(key, hash);
    return hash;
  };
}

function factsOf({ model, training }: Experiment, data: LoadedData): TrainingFacts {
  return {
    form: formOf(data),
    depth: model.hidden.length > 0 ? 'hidden layers' : 'no hidden layer',
    ...model,
    ...training,
    optimizer: optimizerOf(training),
    schedule: scheduleOf(training),
  };
}
