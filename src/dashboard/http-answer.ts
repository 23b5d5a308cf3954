/**
 * What the server answers a question: a status and a body.
 * Not here: the headers that all answers have (server.ts), what their JSON says (answers.ts).
 */
import type { FaultAnswer } from './answers.ts';

export interface Answer {
  readonly status: 200 | 400 | 404 | 503;
  readonly type: 'application/json; charset=utf-8' | 'application/octet-stream';
  readonly body: string | Buffer;
}

export const json = (value: unknown, status: Answer['status'] = 200): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
});

export const bytes = (body: Buffer): Answer => ({ status: 200, type: 'application/octet-stream', body });

export const fault = (status: 400 | 404 | 503, error: string): Answer =>
  json({ error } satisfies FaultAnswer, status);

export const notFound = fault(404, 'There is nothing here.');
