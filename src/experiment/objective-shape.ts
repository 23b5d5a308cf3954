/**
 * The definition of an experiment with an objective of one's own: a function, a module or a command line.
 * Not here: the network that is trained where there is none (schema.ts), and faults across keys (check.ts).
 */
import * as z from 'zod';
import { shown } from '../errors.ts';
import type { SpaceDefinition, WrittenSpace } from '../space/definition.ts';
import { bounding, heading, limitsDescription } from './common-shape.ts';
import { limits } from './limits.ts';
import { pruning } from './prune-shape.ts';
import { replicates, searching } from './search-shape.ts';
import { filePath, group, later, listOf, must, oneOf, seconds, whole, yesOrNo } from './shapes.ts';
import { axisOfAny } from './space-shape.ts';

const module = later(() =>
  filePath('a module').describe(
    'A file whose default export is the function, or a definition with one; relative to the definition.',
  ),
);

const version = later(() =>
  z
    .union([z.string().min(1).max(100), z.int()], must('be a text of 1 to 100 characters or a whole number'))
    .optional()
    .describe('Part of what the objective is: another version makes another experiment, whatever its code.'),
);

const word = later(() =>
  z
    .string(must('be a text'))
    .refine((text) => !text.includes('\0'), { error: 'must not hold the character U+0000' }),
);

const objective = later(() =>
  z
    .union(
      [
        module().transform((path) => ({ module: path })),
        group({ module: module(), version: version() }),
        group({
          command: listOf(word(), limits.commandWords, 'words, such as [python3, train.py, "{args}"]')
            .refine(([program]) => program !== '', {
              error: 'must begin with a program, but its name is empty',
            })
            .describe(
              'A program and its arguments, {args} among them; parameters also come as JSON on stdin.',
            ),
          wording: oneOf('json', 'python')
            .default('json')
            .describe('How {args} writes values: true and [1,2], or True and [1, 2] as Python does.'),
          version: version(),
        }),
      ],
      {
        error: ({ input }) =>
          typeof input === 'function'
            ? 'must be named by its file, which each thread imports, but got a function: export it as default from a file of its own, and write objective: "./that-file.ts"'
            : `must be the path of a module, { module, version } or { command: [program, ...] }, but got ${shown(input)}`,
      },
    )
    .describe('What is tried: a module, or a command in any language.'),
);

const metricName = later(() =>
  z
    .string(must('be the name of a metric'))
    .regex(/^[^\p{Cc}]{1,100}$/u, must('be a name of 1 to 100 characters without control characters')),
);

const goals = ['minimise', 'maximise', 'none'] as const;

const goal = later(() =>
  z
    // As other tools spell them, too.
    .enum([...goals, 'minimize', 'maximize'], must(`be ${goals.map(shown).join(' or ')}`))
    .transform((given) => (given === 'minimize' ? 'minimise' : given === 'maximize' ? 'maximise' : given))
    .describe('Which way is better; none is only recorded.'),
);

const metric = later(() => group({ name: metricName().describe('As it is reported.'), goal: goal() }));

/** In the end a list: the definition is recorded with its keys in alphabetic order, and the order of metrics counts. */
const metrics = later(() =>
  z
    .union(
      [
        z
          .record(metricName(), goal())
          .refine((given) => hasRoom(Object.keys(given).length), {
            error: `must name 1 to ${limits.metrics.max} metrics`,
          })
          .transform((given) => Object.entries(given).map(([name, goal]) => ({ name, goal }))),
        listOf(metric(), limits.metrics, 'metrics'),
        listOf(metricName(), limits.metrics, 'names of metrics').transform((names) =>
          names.map((name, place) => ({
            name,
            goal: place === 0 ? ('minimise' as const) : ('none' as const),
          })),
        ),
      ],
      must(
        `name 1 to ${limits.metrics.max} metrics with goals, such as { error: "minimise", seconds: "none" }`,
      ),
    )
    .describe('What is reported, in order: the first decides. Of a bare list the first is minimised.'),
);

const hasRoom = (count: number) => count >= limits.metrics.min && count <= limits.metrics.max;

const space = later(
  () =>
    z
      .record(
        z.string(),
        axisOfAny(),
        must('hold a list or a range for each parameter, such as { alpha: [0.1, 1] }'),
      )
      .describe('What is tried, by parameter.') as unknown as z.ZodType<SpaceDefinition, WrittenSpace>,
);

export const objectiveShape = later(() =>
  group({
    ...heading,
    objective: objective(),
    deterministic: yesOrNo()
      .default(true)
      .describe(
        'Whether equal parameters give equal answers. Where not, as with times, each trial is run: no result is taken over.',
      ),
    metrics: metrics(),
    space: space(),
    search: group({
      ...searching,
      replicates,
      result: oneOf('best', 'last')
        .default('best')
        .describe('Which report a trial is ranked by: its best by the first metric, or its last.'),
      metrics: listOf(metricName(), { min: 2, max: limits.metrics.max }, 'names of metrics')
        .optional()
        .describe(
          'Metrics that count alike: the search looks for the Pareto front, the trials that no other dominates.',
        ),
    })
      .prefault({})
      .describe('How the space is searched, and what decides.'),
    prune: pruning,
    final: group({})
      .optional()
      .describe(
        'After the search the winner is run once more, with role "final" and what it saved as its start.',
      ),
    limits: group({
      ...bounding,
      importSeconds: seconds(0.5)
        .optional()
        .describe(
          "How long a function's module may take to be imported on a thread, which no trial's limits count; 600 if absent.",
        ),
      memoryMb: whole(limits.memoryMb)
        .optional()
        .describe('The heap of the thread that a function runs on; a trial that needs more fails.'),
    })
      .prefault({})
      .describe(limitsDescription),
  }),
);
