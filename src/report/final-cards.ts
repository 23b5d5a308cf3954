/** What the page says of the final model beside figures: rows that it misreads, and why something is not known. */
import { type MisreadPictures, misreadText } from '../figures/misread-pictures.ts';
import { noTimeLine } from '../figures/time-line.ts';
import type { Findings } from '../findings/findings.ts';
import { type Html, html, none } from './html.ts';

export function misreadCard(misread: MisreadPictures | undefined): Html {
  if (misread === undefined) return none;
  const pictures = misread.shown.map((one) => {
    const text = misreadText(one);
    return html`<li><img src="${one.picture}" alt="${text}" title="${text}" width="56" height="56">${one.label} → <b>${one.prediction}</b><small>${(100 * one.confidence).toFixed(0)} %</small></li>`;
  });
  return html`<figure class="card" id="misread-pictures"><figcaption><h3>${misread.title}</h3><p class="words">${misread.subtitle}, with the output of the wrong class</p></figcaption>
<ul class="pictures">${pictures}</ul></figure>`;
}

export function noTimeLineCard({ sessions, spans }: Findings): Html {
  if (sessions.length > 0 || spans.length === 0) return none;
  return html`<div class="card"><h3>No time line</h3><p class="words">${noTimeLine}</p></div>`;
}

/** Why there are no predictions, where there is a final model. */
export function reasonCard(findings: Findings): Html {
  if (findings.kind !== 'network') return none;
  const predictions = findings.predictions ?? findings.numbers;
  if (predictions === undefined || !('reason' in predictions)) return none;
  const missing = findings.numbers === undefined ? 'confusion matrix' : 'residuals';
  return html`<div class="card"><h3>No ${missing}</h3><p class="words">${predictions.reason}</p></div>`;
}
