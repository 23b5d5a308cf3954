/** A model as the whole content of a file, in each format that is written. */
import { type Model, modelText } from '../model/model-file.ts';
import { safetensorsOf } from '../model/safetensors.ts';
import { onnxOf } from './onnx.ts';

export const modelFormats = ['safetensors', 'onnx', 'json'] as const;
export type ModelFormat = (typeof modelFormats)[number];

export function modelAs(format: ModelFormat, model: Model): string | Uint8Array {
  switch (format) {
    case 'safetensors':
      return safetensorsOf(model);
    case 'onnx':
      return onnxOf(model);
    case 'json':
      return modelText(model);
    default:
      return format satisfies never;
  }
}
