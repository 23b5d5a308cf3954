/** A process that runs the paper with all that the command line loads, and says on stdout when a first epoch is trained. */
import '../src/cli.ts';
import { loadExperiment } from '../src/experiment/load.ts';
import { runExperiment } from '../src/sweep/run-experiment.ts';

const [database = '', threads = ''] = process.argv.slice(2);
const { experiment } = await loadExperiment('experiments/paper.ts');
await runExperiment({
  experiment,
  baseFolder: 'experiments',
  database,
  threads: Number(threads),
  onEvent(event) {
    if (event.kind !== 'trial started') return;
    const poll = setInterval(() => {
      if (event.progress().last === undefined) return;
      process.stdout.write('trained\n');
      clearInterval(poll);
    }, 1);
  },
});
