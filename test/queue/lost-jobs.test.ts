import t from 'tap';
import { LostJobs } from '../../src/queue/lost-jobs.ts';
import { prefix } from '../../src/queue/protocol.ts';
import { queueOnRedis, withoutServer } from './redis-server.ts';

if (withoutServer !== undefined) t.plan(0, withoutServer);
else {
  const { server } = await queueOnRedis(t);
  const connection = server.connection();
  const lost = new LostJobs(connection, 'trials');
  const key = (id: string) => `${prefix}:trials:${id}`;

  t.test(
    'a job is lost that two looks in a row do not find: one that ends just now is missing once',
    async (t) => {
      await connection.mset(key('here'), 1, key('ends'), 1);
      t.same(await lost.look(['here', 'ends']), []);
      await connection.del(key('ends'));
      t.same(await lost.look(['here', 'ends', 'never']), []);
      t.same(await lost.look(['here', 'never']), ['never']);
      await connection.del(key('here'));
      await connection.set(key('never'), 1);
      t.same(await lost.look(['here', 'never']), []);
      await connection.del(key('never'));
      t.same(await lost.look(['here', 'never']), ['here'], 'and one that was added again counts anew');
    },
  );
}
