/** A database of which some bytes differ: whatever it is asked, the same answer or a documented error. */
import {
  type FinishedRun,
  faultOf,
  finishedRun,
  type Question,
  questions,
  restore,
} from './database-questions.ts';
import { type HostileFiles, hostileFiles } from './hostile-files.ts';

/** Each changed database is asked so many questions, in turn: all of them together take seconds. */
const questionsEach = 4;

export const hostile: HostileFiles = {
  unit: 'changed databases',
  shortRounds: 20,
  longRounds: 10_000,
  attempts(folder, random, rounds) {
    let finished: Promise<FinishedRun> | undefined;
    /** What the sound database answers to each question, asked when it is needed: all at once would look like a file that hangs. */
    const expected = new Map<Question, string>();
    return Array.from({ length: rounds }, (_, round) => async () => {
      finished ??= finishedRun(folder);
      const run = await finished;
      const database = run.files.get('results.db') as Buffer;
      const changed = Buffer.from(database);
      for (let change = 0; change < 1 + (random() < 0.3 ? 20 : 2) * random(); change++) {
        const at = Math.floor(random() * (random() < 0.2 ? 100 : changed.length));
        changed[at] =
          random() < 0.5
            ? Math.floor(256 * random())
            : (changed[at] as number) ^ (1 << Math.floor(8 * random()));
      }
      for (let asked = 0; asked < questionsEach; asked++) {
        const question = questions[(round * questionsEach + asked) % questions.length] as Question;
        if (!expected.has(question)) {
          restore(run, database);
          expected.set(question, await question.ask(run));
        }
        const right = expected.get(question) as string;
        restore(run, changed);
        const fault = await faultOf(question, run, right);
        if (fault !== undefined) return `round ${round}: ${fault}`;
      }
      return undefined;
    });
  },
};

export const hostileDatabases = hostileFiles(import.meta.url, hostile);
