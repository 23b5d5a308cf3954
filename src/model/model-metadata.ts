/** What a model tells of itself in a foreign format: names and texts, for people and programs. */
import type { Model } from './model-file.ts';

/** Every field of its provenance by name, the SHA-256 of its weights, and its encoding as JSON. */
export function modelMetadata({
  weights,
  activation,
  output,
  encoding,
  provenance,
}: Model): Record<string, string> {
  const content = {
    ...provenance,
    ...{ activation, output, encoding, weightsSha256: weights.sha256, sizes: weights.sizes.join('-') },
  };
  const texts = Object.entries(content).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return { producer: 'coresweep', ...Object.fromEntries(texts) };
}
