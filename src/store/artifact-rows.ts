/**
 * What trials have left behind, read back: the row held against its digest, its bytes against their hash.
 * Not here: writing it (attempt-records.ts).
 */
import { hash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { errors } from '../errors.ts';
import { checkedWeights } from '../model/weights-check.ts';
import type { Artifact, ArtifactName } from '../trial.ts';
import { DamagedRecord, expectIntact, modelName } from './digest.ts';
import { rowsOf } from './seals.ts';
import { hasDigests } from './soundness.ts';
import { storedJson } from './stored-json.ts';
import type { TrialRow } from './trial-row.ts';

interface ArtifactRow {
  readonly trial_id: number;
  readonly name: ArtifactName;
  readonly kind: Artifact['kind'];
  readonly sizes: string | null;
  readonly sha256: string;
  readonly correct: Buffer | null;
}

export interface ArtifactRows {
  artifact(trialId: number, name: ArtifactName): Artifact | undefined;
  correct(trialId: number): Uint8Array | undefined;
}

/** @param version of the database; one before version 5 is read as one of today's (former.ts) */
export function artifactRows(db: Database.Database, path: string, version: number): ArtifactRows {
  const rows = rowsOf(version);
  const trial = db.prepare<[number], TrialRow>(`${rows.trial} WHERE id = ?`);
  const artifact = db.prepare<[number, ArtifactName], ArtifactRow>(
    `${rows.artifact} WHERE trial_id = ? AND name = ?`,
  );
  const bytes = db
    .prepare<[number, ArtifactName], Buffer>('SELECT bytes FROM artifact WHERE trial_id = ? AND name = ?')
    .pluck();

  /** The row of an artifact that is intact, and there where its trial says so; the others are undefined. */
  const rowOf = (trialId: number, name: ArtifactName): ArtifactRow | undefined => {
    const row = artifact.get(trialId, name);
    if (row !== undefined) expectIntact('artifact', row);
    else if (hasDigests(version) && trial.get(trialId)?.[`${name}_sha256`] != null)
      throw new DamagedRecord(modelName(trialId, name), 'is missing');
    return row;
  };
  const artifactOf = (trialId: number, name: ArtifactName): Artifact | undefined => {
    const row = rowOf(trialId, name);
    if (row === undefined) return undefined;
    const content = bytes.get(trialId, name) as Buffer;
    const refuse = (fault: string): never => {
      throw errors.weightsDamaged(path, trialId, name, fault);
    };
    if (row.name === 'model') {
      const copy = new Uint8Array(content);
      return hash('sha256', copy) === row.sha256
        ? { kind: 'bytes', name: row.name, bytes: copy, sha256: row.sha256 }
        : refuse('is damaged: its bytes do not have the SHA-256 that is recorded');
    }
    const sizes = storedJson(modelName(trialId, name), 'sizes', row.sizes ?? '');
    const weights = checkedWeights(sizes, content, row.sha256, refuse);
    const correct = row.correct instanceof Uint8Array ? { correct: new Uint8Array(row.correct) } : {};
    return { kind: 'network', name: row.name, weights, ...correct };
  };
  const correctOf = (trialId: number): Uint8Array | undefined => {
    for (const kind of ['best', 'last'] as const) {
      const bits = rowOf(trialId, kind)?.correct;
      if (bits instanceof Uint8Array) return new Uint8Array(bits);
    }
    return undefined;
  };
  return { artifact: artifactOf, correct: correctOf };
}
