/**
 * The code blocks of a document that its test runs, and the outputs that it compares.
 * Not here: running them.
 *
 * A comment on the line before a block marks it; a rendered page does not show the comment:
 *   `<!-- run -->`     before sh, ts or sql: the block is run
 *   `<!-- output -->`  the block is what the latest block run printed on stdout. A line of three dots stands for any lines,
 *                      an ellipsis (one character) for any text within a line.
 */

export interface CodeBlock {
  /** Where its fence opens, counted from 1. */
  readonly line: number;
  /** What stands behind the fence; empty if nothing does. */
  readonly language: string;
  readonly mark: 'run' | 'output' | undefined;
  readonly text: string;
}

const runnable = ['sh', 'ts', 'sql'] as const;

export type MarkedBlock =
  | {
      readonly kind: 'run';
      readonly line: number;
      readonly language: (typeof runnable)[number];
      readonly text: string;
    }
  | { readonly kind: 'output'; readonly line: number; readonly text: string };

/** All fenced blocks in order. @throws Error for a block without an end, and for a mark without a block */
export function codeBlocks(document: string): CodeBlock[] {
  const lines = document.split('\n');
  const blocks: CodeBlock[] = [];
  let mark: CodeBlock['mark'];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    const [, fence, language = ''] = /^(`{3,})(\w*)/.exec(line) ?? [];
    if (fence !== undefined) {
      const end = lines.findIndex((other, index) => index > at && other.trimEnd() === fence);
      if (end < 0) throw new Error(`line ${at + 1}: this block does not end`);
      blocks.push({ line: at + 1, language, mark, text: lines.slice(at + 1, end).join('\n') });
      at = end;
    } else if (mark !== undefined) {
      throw new Error(`line ${at}: no block follows <!-- ${mark} -->`);
    }
    mark = fence === undefined ? markOn(line) : undefined;
  }
  return blocks;
}

const markOn = (line: string) => /^<!-- (run|output) -->$/.exec(line.trim())?.[1] as CodeBlock['mark'];

/** The marked blocks in order. @throws Error also for a block that cannot be run, and for an output of nothing */
export function markedBlocks(document: string): MarkedBlock[] {
  const marked = codeBlocks(document).filter(({ mark }) => mark !== undefined);
  return marked.map(({ line, language: name, mark, text }, index) => {
    if (mark === 'output') {
      if (index === 0) throw new Error(`line ${line}: an output, but nothing was run`);
      return { kind: 'output', line, text };
    }
    const language = runnable.find((known) => known === name);
    if (language === undefined) {
      throw new Error(`line ${line}: a block of "${name}" cannot be run, only ${runnable.join(', ')}`);
    }
    return { kind: 'run', line, language, text };
  });
}

/** Whether what was printed is what the document shows; spaces at line ends and empty lines at both ends do not count. */
export function printsAsShown(printed: string, shown: string): boolean {
  const tidy = (text: string) => text.replaceAll(/[ \t]+$/gm, '').replace(/^\n+|\n+$/g, '');
  const pattern = tidy(shown)
    .split('\n')
    .map((line) => (line.trim() === '...' ? '(?:.*\n)*?' : `${escaped(line).replaceAll('…', '.*?')}\n`));
  return new RegExp(`^${pattern.join('')}$`).test(`${tidy(printed)}\n`);
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
