/** The formats that rows are printed in. Not here: printing them (terminal), which needs more than a command line does. */
export const formats = ['table', 'json', 'csv', 'markdown'] as const;
export type Format = (typeof formats)[number];
