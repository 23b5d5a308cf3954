/** A database of which some bytes differ: whatever it is asked, the same answer or a documented error. */
import { type FinishedRun, faultOf, finishedRun, questions, restore } from './database-questions.ts';
import { type HostileFiles, hostileFiles } from './hostile-files.ts';

/** Each changed database is asked so many questions, in turn: all of them together take seconds. */
const questionsEach = 4;

export const hostile: HostileFiles = {
  unit: 'changed databases',
  shortRounds: 20,
  longRounds: 10_000,
  attempts(folder, random, rounds) {
    let known: Promise<{ run: FinishedRun; expected: string[] }> | undefined;
    return Array.from({ length: rounds }, (_, round) => async () => {
      known ??= soundAnswers(folder);
      const { run, expected } = await known;
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
        const index = (round * questionsEach + asked) % questions.length;
        restore(run, changed);
        const question = questions[index] as (typeof questions)[number];
        const fault = await faultOf(question, run, expected[index] as string);
        if (fault !== undefined) return `round ${round}: ${fault}`;
      }
      return undefined;
    });
  },
};

export const hostileDatabases = hostileFiles(import.meta.url, hostile);

/** What the sound database answers to each question; throws where it answers twice in two ways. */
async function soundAnswers(folder: string): Promise<{ run: FinishedRun; expected: string[] }> {
  const run = await finishedRun(folder);
  const expected: string[] = [];
  for (const { name, ask } of questions) {
    const answers: string[] = [];
    for (let time = 0; time < 2; time++) {
      restore(run, run.files.get('results.db') as Buffer);
      answers.push(await ask(run));
    }
    if (answers[0] !== answers[1]) throw new Error(`${name} answers in two ways`);
    expected.push(answers[0] as string);
  }
  return { run, expected };
}
