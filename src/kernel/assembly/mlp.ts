// The exports of mlp.wasm: kernels.ts without its objects. Imported memory, no runtime, no allocation.
export { forwardDense, reluDeltas, sigmoidDeltas, tanhDeltas, transpose, updateDense } from './dense';
export { drop, weighRows } from './dropout';
export { countEqual, decayL1, decayL2, descend, gather, relu } from './elementwise';
export { sigmoid, tanh } from './exponentials';
export { adam, momentum } from './optimizers';
export { loss, outputDeltas } from './outputs';
export { countMarked, placeMarked } from './rows';
export { softmax, softmaxDeltas, softmaxLoss } from './softmax';
export { forwardSparse } from './sparse-forward';
export { tileWeights } from './sparse-forward-wide';
export { updateSparse } from './sparse-update';
export { squaredDeltas, squaredErrors } from './squares';
