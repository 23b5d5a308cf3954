import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { CoresweepError } from '../../src/errors.ts';
import {
  expectShape,
  expectWritable,
  type Model,
  modelText,
  readModelFile,
  writeModelFile,
} from '../../src/model/model-file.ts';
import type { Encoding } from '../../src/train/encoding.ts';
import { weightsSha256 } from '../../src/train/weights-hash.ts';
import { growsAsItsInput } from '../growth.ts';
import { weights } from '../store/example.ts';

const model = (of = weights([3, 2, 1], (index) => index / 7)): Model => ({
  weights: of,
  activation: 'sigmoid',
  output: 'sigmoid',
  encoding: { kind: 'pictures', rows: 1, columns: of.sizes[0] as number, pixels: '0-1' },
  provenance: {
    experiment: 'paper',
    definitionHash: 'd'.repeat(64),
    dataHash: 'e'.repeat(64),
    kernelHash: 'f'.repeat(64),
    trial: 4,
    key: 'a'.repeat(64),
    params: { learningRate: 0.001, batchSize: 128 },
    epoch: 97,
    validationAccuracy: 0.9022,
    validationLoss: 0.1 + 0.2,
  },
});

const table: Encoding = {
  kind: 'table',
  columns: ['length', 'width', 'weight'],
  offsets: [0.1, -2, 0],
  divisors: [1, 0.3, 1e-9],
  classes: ['yes'],
};

t.test('other functions come back, and the usual output is not written', async (t) => {
  const path = `${t.testdir()}/bestmodel.json`;
  const other = { ...model(), activation: 'tanh', output: 'softmax' } as const;
  writeModelFile(path, other);
  t.strictSame(readModelFile(path), other);
  t.notMatch(modelText(model()), '"output"', 'as before there were others');
});

t.test('the time to read or refuse a model grows as its file', async (t) => {
  const path = `${t.testdir()}/bestmodel.json`;
  const ofSizes = (sizes: readonly number[]) => modelText(model(weights(sizes, (index) => index / 7)));
  const head = '{"format":"coresweep-model","version":1,"activation":"sigmoid","parameters":"","sizes":';
  for (const [what, size, text] of [
    ['numbers', 50_000, (size: number) => ofSizes([size, 2])],
    ['layers', 20_000, (size: number) => ofSizes(new Array(size).fill(1))],
    ['layers without numbers', 50_000, (size: number) => `${head}[1${',1'.repeat(size)}]}`],
    ['lists in lists', 50_000, (size: number) => `${head}${'['.repeat(size)}${']'.repeat(size)}}`],
    ['a list that does not end', 50_000, (size: number) => `${head}${'['.repeat(size)}`],
    [
      'keys',
      20_000,
      (size: number) => `${head}[1,1]${Array.from({ length: size }, (_, at) => `,"${at}":1`).join('')}}`,
    ],
  ] as const) {
    await growsAsItsInput(t, what, size, text, (text) => {
      writeFileSync(path, text);
      try {
        readModelFile(path);
      } catch (error) {
        const { code, message } = error as CoresweepError;
        t.equal(code, 'ERR_MODEL_FILE');
        t.ok(message.length < 1_000, 'a message that can be read');
      }
    });
  }
});

t.test('a model comes back as it was, from a folder that the first write makes', async (t) => {
  const folder = `${t.testdir()}/deep/er`;
  writeModelFile(`${folder}/bestmodel.json`, model());
  t.strictSame(readModelFile(`${folder}/bestmodel.json`), model());
  writeModelFile(`${folder}/bestmodel.json`, { ...model(), encoding: table, provenance: null });
  t.strictSame(readModelFile(`${folder}/bestmodel.json`), { ...model(), encoding: table, provenance: null });
  const named = { ...model().encoding, classes: ['boot'] } as Encoding;
  writeModelFile(`${folder}/bestmodel.json`, { ...model(), encoding: named });
  t.strictSame(readModelFile(`${folder}/bestmodel.json`).encoding, named);
  t.strictSame(readdirSync(folder), ['bestmodel.json'], 'no temporary file stays');
});

t.test('every sign and exponent of float32, -0 and denormals among them, survives bit for bit', async (t) => {
  // All values of the upper 16 bits that are finite, with low, middle and high lower bits.
  const bits: number[] = [];
  for (let upper = 0; upper < 0x10000; upper++) {
    if ((upper & 0x7f80) !== 0x7f80)
      for (const lower of [0, 1, 0x5555, 0xffff]) bits.push(upper * 0x10000 + lower);
  }
  const parameters = new Float32Array(Uint32Array.from(bits).buffer);
  const path = `${t.testdir()}/bestmodel.json`;
  writeModelFile(path, model({ sizes: [bits.length - 1, 1], parameters, sha256: weightsSha256(parameters) }));
  const read = readModelFile(path).weights.parameters;
  t.equal(Buffer.compare(Buffer.from(read.buffer), Buffer.from(parameters.buffer)), 0);
  t.ok(bits.includes(0x80000000) && bits.includes(1), '-0 and the smallest denormal are among them');
});

t.test('a file with any one bit flipped is refused, or means the very same model', async (t) => {
  const path = `${t.testdir()}/bestmodel.json`;
  const original = model(weights([2, 1], (index) => index - 0.5));
  writeModelFile(path, original);
  const bytes = readFileSync(path);
  let refusals = 0;
  for (let position = 0; position < bytes.length; position++) {
    for (const bit of [1, 4, 32, 128]) {
      const flipped = Buffer.from(bytes);
      flipped[position] = (flipped[position] as number) ^ bit;
      writeFileSync(path, flipped);
      try {
        const read = readModelFile(path);
        // Compared as text first, since a tap assertion for each of thousands would be slow.
        if (JSON.stringify(read) !== JSON.stringify(original)) t.strictSame(read, original);
      } catch (error) {
        if (!(error instanceof CoresweepError && error.exitCode === 65)) throw error;
        refusals++;
      }
    }
  }
  // Only white space between the fields may change without a meaning.
  t.ok(refusals > 4 * bytes.length * 0.9, `${refusals} of ${4 * bytes.length} were refused`);
});

t.test('a file cut off at any length is refused', async (t) => {
  const path = `${t.testdir()}/bestmodel.json`;
  writeModelFile(path, model());
  const bytes = readFileSync(path);
  for (let length = 0; length < bytes.length - 1; length++) {
    writeFileSync(path, bytes.subarray(0, length));
    try {
      readModelFile(path);
      t.fail(`${length} of ${bytes.length} bytes were accepted`);
    } catch (error) {
      if (!(error instanceof CoresweepError && error.exitCode === 65)) throw error;
    }
  }
});

t.test('each fault is named with what came and what is allowed', async (t) => {
  const path = `${t.testdir()}/bestmodel.json`;
  writeModelFile(path, model());
  const valid = JSON.parse(readFileSync(path, 'utf8'));
  const base64 = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer).toString('base64');
  const eleven = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  for (const [change, message] of [
    [{ format: 'onnx' }, /has the format "onnx", but must have "coresweep-model"/],
    [{ version: 2 }, /has version 2, but this coresweep reads version 1/],
    [{ sizes: [3, 2.5, 1] }, /sizes \[3,2.5,1\].*whole numbers/],
    [{ sizes: [3, 0, 1] }, /sizes \[3,0,1\]/],
    [{ sizes: [3] }, /at least two/],
    [{ sizes: '3-2-1' }, /sizes "3-2-1"/],
    [{ sizes: [784, 20, 10] }, /holds 11 parameters, but its shape 784-20-10 needs 15910/],
    [{ sizes: [1e9, 1e9] }, /holds 11 parameters/],
    [{ activation: 'gelu' }, /activation "gelu"/],
    [{ encoding: undefined }, /undefined as encoding/],
    [{ encoding: { ...valid.encoding, pixels: '0-255' } }, /"pixels":"0-255".* as encoding/],
    [{ encoding: { ...valid.encoding, rows: 2 } }, /encoding of 6 inputs, but its network has 3/],
    [{ encoding: { ...table, divisors: [1, 0, 1] } }, /as encoding/],
    [{ encoding: { ...table, offsets: [1] } }, /as encoding/],
    [{ encoding: { ...table, classes: ['a', 'b'] } }, /names 2 classes, but its network has 1 outputs/],
    ...[
      'none',
      [{ name: 'a' }, { name: 'b' }],
      [{ name: 'a' }, { name: 'b' }, { name: 3 }],
      [{ name: 'a', categories: ['x', 'y', 'z', 'u'] }],
      [{ name: 'a', categories: ['x', 'y'] }, { name: 'b', categories: [] }, { name: 'c' }],
      [{ name: 'a', categories: ['x', 'y'], missing: 'z' }, { name: 'b' }],
      [{ name: 'a', missing: 'x' }, { name: 'b' }, { name: 'c' }],
    ].map((fields) => [{ encoding: { ...table, fields } }, /as encoding/] as const),
    [{ encoding: { ...valid.encoding, classes: ['a', 'b'] } }, /names 2 classes/],
    [{ encoding: { ...valid.encoding, classes: [7] } }, /as encoding/],
    [{ parameters: base64(...eleven, Number.NaN) }, /holds NaN as parameter 10, but all must be finite/],
    [{ parameters: base64(Number.POSITIVE_INFINITY, ...eleven) }, /holds Infinity as parameter 0/],
    [{ parameters: base64(0, ...eleven) }, /parameters have the SHA-256/],
    [{ parameters: `${valid.parameters}!` }, /not base64/],
    [{ parameters: 7 }, /not base64/],
    [{ sha256: 'x' }, /"x" is recorded/],
    [{ provenance: { ...valid.provenance, trial: 5 } }, /content has the SHA-256/],
    [{ contentSha256: undefined }, /undefined is recorded/],
  ] as const) {
    writeFileSync(path, JSON.stringify({ ...valid, ...change }));
    t.throws(() => readModelFile(path), { code: 'ERR_MODEL_FILE', exitCode: 65, message }, String(message));
  }
  for (const [text, message] of [
    ['', /it is empty/],
    ['{"format":', /not valid JSON/],
    ['[]', /is no model\. Name bestmodel\.json/],
    ['\x89PNG\r\n', /is no model\. Name bestmodel\.json/],
    [`{"format":"coresweep-model","version":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, /cannot be used/],
  ] as const) {
    writeFileSync(path, text);
    t.throws(() => readModelFile(path), { code: 'ERR_MODEL_FILE', exitCode: 65, message });
  }
});

t.test('a provenance of another kind is refused even where the SHA-256 fits', async (t) => {
  const path = `${t.testdir()}/bestmodel.json`;
  const { provenance } = model();
  for (const [faulty, message] of [
    [{ ...provenance, epoch: 0 }, /has 0 as provenance.epoch/],
    [{ ...provenance, params: { learningRate: null, batchSize: 1 } }, /as provenance.params/],
    [{ ...provenance, validationLoss: Number.NaN }, /has null as provenance.validationLoss/],
    [undefined, /has undefined as provenance.experiment/],
  ] as const) {
    writeModelFile(path, { ...model(), provenance: faulty as never });
    t.throws(() => readModelFile(path), { code: 'ERR_MODEL_FILE', message });
  }
});

t.test('a missing file, a folder and a folder that cannot be made have errors of their own', async (t) => {
  const folder = t.testdir({ file: '' });
  t.throws(() => readModelFile(`${folder}/none.json`), { code: 'ERR_MODEL_MISSING', exitCode: 65 });
  t.throws(() => readModelFile(folder), { code: 'ERR_MODEL_FILE', message: /is not a file/ });
  const fault = { code: 'ERR_FILE_SYSTEM', exitCode: 74 };
  t.throws(() => writeModelFile(`${folder}/file/bestmodel.json`, model()), fault);
  mkdirSync(`${folder}/bestmodel.json`);
  t.throws(() => writeModelFile(`${folder}/bestmodel.json`, model()), fault);
  t.strictSame(readdirSync(folder).sort(), ['bestmodel.json', 'file'], 'no temporary file stays');
});

t.test('a pipe or a device in place of a model is refused, and nobody waits for it', async (t) => {
  const pipe = `${t.testdir()}/pipe`;
  execFileSync('mkfifo', [pipe]);
  for (const path of [pipe, '/dev/zero'])
    t.throws(() => readModelFile(path), { code: 'ERR_MODEL_FILE', message: /is not a file/ });
});

t.test('a model of another shape is refused with both shapes', async (t) => {
  expectShape(model(), [3, 2, 1]);
  t.throws(() => expectShape(model(), [3, 4, 1]), {
    code: 'ERR_MODEL_SHAPE',
    exitCode: 65,
    message: /has the shape 3-2-1, but this experiment needs 3-4-1/,
  });
});

t.test('a network that is too large for its file is known before it is trained', async (t) => {
  const encoding = { kind: 'pictures', rows: 28, columns: 28, pixels: '0-1' } as const;
  t.throws(() => expectWritable([784, 65_535, 10], encoding), {
    ...{ code: 'ERR_MODEL_TOO_LARGE', exitCode: 2 },
    message: /52100335 parameters/,
  });
  t.doesNotThrow(() => expectWritable([784, 60_000, 10], encoding));
});
