/** The limits that hold for every experiment, whatever its data. */
export const limits = {
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER },
  epochs: { min: 1, max: 100_000 },
  units: { min: 1, max: 65_535 },
  hiddenLayers: { min: 0, max: 32 },
  trials: { min: 1, max: 10_000_000 },
  metrics: { min: 1, max: 8 },
  commandWords: { min: 1, max: 1_000 },
  memoryMb: { min: 16, max: 1_048_576 },
  replicates: { min: 1, max: 1_000 },
  classes: { min: 2, max: 256 },
  rows: { min: 0, max: 2 ** 32 - 1 },
  axisValues: { min: 1, max: 1_000_000 },
} as const;
