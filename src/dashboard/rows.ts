/**
 * The rows that an experiment was measured on: whether they are still at hand, and their bytes.
 * Not here: looking for them (pictures.ts).
 */
import { recordedJson } from '../experiment/recorded.ts';
import { measuredRows } from '../findings/trial-predictions.ts';
import { isNetworkRun } from '../store/results.ts';
import type { PicturesAnswer } from './answers.ts';
import { type Asked, oneOf, whole } from './asked.ts';
import { type Answer, bytes, json, notFound } from './http-answer.ts';
import { type Pictures, pictureBytes } from './pictures.ts';

/** In one answer. */
const mostPictures = 1000;

export async function data(asked: Asked): Promise<Answer> {
  const found = await foundRows(asked);
  if (found === undefined) return notFound;
  if ('reason' in found) return json({ available: false, reason: found.reason } satisfies PicturesAnswer);
  const { encoding, classes, inputs, validation, test } = found.data;
  const shape =
    encoding.kind === 'pictures'
      ? { rows: encoding.rows, columns: encoding.columns, scaling: encoding.pixels }
      : { rows: 1, columns: inputs, scaling: 'float32' as const };
  const counts = { validation: validation.to - validation.from, test: test ? test.to - test.from : 0 };
  return json({ available: true, ...shape, classes, ...counts } satisfies PicturesAnswer);
}

export async function pictures(asked: Asked): Promise<Answer> {
  const { query } = asked;
  const rows = oneOf(query, 'rows', ['validation', 'test'], 'validation');
  const replicate = whole(query, 'replicate', 0, Number.MAX_SAFE_INTEGER, 0);
  const from = whole(query, 'from', 0, Number.MAX_SAFE_INTEGER, 0);
  const count = whole(query, 'count', 1, mostPictures, mostPictures);
  const found = await foundRows(asked);
  if (found === undefined || 'reason' in found) return notFound;
  const role = rows === 'test' ? 'final' : 'search';
  return bytes(pictureBytes(found.data, measuredRows(found.data, { role, replicate }), from, count));
}

const foundRows = ({ run, pictures }: Asked): ReturnType<Pictures['of']> | undefined =>
  isNetworkRun(run) ? pictures.of(Object(recordedJson(run)) as { data?: unknown }, run.dataHash) : undefined;
