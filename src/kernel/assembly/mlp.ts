// The exports of mlp.wasm: kernels.ts without its objects. Imported memory, no runtime, no allocation.
export { forwardDense, hiddenDeltas, transpose, updateDense } from './dense';
export { countEqual, decayL1, decayL2, descend, gather, sigmoid } from './elementwise';
export { loss, outputDeltas } from './outputs';
export { forwardSparse, updateSparse } from './sparse';
