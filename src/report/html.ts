/** HTML from templates in which every value is text: names, reasons and parameters can never become markup. */

import { escapedXml } from '../figures/chart.ts';
import { printable } from '../words/text.ts';

/** A piece of HTML that is known to be well-formed. */
export interface Html {
  readonly html: string;
}

type Value = string | number | Html | readonly Html[];

/**
 * The template with its values put in: texts and numbers escaped, pieces of HTML as they are.
 *
 * ```ts
 * html`<td>${trial.reason}</td>`
 * ```
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: parts.reduce((text, part, i) => text + textOf(values[i - 1] as Value) + part) };
}

/** A piece that our own code has made, such as a drawing. */
export const trusted = (text: string): Html => ({ html: text });

/** Nothing. */
export const none: Html = { html: '' };

function textOf(value: Value): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapedXml(printable(value).replaceAll(' %', '\u00a0%'));
  return 'html' in value ? value.html : value.map(({ html }) => html).join('\n');
}
