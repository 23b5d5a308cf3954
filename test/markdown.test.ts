import t from 'tap';
import { markedBlocks, printsAsShown } from './markdown.ts';

const document = `# A page

\`\`\`sh
npm ci
\`\`\`

<!-- run -->
\`\`\`sh
npm run sweep
npm test
\`\`\`
It prints
<!-- output -->
\`\`\`text
accuracy 0.9
\`\`\`

<!-- run -->
\`\`\`sql
SELECT 1;
\`\`\`
`;

t.test('marked blocks come in order, with the line they begin at', async (t) => {
  t.same(markedBlocks(document), [
    { kind: 'run', line: 8, language: 'sh', text: 'npm run sweep\nnpm test' },
    { kind: 'output', line: 14, text: 'accuracy 0.9' },
    { kind: 'run', line: 19, language: 'sql', text: 'SELECT 1;' },
  ]);
});

t.test('a mark inside a block is text', async (t) => {
  t.same(markedBlocks('````md\n<!-- run -->\n```sh\nrm -rf .\n```\n````\n'), []);
});

t.test('a mark that marks nothing is refused', async (t) => {
  t.throws(() => markedBlocks('<!-- run -->\n\n```sh\nls\n```'), /line 1: no block follows/);
  t.throws(
    () => markedBlocks('<!-- run -->\n```python\n1\n```'),
    /line 2: a block of "python" cannot be run/,
  );
  t.throws(() => markedBlocks('<!-- output -->\n```text\n1\n```'), /nothing was run/);
  t.throws(() => markedBlocks('```sh\nls\n'), /line 1: this block does not end/);
});

t.test('an output is compared as it stands', async (t) => {
  t.ok(printsAsShown('a  \nb\n\n', '\na\nb'));
  t.notOk(printsAsShown('a\nb\n', 'a'));
  t.notOk(printsAsShown('axb\n', 'a.b'));
  t.ok(printsAsShown('| a | $1 (2) [3] {4} \\ * + ? ^\n', '| a | $1 (2) [3] {4} \\ * + ? ^'));
});

t.test('dots stand for lines, and an ellipsis for text within one', async (t) => {
  t.ok(printsAsShown('done\n1\n2\nend in 3.5 s\n', 'done\n...\nend in … s'));
  t.ok(printsAsShown('done\nend\n', 'done\n...\nend'));
  t.notOk(printsAsShown('done in 3\nminutes\n', 'done in …'));
});
