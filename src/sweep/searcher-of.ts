/** The searcher that a definition asks for. Not here: how it searches. */
import type { Experiment } from '../experiment/schema.ts';
import { budgeted } from '../search/budgeted.ts';
import { gridSearch } from '../search/grid.ts';
import type { Searcher } from '../search/searcher.ts';
import { spaceOf } from '../space/definition.ts';

export const searcherOf = ({ space, search }: Experiment): Searcher =>
  budgeted(gridSearch(spaceOf(space), search.replicates), search.trials);
