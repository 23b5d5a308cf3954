import t from 'tap';
import { cut, displayWidth, padded, printable, printableJson, wrapped } from '../../src/words/text.ts';

t.test('control characters, reversing marks and lone surrogates are written out', async (t) => {
  t.equal(
    printable('a\u001b[31m\n\r\t\u0000\u009b\u202e\ud800z'),
    'a\\u001b[31m\\n\\r\\t\\u0000\\u009b\\u202e\\ud800z',
  );
  t.equal(printable('naïve 模型 🙂'), 'naïve 模型 🙂');
});

t.test('printable JSON still parses to the same values', async (t) => {
  const value = { 'a\u202e': '\u007f\u009b\u001b\n\t' };
  const json = printableJson(JSON.stringify(value, null, 2));
  for (const character of '\u007f\u009b\u202e') t.notOk(json.includes(character));
  t.same(JSON.parse(json), value);
});

t.test('widths are columns of a terminal, not code units', async (t) => {
  t.equal(displayWidth('abc'), 3);
  t.equal(displayWidth('模型'), 4);
  t.equal(displayWidth('e\u0301'), 1);
  t.equal(displayWidth('👩‍🔬'), 2);
  t.equal(displayWidth('⠒█┤'), 3);
});

t.test('what is measured without a look at its letters is as wide as its letters', async (t) => {
  const ranges = [' ~', '\u00a1\u00ac', '\u00ae\u02ff', '\u2010\u2027', '\u2500\u259f', '\u2800\u28ff'];
  for (const range of ranges) {
    const [first = 0, last = 0] = [...range].map((letter) => letter.charCodeAt(0));
    for (let code = first; code <= last; code++) {
      const letter = String.fromCharCode(code);
      // Beside a wide letter, each is looked at.
      const [alone, beside] = [displayWidth(letter), displayWidth(`${letter}模${letter}`)];
      if (alone !== 1 || beside !== 4) t.fail(`U+${code.toString(16)} takes ${alone} and ${beside}`);
    }
  }
  t.equal(displayWidth('┌─┐ ▄⠒ é × “x”'), 14);
});

t.test('a text is cut between letters and never wider than asked', async (t) => {
  t.equal(cut('learning', 8), 'learning');
  t.equal(cut('learning', 5), 'lear…');
  t.equal(cut('模型模型', 4), '模…');
  t.equal(cut('abc', 0), '');
  t.equal(padded('模', 4, 'right'), '  模');
});

t.test('a sentence is wrapped between words, not before a percent sign, colours not counted', async (t) => {
  t.equal(wrapped('one two three', 7), 'one two\nthree');
  t.equal(wrapped('one two three', 9, '  '), 'one two\n  three');
  t.equal(wrapped('at most 91.32 % here', 14), 'at most\n91.32 % here');
  t.equal(wrapped('one \u001b[31mtwo\u001b[39m three', 7), 'one \u001b[31mtwo\u001b[39m\nthree');
  t.equal(wrapped('winner    one two', 13, '          '), 'winner    one\n          two');
  t.equal(wrapped('unbreakable', 4), 'unbreakable');
  t.equal(wrapped('any width', Number.POSITIVE_INFINITY), 'any width');
});
