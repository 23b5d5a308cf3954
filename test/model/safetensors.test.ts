import { writeFileSync } from 'node:fs';
import t from 'tap';
import { loadModel } from '../../src/model/load-model.ts';
import { readSafetensors, safetensorsOf } from '../../src/model/safetensors.ts';
import { predict } from '../../src/train/predict.ts';
import { absent, fromPython } from '../export/foreign.ts';
import { digits, flowers, penguins, pictures, sampleModel } from '../export/sample-models.ts';
import { growsAsItsInput } from '../growth.ts';

const small = sampleModel([3, 2], flowers);

/** A file with a header and numbers of one's own. */
function fileOf(header: string | object, data: Uint8Array = Buffer.alloc(0), promised?: bigint): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(promised ?? BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

t.test('a small network lies byte by byte as the format says', async (t) => {
  const file = Buffer.from(safetensorsOf(small));
  const headerBytes = Number(file.readBigUInt64LE());
  t.equal(headerBytes % 8, 0);
  const header = JSON.parse(file.toString('utf8', 8, 8 + headerBytes));
  t.same(header['fc1.weight'], { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] });
  t.same(header['fc1.bias'], { dtype: 'F32', shape: [2], data_offsets: [24, 32] });
  t.match(header.__metadata__, {
    experiment: 'a sample: äöü',
    key: 'a'.repeat(64),
    validationAccuracy: '0.9022',
  });
  t.equal(header.__metadata__.weightsSha256, small.weights.sha256);
  // Ours is inputs x units, PyTorch's units x inputs.
  const [a, b, c, d, e, f, bias1, bias2] = small.weights.parameters as unknown as number[];
  const numbers = Array.from({ length: 8 }, (_, at) => file.readFloatLE(8 + headerBytes + 4 * at));
  t.same(numbers, [a, c, e, b, d, f, bias1, bias2]);
  t.equal(file.length, 8 + headerBytes + 32);
});

t.test('the time to read a file grows as its tensors and as their numbers', async (t) => {
  const path = `${t.testdir()}/model.safetensors`;
  for (const [what, size, sizes] of [
    ['layers', 1_200, (size: number) => new Array(size).fill(1)],
    ['numbers', 50_000, (size: number) => [size, 2]],
  ] as const) {
    const file = (size: number) => {
      const [inputs = 1, ...units] = sizes(size);
      return safetensorsOf(sampleModel([inputs, ...units], digits));
    };
    await growsAsItsInput(t, what, size, file, (bytes) => {
      writeFileSync(path, bytes);
      readSafetensors(path);
    });
  }
});

t.test('a model comes back bit for bit, with its encoding', async (t) => {
  for (const model of [
    small,
    sampleModel([784, 20, 10], digits),
    sampleModel([3, 4, 5, 2], flowers),
    sampleModel([3, 2], penguins),
  ]) {
    const path = `${t.testdir()}/model.safetensors`;
    writeFileSync(path, safetensorsOf(model));
    t.strictSame(loadModel(path), { ...model, provenance: null });
  }
});

t.test(
  "PyTorch's load_state_dict takes it and gives our outputs within 1e-6",
  { skip: absent('torch') },
  async (t) => {
    const rows = pictures(50);
    const folder = t.testdir({ 'rows.json': JSON.stringify(rows) });
    const script = `
import json, struct, sys, numpy, torch
raw = open(sys.argv[1] + '/model.safetensors', 'rb').read()
(length,) = struct.unpack('<Q', raw[:8])
header = json.loads(raw[8:8 + length])
meta = header.pop('__metadata__')
state = {}
for name, entry in header.items():
    start, end = entry['data_offsets']
    numbers = numpy.frombuffer(raw[8 + length + start:8 + length + end], '<f4')
    state[name] = torch.tensor(numbers.reshape(entry['shape']).copy())
class Mlp(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = torch.nn.Linear(784, 20)
        self.fc2 = torch.nn.Linear(20, 10)
    def forward(self, x):
        outputs = {'sigmoid': torch.sigmoid, 'softmax': lambda a: torch.softmax(a, 1)}[meta['output']]
        return outputs(self.fc2(getattr(torch, meta['activation'])(self.fc1(x / 255))))
net = Mlp()
net.load_state_dict(state)
rows = torch.tensor(json.load(open(sys.argv[1] + '/rows.json')), dtype=torch.float32).reshape(-1, 784)
print(json.dumps(net(rows).tolist()))
`;
    for (const functions of [
      { activation: 'sigmoid', output: 'sigmoid' },
      { activation: 'tanh', output: 'sigmoid' },
      { activation: 'relu', output: 'softmax' },
    ] as const) {
      const model = sampleModel([784, 20, 10], digits, functions);
      writeFileSync(`${folder}/model.safetensors`, safetensorsOf(model));
      const theirs = (fromPython('torch', script, folder) as number[][]).flat();
      const ours = predict(model, rows).flatMap(({ outputs }) => [...outputs]);
      const furthest = Math.max(...ours.map((output, at) => Math.abs(output - (theirs[at] as number))));
      t.equal(theirs.length, ours.length);
      t.ok(furthest < 1e-6, `${JSON.stringify(functions)}: furthest apart ${furthest}`);
    }
  },
);

t.test(
  "PyTorch's own weights, in whatever order they lie, give PyTorch's outputs within 1e-6",
  { skip: absent('torch') },
  async (t) => {
    const rows = pictures(20);
    const folder = t.testdir({ 'rows.json': JSON.stringify(rows) });
    const script = `
import json, struct, sys, torch
torch.manual_seed(5)
net = torch.nn.Sequential()
net.add_module('fc1', torch.nn.Linear(784, 12))
net.add_module('sigmoid1', torch.nn.Sigmoid())
net.add_module('fc2', torch.nn.Linear(12, 10))
net.add_module('sigmoid2', torch.nn.Sigmoid())
header, data = {}, b''
for name in sorted(net.state_dict()):
    tensor = net.state_dict()[name]
    piece = tensor.numpy().astype('<f4').tobytes()
    header[name] = {'dtype': 'F32', 'shape': list(tensor.shape), 'data_offsets': [len(data), len(data) + len(piece)]}
    data += piece
text = json.dumps(header).encode()
open(sys.argv[1] + '/foreign.safetensors', 'wb').write(struct.pack('<Q', len(text)) + text + data)
rows = torch.tensor(json.load(open(sys.argv[1] + '/rows.json')), dtype=torch.float32).reshape(-1, 784)
print(json.dumps(net(rows / 255).tolist()))
`;
    const theirs = (fromPython('torch', script, folder) as number[][]).flat();
    const ours = predict(loadModel(`${folder}/foreign.safetensors`), rows).flatMap(({ outputs }) => [
      ...outputs,
    ]);
    const furthest = Math.max(...ours.map((output, at) => Math.abs(output - (theirs[at] as number))));
    t.equal(theirs.length, ours.length);
    t.ok(furthest < 1e-6, `furthest apart ${furthest}`);
  },
);

t.test('functions come back with a model, and are checked', async (t) => {
  const path = `${t.testdir()}/model.safetensors`;
  const model = sampleModel([3, 4, 2], flowers, { activation: 'relu', output: 'softmax' });
  writeFileSync(path, safetensorsOf(model));
  t.strictSame(loadModel(path), { ...model, provenance: null });
  writeFileSync(path, safetensorsOf({ ...model, activation: 'gelu' as never }));
  t.throws(() => loadModel(path), { code: 'ERR_MODEL_FILE', message: /has the activation "gelu", but must/ });
});

t.test('a file without metadata is one of square pictures, or it must say what it is', async (t) => {
  const tensors = (inputs: number) => ({
    'fc1.weight': { dtype: 'F32', shape: [1, inputs], data_offsets: [0, 4 * inputs] },
    'fc1.bias': { dtype: 'F32', shape: [1], data_offsets: [4 * inputs, 4 * inputs + 4] },
  });
  const path = `${t.testdir()}/foreign.safetensors`;
  writeFileSync(path, fileOf(tensors(4), Buffer.alloc(20)));
  t.same(loadModel(path).encoding, { kind: 'pictures', rows: 2, columns: 2, pixels: '0-1' });
  writeFileSync(path, fileOf(tensors(5), Buffer.alloc(24)));
  t.throws(() => loadModel(path), { code: 'ERR_MODEL_ENCODING', exitCode: 65, message: /5 inputs/ });
});

t.test('each fault is named', async (t) => {
  const path = `${t.testdir()}/hostile.safetensors`;
  const whole = Buffer.from(safetensorsOf(small));
  const weight = { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] };
  const bias = { dtype: 'F32', shape: [1], data_offsets: [8, 12] };
  const tensors = (change: object = {}) => ({ 'fc1.weight': weight, 'fc1.bias': bias, ...change });
  const data = Buffer.alloc(12);
  const numbers = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);
  for (const [file, message] of [
    [Buffer.alloc(0), /it is empty/],
    [whole.subarray(0, 7), /is no safetensors file\. Name/],
    [whole.subarray(0, 100), /promises a header of \d+ bytes, but ends after 92/],
    [whole.subarray(0, -1), /promises 32 bytes of numbers, but holds 31/],
    [Buffer.concat([whole, Buffer.alloc(1)]), /promises 32 bytes of numbers, but holds 33/],
    [fileOf(tensors(), data, 2n ** 64n - 1n), /is no safetensors file\. Name/],
    [
      Buffer.from('a;b\n1,5;2\n'),
      /hostile\.safetensors" is no safetensors file\. Name a file that PyTorch's/,
    ],
    [fileOf('{"fc1.weight":', data), /not valid JSON/],
    [fileOf('[]', data), /not a JSON object/],
    [fileOf('null', data), /not a JSON object/],
    [fileOf({}), /no tensors/],
    [fileOf(tensors({ 'fc1.bias': { ...bias, dtype: 'F16' } }), data), /"fc1.bias" as "F16"/],
    [fileOf(tensors({ 'fc1.bias': null }), data), /"fc1.bias" as undefined/],
    [fileOf(tensors({ 'fc1.bias': { ...bias, shape: [2] } }), data), /4 bytes, but its shape \[2\] needs 8/],
    [fileOf(tensors({ 'fc1.bias': { ...bias, shape: [-1] } }), data), /shape \[-1\]/],
    [fileOf(tensors({ 'fc1.bias': { ...bias, shape: [2 ** 60] } }), data), /shape/],
    [
      fileOf(tensors({ 'fc1.bias': { ...bias, data_offsets: [0, 4] } }), data),
      /begin at byte 0.*8 comes next/,
    ],
    [
      fileOf(tensors({ 'fc1.bias': { ...bias, data_offsets: [12, 16] } }), Buffer.alloc(16)),
      /begin at byte 12/,
    ],
    [fileOf(tensors({ 'fc1.bias': { ...bias, data_offsets: [8] } }), data), /place \[8\]/],
    [fileOf({ 'fc1.weight': weight }, Buffer.alloc(8)), /no fc1.bias/],
    [
      fileOf(tensors({ conv: { ...bias, data_offsets: [12, 16] } }), Buffer.alloc(16)),
      /no fc2.weight|"conv"/,
    ],
    [
      fileOf({
        ...tensors(),
        'fc2.weight': { dtype: 'F32', shape: [3, 2], data_offsets: [12, 36] },
        'fc2.bias': { dtype: 'F32', shape: [3], data_offsets: [36, 48] },
      }),
      /fc2.weight the shape \[3,2\], but the other tensors need \[3,1\]/,
    ],
    [fileOf(tensors(), numbers(1, Number.NaN, 3)), /NaN in fc1.weight \(unit 0, input 1\)/],
    [fileOf(tensors(), numbers(1, 2, Number.NEGATIVE_INFINITY)), /-Infinity in fc1.bias/],
  ] as const) {
    writeFileSync(path, file);
    t.throws(() => readSafetensors(path), { code: 'ERR_MODEL_FILE', exitCode: 65, message }, String(message));
  }
  t.throws(() => readSafetensors(`${path}x`), { code: 'ERR_MODEL_MISSING' });
  t.throws(() => readSafetensors(t.testdirName), { code: 'ERR_MODEL_FILE', message: /not a file/ });
});

t.test('an encoding in the metadata is trusted only where it fits', async (t) => {
  const path = `${t.testdir()}/model.safetensors`;
  writeFileSync(path, safetensorsOf({ ...small, encoding: digits }));
  t.throws(() => loadModel(path), { code: 'ERR_MODEL_FILE', message: /encoding of 784 inputs.*has 3/ });
});
