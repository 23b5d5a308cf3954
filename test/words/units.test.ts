import t from 'tap';
import {
  durationText,
  lossText,
  numberText,
  parameterText,
  percent,
  pSentence,
  quantityText,
  secondsText,
  signedText,
  timeText,
} from '../../src/words/units.ts';

t.test('percentages have two decimals, and a dash where there is no number', async (t) => {
  t.equal(percent(0.90321), '90.32 %');
  t.equal(percent(1), '100.00 %');
  t.equal(percent(Number.NaN), '-');
});

t.test('a loss shows digits that say something, whatever its size', async (t) => {
  t.equal(lossText(0.61237), '0.6124');
  t.equal(lossText(0.0000123), '1.230e-5');
  t.equal(lossText(0), '0.0000');
  t.equal(lossText(Number.POSITIVE_INFINITY), '-');
});

t.test('a time to wait is no finer than a person needs', async (t) => {
  t.equal(durationText(0.2), '1 s');
  t.equal(durationText(59.5), '1 min 00 s');
  t.equal(durationText(185), '3 min 05 s');
  t.equal(durationText(7_800), '2 h 10 min');
});

t.test('a time that nobody knows, which is recorded as 0, is none', async (t) => {
  t.equal(timeText(0), '');
  t.equal(timeText(0.001), '0.00 s');
});

t.test('a measured time is fine while it is short, and never thousands of seconds', async (t) => {
  t.equal(secondsText(3.2123), '3.21 s');
  t.equal(secondsText(59.994), '59.99 s');
  t.equal(secondsText(59.999), '1 min 00 s');
  t.equal(secondsText(184.6), '3 min 05 s');
  t.equal(secondsText(7_800), '2 h 10 min');
});

t.test('a p value in a sentence has one relation', async (t) => {
  t.equal(pSentence(0.0151), 'p = 0.015');
  t.equal(pSentence(0.0002), 'p < 0.001');
});

t.test('a parameter has no digits that only rounding made', async (t) => {
  t.equal(parameterText(0.1 + 0.2), '0.3');
  t.equal(parameterText(1e-7), '1e-7');
  t.equal(parameterText(268_435_456), '268435456', 'a whole number is written whole');
});

t.test('a number of which nothing is known has five digits, and a whole one all of them', async (t) => {
  const written = [
    0.0434921,
    2.25,
    12345.678,
    1234567.8,
    455,
    123_456_789,
    0,
    -0.5,
    1.5e-7,
    2.5e12,
    Number.NaN,
  ];
  t.same(written.map(numberText), [
    ...['0.043492', '2.2500', '12346', '1234568', '455', '123456789', '0', '-0.50000'],
    ...['1.5000e-7', '2.5000e+12', '-'],
  ]);
});

t.test('what rounds to nothing has no sign', async (t) => {
  t.equal(percent(-0.00004), '0.00 %');
  t.equal(quantityText.r2(-0.00004), '0.0000');
  t.equal(secondsText(-0.004), '0.00 s');
  t.equal(signedText(-0.004, secondsText), '0.00 s');
  t.equal(signedText(0.004, secondsText), '0.00 s');
  t.equal(signedText(-0.36, secondsText), '-0.36 s');
  t.equal(signedText(60, secondsText), '+1 min 00 s');
  t.equal(signedText(0.0000123, lossText), '+1.230e-5');
});
