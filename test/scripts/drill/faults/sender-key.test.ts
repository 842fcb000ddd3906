import { expect, it } from 'vitest';
import { createSenderKey } from '../../../../scripts/drill/faults/sender-key.ts';

it('signs with the secret of now', async () => {
  const key = createSenderKey('first');
  const used: string[] = [];
  const post = async (secret: string): Promise<void> => void used.push(secret);
  await key.use(post);
  await key.rotate('second');
  await key.use(post);
  expect(used).toEqual(['first', 'second']);
  expect(key.secret).toBe('second');
});

it('has changed over only when nothing that the old secret has signed is under way, failed posts included', async () => {
  const key = createSenderKey('first');
  const [one, other] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const posts = Promise.allSettled([key.use(() => one.promise), key.use(() => other.promise)]);
  const done: string[] = [];
  const rotated = key.rotate('second').then(() => done.push('rotated'));
  const late = key.use(() => new Promise(() => {})); // signed with the new one: nobody waits for it
  one.resolve();
  await one.promise;
  expect(done).toEqual([]);
  done.push('answered');
  other.reject(new Error('reset'));
  await rotated;
  expect(done).toEqual(['answered', 'rotated']);
  await posts;
  void late;
});
