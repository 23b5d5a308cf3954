import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import t from 'tap';
import { onnxOf, outputName } from '../../src/export/onnx.ts';
import { bytesField, numberField } from '../../src/export/protobuf.ts';
import { activationNames } from '../../src/kernel/activations.ts';
import type { Model } from '../../src/model/model-file.ts';
import { outputNames } from '../../src/train/outputs.ts';
import { predict, predictNumbers } from '../../src/train/predict.ts';
import { absent, fromPython } from './foreign.ts';
import { digits, flowers, measurements, pictures, prices, sampleModel } from './sample-models.ts';

const samples = [
  { name: 'pictures', model: sampleModel([784, 20, 10], digits), rows: pictures(40) },
  {
    name: 'raw pictures',
    model: sampleModel([784, 3], { ...digits, pixels: 'raw' } as typeof digits),
    rows: pictures(3),
  },
  { name: 'a table', model: sampleModel([3, 7, 5, 2], flowers), rows: measurements(33) },
  {
    name: 'numbers of a table',
    model: sampleModel([3, 7, 2], prices, { activation: 'tanh', output: 'linear' }),
    rows: measurements(33),
  },
  ...activationNames.flatMap((activation) =>
    outputNames.map((output) => ({
      name: `${activation} and ${output}`,
      model: sampleModel([784, 20, 12, 10], digits, { activation, output }),
      rows: pictures(9),
    })),
  ),
] as const;

/** What our own kernels say of rows. */
const oursOf = (model: Model, rows: readonly number[]): number[] =>
  model.output === 'linear'
    ? [...predictNumbers(model, rows)]
    : predict(model, rows).flatMap(({ outputs }) => [...outputs]);

/** How far two lists are apart: of numbers beyond 1, in parts of them. */
const furthestOf = (ours: readonly number[], theirs: ArrayLike<number>): number =>
  Math.max(
    ...ours.map((output, at) => Math.abs(output - (theirs[at] as number)) / Math.max(1, Math.abs(output))),
  );

t.test('fields are written as the encoding guide of Protocol Buffers shows', async (t) => {
  // https://protobuf.dev/programming-guides/encoding/: "a: 150" as field 1, "testing" as field 2, a message as field 3.
  const hex = (field: Uint8Array) => Buffer.from(field).toString('hex');
  t.equal(hex(numberField(1, 150)), '089601');
  t.equal(hex(bytesField(2, 'testing')), '120774657374696e67');
  t.equal(hex(bytesField(3, [numberField(1, 150)])), '1a03089601');
  t.equal(hex(numberField(1, 2 ** 53 - 1)), '08ffffffffffffff0f', 'beyond 32 bits');
  t.equal(hex(numberField(20, 2)), 'a00102', 'a field number beyond 15 takes two bytes');
});

t.test('the weights stand in the file as they are, inputs x units', async (t) => {
  const { model } = samples[2];
  const file = Buffer.from(onnxOf(model));
  const weights = Buffer.from(model.weights.parameters.slice(0, 21).buffer);
  // TensorProto: dims 3 and 7, float, name, raw_data of 84 bytes.
  const head = Buffer.concat([Buffer.from('080308071001420877656967687473314a54', 'hex'), weights]);
  t.ok(file.includes(head));
});

t.test("onnx's full checker passes it, and its metadata is there", { skip: absent('onnx') }, async (t) => {
  for (const { name, model } of samples) {
    const path = join(t.testdir(), 'model.onnx');
    writeFileSync(path, onnxOf(model));
    const script = `
import json, sys, onnx
model = onnx.load(sys.argv[1])
onnx.checker.check_model(model, full_check=True)
shape = lambda value: [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim]
print(json.dumps({
  'metadata': {p.key: p.value for p in model.metadata_props},
  'input': shape(model.graph.input[0]), 'output': shape(model.graph.output[0]),
}))
`;
    const found = fromPython('onnx', script, path) as { metadata: object; input: unknown; output: unknown };
    const { sizes, sha256 } = model.weights;
    t.match(found, { input: ['N', sizes[0]], output: ['N', sizes.at(-1)] }, name);
    t.match(found.metadata, {
      experiment: 'a sample: äöü',
      key: 'a'.repeat(64),
      validationAccuracy: '0.9022',
      weightsSha256: sha256,
    });
  }
});

interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly InferenceSession: { create(file: Uint8Array): Promise<Session> };
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => object;
}
interface Session {
  readonly inputNames: readonly string[];
  run(inputs: Record<string, object>): Promise<Record<string, { data: Float32Array }>>;
}

/** onnxruntime-web from the folder that .ci/run installs it into: its 139 MB are no development dependency. */
async function onnxRuntime(): Promise<OnnxRuntime | undefined> {
  const folder = process.env['CORESWEEP_FOREIGN'];
  if (folder === undefined || !existsSync(join(folder, 'node_modules/onnxruntime-web'))) return undefined;
  const path = createRequire(join(folder, 'from-here.js')).resolve('onnxruntime-web');
  const runtime = ((await import(path)) as { default: OnnxRuntime }).default;
  runtime.env.wasm.numThreads = 1;
  return runtime;
}

const runtime = await onnxRuntime();
const noRuntime = runtime === undefined && 'CORESWEEP_FOREIGN names no folder with onnxruntime-web';

t.test(
  'ONNX Runtime gives our outputs within 1e-6 for raw rows, one or many',
  { skip: noRuntime },
  async (t) => {
    if (runtime === undefined) return;
    for (const { name, model, rows } of samples) {
      const inputs = model.weights.sizes[0] as number;
      const session = await runtime.InferenceSession.create(onnxOf(model));
      for (const some of [rows, rows.slice(0, inputs)]) {
        const tensor = new runtime.Tensor('float32', Float32Array.from(some), [some.length / inputs, inputs]);
        const found = await session.run({ [session.inputNames[0] as string]: tensor });
        const theirs = found[outputName(model.output)]?.data ?? new Float32Array();
        const ours = oursOf(model, some);
        const furthest = furthestOf(ours, theirs);
        t.equal(theirs.length, ours.length);
        t.ok(furthest < 1e-6, `${name}, ${some.length / inputs} rows: furthest apart ${furthest}`);
      }
    }
  },
);

t.test('ONNX Runtime of Python gives our outputs within 1e-6', { skip: absent('onnxruntime') }, async (t) => {
  const script = `
import json, sys, numpy, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1])
columns = session.get_inputs()[0].shape[1]
rows = numpy.array(json.load(open(sys.argv[2])), dtype=numpy.float32).reshape(-1, columns)
(outputs,) = session.run(None, {session.get_inputs()[0].name: rows})
print(json.dumps(outputs.ravel().astype(float).tolist()))
`;
  for (const { name, model, rows } of samples) {
    const folder = t.testdir({ 'rows.json': JSON.stringify(rows) });
    writeFileSync(join(folder, 'model.onnx'), onnxOf(model));
    const files = [join(folder, 'model.onnx'), join(folder, 'rows.json')] as const;
    const theirs = fromPython('onnxruntime', script, ...files) as number[];
    const ours = oursOf(model, rows);
    const furthest = furthestOf(ours, theirs);
    t.equal(theirs.length, ours.length, name);
    t.ok(furthest < 1e-6, `${name}: furthest apart ${furthest}`);
  }
});

t.test(
  'its graph, node by node in NumPy, gives our outputs within 1e-6',
  { skip: absent('onnx') },
  async (t) => {
    const folder = join(t.testdir(), 'models');
    mkdirSync(folder);
    const script = `
import json, sys, numpy, onnx
from onnx import numpy_helper
graph = onnx.load(sys.argv[1]).graph
values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
columns = graph.input[0].type.tensor_type.shape.dim[1].dim_value
rows = json.load(open(sys.argv[2]))
values[graph.input[0].name] = numpy.array(rows, dtype=numpy.float32).reshape(-1, columns)
run = {
  'Cast': lambda node, x: x.astype({1: numpy.float32, 11: numpy.float64}[node.attribute[0].i]),
  'Sub': lambda node, a, b: a - b,
  'Div': lambda node, a, b: a / b,
  'Mul': lambda node, a, b: a * b,
  'Add': lambda node, a, b: a + b,
  'Gemm': lambda node, x, w, b: x @ w + b,
  'Sigmoid': lambda node, x: 1 / (1 + numpy.exp(-x)),
  'Tanh': lambda node, x: numpy.tanh(x),
  'Relu': lambda node, x: numpy.maximum(x, 0),
  'Softmax': lambda node, x: numpy.exp(x - x.max(1, keepdims=True)) / numpy.exp(x - x.max(1, keepdims=True)).sum(1, keepdims=True),
}
for node in graph.node:
    values[node.output[0]] = run[node.op_type](node, *[values[name] for name in node.input])
print(json.dumps(values[graph.output[0].name].ravel().astype(float).tolist()))
`;
    for (const { name, model, rows } of samples) {
      writeFileSync(join(folder, 'model.onnx'), onnxOf(model));
      writeFileSync(join(folder, 'rows.json'), JSON.stringify(rows));
      const theirs = fromPython(
        'onnx',
        script,
        join(folder, 'model.onnx'),
        join(folder, 'rows.json'),
      ) as number[];
      const ours = oursOf(model, rows);
      const furthest = furthestOf(ours, theirs);
      t.equal(theirs.length, ours.length, name);
      t.ok(furthest < 1e-6, `${name}: furthest apart ${furthest}`);
    }
  },
);
