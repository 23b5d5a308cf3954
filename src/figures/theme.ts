/** The colours of figures: on light paper, on dark paper, and as variables of a page that knows both. */

export interface Theme {
  readonly paper: string;
  /** Texts, axes and the winner. */
  readonly ink: string;
  /** Texts that say less. */
  readonly soft: string;
  /** Lines of a grid, and what stands back. */
  readonly rule: string;
  readonly good: string;
  readonly bad: string;
  /** Six colours that colour-blind readers can tell apart. */
  readonly series: readonly string[];
}

/** Okabe and Ito's colours without yellow, which is too light on paper. */
export const lightTheme: Theme = {
  paper: '#ffffff',
  ink: '#1a1d21',
  soft: '#57606a',
  rule: '#e2e6ea',
  good: '#0072b2',
  bad: '#d55e00',
  series: ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'],
};

/** The same hues, lighter. */
export const darkTheme: Theme = {
  paper: '#15181d',
  ink: '#eef1f5',
  soft: '#a4aeba',
  rule: '#2e343c',
  good: '#58aee8',
  bad: '#ff8d4d',
  series: ['#58aee8', '#f2b632', '#37c99f', '#e6a1c9', '#a3d8f7', '#ff8d4d'],
};

/** Colours by name: the page's style sheet decides which they are, and may change its mind. */
export const pageTheme: Theme = {
  paper: 'var(--paper)',
  ink: 'var(--ink)',
  soft: 'var(--soft)',
  rule: 'var(--rule)',
  good: 'var(--good)',
  bad: 'var(--bad)',
  series: lightTheme.series.map((_, index) => `var(--series-${index + 1})`),
};

/** What pageTheme's names stand for in `theme`, in order. */
const variablesOf = ({ series, ...named }: Theme): [name: string, colour: string][] => [
  ...Object.entries(named),
  ...series.map((colour, index): [string, string] => [`series-${index + 1}`, colour]),
];

/** The declarations that pageTheme asks for. */
export const themeVariables = (theme: Theme): string =>
  variablesOf(theme)
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(' ');

/** An SVG picture that was drawn in pageTheme's colours, in those of `theme`. */
export function coloured(svg: string, theme: Theme): string {
  const colours = new Map(variablesOf(theme));
  return svg.replace(/var\(--([\w-]+)\)/g, (variable, name: string) => colours.get(name) ?? variable);
}

/** From low to high; equally spaced to the eye, also without colour vision (viridis, by van der Walt and Smith, CC0). */
export const sequential: readonly string[] = [
  ...['#440154', '#482878', '#3e4989', '#31688e', '#26828e'],
  ...['#1f9e89', '#35b779', '#6ece58', '#b5de2b', '#fde725'],
];

/** Black or white, whichever is easier to read on the colour that stands for `share` (0 to 1) of the scale. */
export const inkOnSequential = (share: number): string => (share > 0.55 ? '#111111' : '#ffffff');
