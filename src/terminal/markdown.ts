/** Rows as a table of Markdown, in columns also before it is rendered. */
import type { Column } from '../words/column.ts';
import { padded, printable } from '../words/text.ts';
import { texts, transposed, widest } from './cells.ts';

export function asMarkdown<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const shown = columns.filter((column) => column.visible?.(rows) ?? true);
  const bodies = shown.map((column) => [
    escapedMarkdown(printable(column.title)),
    ...texts(column, rows).map(escapedMarkdown),
  ]);
  const widths = bodies.map((body) => Math.max(3, widest(body)));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [head = [], ...body] = transposed(bodies, rows.length + 1).map((cells) =>
    cells.map((cell, index) => padded(cell, widths[index] ?? 0, shown[index]?.align)),
  );
  const rule = shown.map(({ align }, index) => {
    const dashes = '-'.repeat((widths[index] ?? 3) - 1);
    return align === 'right' ? `${dashes}:` : `:${dashes}`;
  });
  return [head, rule, ...body].map(line).join('\n');
}

/** Every character that GitHub could read as markup, a column or an entity, escaped. */
function escapedMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|~&]/g, '\\$&');
}
