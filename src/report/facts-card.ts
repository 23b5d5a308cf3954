/** How a run was made: its hashes, and its whole definition. */
import type { Findings } from '../findings/findings.ts';
import { printableJson } from '../words/text.ts';
import { type Html, html, trusted } from './html.ts';

export function factsCard(findings: Findings): Html {
  const { experiment } = findings;
  const json = printableJson(JSON.stringify(JSON.parse(experiment.definition), null, 2));
  return html`<div class="card"><p class="words">${promise[findings.kind]}</p>
<dl>${hashesOf(findings).map(([name, hash]) => html`<dt>${name}</dt><dd><code>${hash}</code></dd>`)}</dl>
<details><summary>The whole definition</summary><pre tabindex="0">${trusted(escapedLines(json))}</pre></details></div>`;
}

const promise = {
  network:
    'Runs with equal hashes (SHA-256) have equal weights and curves, bit by bit, on any number of threads.',
  objective:
    'Runs with equal hashes (SHA-256) have the same definition and the same code: they try the same points, and where the code gives equal answers to equal questions they measure the same.',
} as const;

function hashesOf({ kind, experiment, standings }: Findings): readonly (readonly [string, string])[] {
  const winner = standings[0]?.trial;
  const artifacts = winner?.state === 'done' ? winner.artifacts : {};
  const own =
    kind === 'network'
      ? ([
          ['Data', experiment.dataHash],
          ['Kernels', experiment.kernelHash],
          ["Winner's weights", artifacts.best],
        ] as const)
      : ([
          ['Objective', experiment.objectiveHash],
          ["Winner's model", artifacts.model],
        ] as const);
  return [['Definition', experiment.definitionHash] as const, ...own].flatMap(([name, hash]) =>
    hash === null || hash === undefined ? [] : [[name, hash] as const],
  );
}

/** Text whose line breaks stay: html`` would print them as \n. */
const escapedLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => html`${line}`.html)
    .join('\n');
