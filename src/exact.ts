/**
 * Logarithm, exponential, cosine and the normal distribution, the same bits in every engine.
 * They are made of + - * / and square roots alone, which IEEE 754 rounds alike everywhere; errors stay under 2 ulp.
 * Not here: the float32 polynomials of the kernels, and random.ts's own logarithm, whose bits old runs depend on.
 */

/** ln 2 as a sum whose first term has 20 bits, so that a whole number of up to 11 bits times it is exact. */
const ln2High = 0.6931467056274414;
const ln2Low = 4.7493250390316726e-7;

/** One float64 as two words; which of them holds the exponent depends on the machine. */
const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
float[0] = 1;
const upper = words[0] === 0 ? 1 : 0;

/** 2^k at place k + 1022, for k from -1022 to 1023. */
const powersOfTwo = new Float64Array(2046);
for (let k = 0, power = 2 ** -1022; k < powersOfTwo.length; k++, power *= 2) powersOfTwo[k] = power;
const powerOfTwo = (k: number): number => powersOfTwo[k + 1022] as number;

/** 2/3 z + 2/5 z^2 + 2/7 z^3 + ...: ln((1 + s) / (1 - s)) = 2 s + s times it, where z = s^2. */
function logRest(z: number): number {
  let sum = 2 / 19 + z * (2 / 21);
  sum = 2 / 17 + z * sum;
  sum = 2 / 15 + z * sum;
  sum = 2 / 13 + z * sum;
  sum = 2 / 11 + z * sum;
  sum = 2 / 9 + z * sum;
  sum = 2 / 7 + z * sum;
  sum = 2 / 5 + z * sum;
  sum = 2 / 3 + z * sum;
  return z * sum;
}

/** ln(1 + f) + k ln 2 for 1 + f from about 0.7 to 1.42; `low` is a small correction. */
function logOf(f: number, k: number, low: number): number {
  const s = f / (2 + f);
  const square = s * s;
  const half = 0.5 * f * f;
  const rest = logRest(square);
  return k * ln2High - (half - (s * (half + rest) + (k * ln2Low + low)) - f);
}

/** ln(x). */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const subnormal = x < 2 ** -1022;
  float[0] = subnormal ? x * 2 ** 54 : x;
  const high = words[upper] as number;
  let k = (high >>> 20) - 1023 - (subnormal ? 54 : 0);
  words[upper] = (high & 0xf_ffff) | 0x3ff0_0000;
  let mantissa = float[0] as number;
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    k += 1;
  }
  return logOf(mantissa - 1, k, 0);
}

/** ln(1 + x), also where 1 + x has lost most of x. */
export function log1p(x: number): number {
  if (x > -0.29 && x < 0.41) return logOf(x, 0, 0);
  const sum = 1 + x;
  if (!(sum > 0) || sum === Number.POSITIVE_INFINITY) return log(sum);
  // What the sum has lost, to first order.
  const lost = sum > 2 ? 1 - (sum - x) : x - (sum - 1);
  return log(sum) + lost / sum;
}

/** (e^r - 1 - r) / r^2 = 1/2! + r/3! + ... + r^11/13!, for r up to half of ln 2. */
function expRest(r: number): number {
  // Written out, as the other two: a loop over an array takes three times as long, and a search's time goes here.
  let sum = 1 / 479001600 + r * (1 / 6227020800);
  sum = 1 / 39916800 + r * sum;
  sum = 1 / 3628800 + r * sum;
  sum = 1 / 362880 + r * sum;
  sum = 1 / 40320 + r * sum;
  sum = 1 / 5040 + r * sum;
  sum = 1 / 720 + r * sum;
  sum = 1 / 120 + r * sum;
  sum = 1 / 24 + r * sum;
  sum = 1 / 6 + r * sum;
  return 0.5 + r * sum;
}

/**
 * (m + mLow) e^(x + xLow), where the low parts are small beside the high ones.
 * @param isRest what its rounding has lost, in its place, for results that are not subnormal
 */
function timesExp(m: number, mLow: number, x: number, xLow: number, isRest = false): number {
  if (Number.isNaN(x)) return x;
  if (x > 710) return Number.POSITIVE_INFINITY;
  if (x < -750) return 0;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const high = x - k * ln2High;
  const low = k * ln2Low - xLow;
  const r = high - low;
  const lost = high - r - low;
  // e^r - 1
  const q = r + (r * r * expRest(r) + lost);
  const change = mLow + (m + mLow) * q;
  const value = m + change;
  if (isRest) return (change - (value - m)) * powerOfTwo(k);
  if (k > 1023) return value * 2 ** 1023 * powerOfTwo(k - 1023);
  return k >= -1022 ? value * powerOfTwo(k) : value * powerOfTwo(k + 108) * 2 ** -108;
}

/** e^x. */
export const exp = (x: number): number => timesExp(1, 0, x, 0);

/**
 * The scaled tail M(x) = e^(x^2/2) P(normal > x): on [0, 8) a polynomial in x - c for each half, c its middle, and from 8 on
 * one in 1/x^2 for x M(x). Interpolated at Chebyshev nodes with 60 digits; each row begins with what its first coefficient lacks; the
 * last one is for 8 and more.
 */
const rowLength = 14;
const tailPieces = new Float64Array([
  1.6593012241084574e-17, 0.4140321029477354, -0.2954342546644986, 0.1700867696408053, -0.08430418741820178,
  0.03725268069659618, -0.014998203435659786, 0.005583854969063451, -0.0019431778207042157,
  0.0006372577698178686, -0.0001981877930748868, 5.8765718864546954e-5, -1.6927926631282148e-5,
  4.6121161973224354e-6, 2.3538197066020127e-18, 0.30023246233995093, -0.17376793364646945,
  0.0849532560525494, -0.03668433053570416, 0.014360002037700624, -0.005182865799133944, 0.001745475447206309,
  -0.0005533943024394302, 0.0001663037577682842, -4.762616723889973e-5, 1.305733827281961e-5,
  -3.4834457047375613e-6, 8.836076007579228e-7, 1.2757616866751203e-17, 0.23076032130563176,
  -0.11049187876939295, 0.04632273642194528, -0.01752948608065745, 0.006102719705282829,
  -0.0019802172893411403, 0.0006045746820655619, -0.0001749284453067356, 4.823927543013184e-5,
  -1.2735907227576623e-5, 3.231700533323557e-6, -7.993703203198451e-7, 1.889120444091838e-7,
  5.204928727591149e-18, 0.18523166467823896, -0.0747868672145145, 0.027177323526419293,
  -0.009075517014427721, 0.0028237921877932197, -0.0008267761370540412, 0.00022948899127285663,
  -6.073863460339647e-5, 1.5399550022704373e-5, -3.7542282130059023e-6, 8.829068208102998e-7,
  -2.027771146858099e-7, 4.46927965797104e-8, -5.693933548426739e-18, 0.15365193742384164,
  -0.05322542119778899, 0.016947369864408205, -0.005031279667623707, 0.0014067476530638659,
  -0.0003732194896207528, 9.450063355513116e-5, -2.2941867688450647e-5, 5.360179567096633e-6,
  -1.209014569649343e-6, 2.6397415166053066e-7, -5.6388702382384084e-8, 1.160600130775382e-8,
  1.1881945407800617e-19, 0.13072473410074711, -0.03944926162437811, 0.011119632316853652,
  -0.0029567575843435765, 0.0007471372399772493, -0.00018042603487453384, 4.182760734108457e-5,
  -9.342873893948313e-6, 2.016838210190664e-6, -4.218311835830337e-7, 8.567575554578686e-8,
  -1.705475298168626e-8, 3.282997603492687e-9, -6.865953898366728e-18, 0.11345206212929865,
  -0.030223078481212095, 0.007613528532679665, -0.0018263702500010768, 0.000419456305044056,
  -9.262745171965641e-5, 1.973618115782256e-5, -4.0692662421582015e-6, 8.138832948911528e-7,
  -1.5823557944278054e-7, 2.996036678100605e-8, -5.569138646055063e-9, 1.0043525919831433e-9,
  -3.4263544556381647e-18, 0.10003920963545321, -0.023795244268483163, 0.005403521814320675,
  -0.0011773458215935482, 0.0002471187458362225, -5.013010494094857e-5, 9.855142050809705e-6,
  -1.8819032112288957e-6, 3.497506466626628e-7, -6.337005130400943e-8, 1.1210828197933336e-8,
  -1.950169680888059e-9, 3.300932941632026e-10, 1.3396901276330882e-18, 0.08935931861967142,
  -0.019165176267829143, 0.003953659740698779, -0.0007873741232864459, 0.00015182992918284785,
  -2.8419384851672086e-5, 5.174590593704363e-6, -9.181964148370146e-7, 1.5903198620665446e-7,
  -2.6923098557598375e-8, 4.460715558857026e-9, -7.277749138408439e-10, 1.1583935491730799e-10,
  3.247075260131705e-18, 0.08067539917254936, -0.015734134331823208, 0.0029691305481945587,
  -0.0005435880759663526, 9.677179683859665e-5, -1.6784408196534642e-5, 2.8409763174448447e-6,
  -4.6996724502767424e-7, 7.607899074369775e-8, -1.2065681065301285e-8, 1.8766379393692568e-9,
  -2.8780718475584134e-10, 4.31621424965496e-11, -3.487919548531118e-18, 0.07348823085269288,
  -0.013129068424795096, 0.0022803108112593095, -0.0003858122218945738, 6.369916157819951e-5,
  -1.0278324721779578e-5, 1.6229927981167805e-6, -2.5108750593360285e-7, 3.809792511411069e-8,
  -5.674784522389367e-9, 8.305057441500289e-10, -1.199930468753464e-10, 1.6988398413005012e-11,
  -6.488171234787043e-18, 0.0674492313514587, -0.011109200130545225, 0.0017856653004118203,
  -0.0002805415510590864, 4.3137845455518424e-5, -6.499787937961028e-6, 9.60677468696124e-7,
  -1.3941321383233207e-7, 1.9881436614008755e-8, -2.78831340834187e-9, 3.848530627423004e-10,
  -5.249848064928922e-11, 7.030476474247756e-12, 9.573089039224384e-19, 0.062308486908362076,
  -0.009514237224169695, 0.0014222521286507408, -0.0002083871400341886, 2.9958125859265545e-5,
  -4.229770682751649e-6, 5.870098486731313e-7, -8.013701859068004e-8, 1.0769185515692782e-8,
  -1.4255060659628251e-9, 1.8597272599613742e-10, -2.4002688103249962e-11, 3.0462926813792454e-12,
  1.7786976342889186e-18, 0.057882631723879995, -0.008234516265242704, 0.0011498234667458754,
  -0.00015773595490268152, 2.1276442788193787e-5, -2.8239932164729162e-6, 3.690814294980566e-7,
  -4.7527652577730424e-8, 6.0337219185936995e-9, -7.555562451160314e-10, 9.33696641406866e-11,
  -1.1425221873880033e-11, 1.3767691187122273e-12, -1.0044018033110866e-18, 0.05403435940923554,
  -0.007193174684475032, 0.0009419214733957776, -0.00012141466745188136, 1.5416283592409456e-5,
  -1.9293222813817664e-6, 2.381161753975581e-7, -2.899714429357082e-8, 3.4858599530859786e-9,
  -4.138499064424178e-10, 4.854383897405989e-11, -5.642815235629626e-12, 6.467887009744378e-13,
  -1.1978666387354178e-18, 0.05065898233519691, -0.006335167303656634, 0.0007807178659289988,
  -9.486794756896435e-5, 1.13728180673813e-5, -1.3457215093514847e-6, 1.5724606165069896e-7,
  -1.8152075957201603e-8, 2.070934144593022e-9, -2.3359238590801264e-10, 2.60588388548822e-11,
  -2.882952131305802e-12, 3.1486970091050536e-13, 2.3725762436853883e-17, 0.39894228040143265,
  -0.39894228040132623, 1.1968268409300686, -5.984133928831487, 41.88879474772998, -376.95598083126737,
  4138.366680135252, -52810.039234692245, 715039.1081356766, -8419595.853018338, 57644855.004350305, 0, 0,
]);

/** e^(-x^2/2) M(x), what its rounding has lost, or M(x) itself. */
function tail(x: number, wanted: 'tail' | 'rest' | 'scaled'): number {
  // As an integer of 32 bits, because an engine looks up tables faster by one.
  const half = Math.min(2 * x, 16) | 0;
  const isFar = half === 16;
  const row = rowLength * half;
  const at = isFar ? 1 / (x * x) : x - (0.5 * half + 0.25);
  let rest = (tailPieces[row + 12] as number) + at * (tailPieces[row + 13] as number);
  rest = (tailPieces[row + 11] as number) + at * rest;
  rest = (tailPieces[row + 10] as number) + at * rest;
  rest = (tailPieces[row + 9] as number) + at * rest;
  rest = (tailPieces[row + 8] as number) + at * rest;
  rest = (tailPieces[row + 7] as number) + at * rest;
  rest = (tailPieces[row + 6] as number) + at * rest;
  rest = (tailPieces[row + 5] as number) + at * rest;
  rest = (tailPieces[row + 4] as number) + at * rest;
  rest = (tailPieces[row + 3] as number) + at * rest;
  rest = (tailPieces[row + 2] as number) + at * rest;
  let m = tailPieces[row + 1] as number;
  let mLow = (tailPieces[row] as number) + at * rest;
  if (isFar) {
    const whole = m;
    m = whole / x;
    mLow = (mLow - productMinus(m, x, whole)) / x;
  }
  if (wanted === 'scaled') return m + mLow;
  return timesExp(m, mLow, -0.5 * x * x, -0.5 * productMinus(x, x, x * x), wanted === 'rest');
}

/** P(standard normal <= x). */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 0) return x > 9 ? 1 : 1 - tail(x, 'tail');
  return x < -39 ? 0 : tail(-x, 'tail');
}

/** ln P(standard normal <= x), also where the probability itself would be 0. */
export function logNormalCdf(x: number): number {
  if (x > 0) {
    const above = normalCdf(-x);
    return above > 0.29 || x > 30 ? log1p(-above) : logOf(-above, 0, -tail(x, 'rest') / (1 - above));
  }
  if (x > -0.5 || Number.isNaN(x)) return log(normalCdf(x));
  if (x < -1e8) return -0.5 * x * x;
  return -0.5 * x * x + (log(tail(-x, 'scaled')) - 0.5 * productMinus(x, x, x * x));
}

/** 1/sqrt(2 pi) and 2/sqrt(pi), each with what it lacks. */
const [density, densityLow] = [0.3989422804014327, -2.49232720227773e-17];
const [erfSlope, erfSlopeLow] = [1.1283791670955126, 1.533545961316588e-17];

/** -1/3, 1/(2! 5), -1/(3! 7), ...: the integral of e^(-y^2) from 0 to x is x + sum of these times x^3, x^5, ... */
const bellTerms = [-1 / 3];
for (let n = 2, factorial = 2; n <= 18; n++, factorial *= -n) bellTerms.push(1 / (factorial * (2 * n + 1)));

/** The sum of bellTerms[n] x^n. */
function bell(x: number): number {
  let sum = 0;
  for (let n = bellTerms.length - 1; n >= 0; n--) sum = sum * x + (bellTerms[n] as number);
  return sum;
}

/** erf(x). */
export function erf(x: number): number {
  if (Math.abs(x) < 0.75) {
    const w = x * x * bell(x * x);
    const first = x * erfSlope;
    return first + (productMinus(x, erfSlope, first) + x * (erfSlopeLow + erfSlope * w));
  }
  return x < 0 ? 2 * normalCdf(x * Math.SQRT2) - 1 : 1 - 2 * normalCdf(-x * Math.SQRT2);
}

/** The x with P(standard normal <= x) = p, for p from 2^-1022 to 1. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1))
    return p === 0 ? Number.NEGATIVE_INFINITY : p === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (p > 0.75) return -tailQuantile(1 - p);
  return p < 0.25 ? tailQuantile(p) : middleQuantile(p - 0.5);
}

/** How often Halley's rule is used: from three digits to all of them takes two; the last one takes rounding away. */
const refinements = 3;

function tailQuantile(p: number): number {
  // Abramowitz and Stegun 26.2.22.
  const t = Math.sqrt(-2 * log(p));
  let x = (2.30753 + 0.27061 * t) / (1 + (0.99229 + 0.04481 * t) * t) - t;
  for (let round = 0; round < refinements; round++) {
    const step = (normalCdf(x) - p) / timesExp(density, 0, -0.5 * x * x, 0);
    x -= step / (1 + 0.5 * x * step);
  }
  return x;
}

function middleQuantile(q: number): number {
  const y = q / density;
  let x = y + (y * y * y) / 6;
  for (let round = 0; round < refinements; round++) {
    const half = 0.5 * x * x;
    const w = half * bell(half);
    // x / sqrt(2 pi) - q without its rounding, so that the last step sees the true distance.
    const off = productMinus(x, density, q) + x * (densityLow + density * w);
    const step = off / timesExp(density, 0, -half, 0);
    x -= step / (1 + 0.5 * x * step);
  }
  return x;
}

/** a b - c as if a b were not rounded, where they are close. */
function productMinus(a: number, b: number, c: number): number {
  const product = a * b;
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return product - c + (aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow);
}

function upperHalf(x: number): number {
  const shifted = x * 134217729;
  return shifted - (shifted - x);
}

/** The cosine of so many turns, from 0 to half a turn; within 2 ulp of 1. */
export function cosineOfTurn(turns: number): number {
  if (turns > 0.25) return -cosineOfTurn(0.5 - turns);
  // Up to an eighth of a turn the cosine's own series, and the sine's of the rest of a quarter beyond.
  const isNear = turns <= 0.125;
  const angle = 2 * Math.PI * (isNear ? turns : 0.25 - turns);
  const square = angle * angle;
  let sum = 1;
  for (let n = isNear ? 20 : 21; n >= 2; n -= 2) sum = 1 - (square / (n * (n - 1))) * sum;
  return isNear ? sum : angle * sum;
}
