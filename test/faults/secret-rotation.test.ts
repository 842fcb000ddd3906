import { randomBytes } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { SHOP, sign, startIngress, type TestIngress } from '../ingress/ingress-fixture.ts';
import { postRaw } from '../support/raw-http.ts';

const ROTATIONS = 10;
const SENDERS = 4;
const LIMITS = { drainServeMs: 20, drainSweepMs: 5 };

let running: TestIngress | undefined;
afterEach(() => running?.ingress.close());

const newSecret = (): string => randomBytes(32).toString('hex');
it('the secret of a source is rotated ten times under load: not one good delivery is refused, and none by a secret that is gone is taken', async () => {
  /** Secrets change by a restart: the next ingress is there before the last one drains. */
  const restart = async (secrets: readonly string[]): Promise<void> => {
    const last = running;
    running = await startIngress({ sources: [{ ...SHOP, secrets }], limits: LIMITS });
    await last?.ingress.drain();
  };
  /** As a provider does: sent again where a listener that is just going has not answered. */
  const post = async (by: string): Promise<number> => {
    for (;;) {
      const answer = await postRaw(running?.port ?? 0, { path: '/webhooks/shop', headers: [sign('{}', by)], body: '{}' }).catch(
        () => undefined,
      );
      if (answer !== undefined) return answer.status;
    }
  };
  let secret = newSecret();
  await restart([secret]);
  let sending = true;
  const statuses = Array.from({ length: SENDERS }, (): number[] => []);
  const senders = statuses.map(async (own) => {
    while (sending) own.push(await post(secret));
  });
  /** Until each sender has sent anew, and whatever was under way is answered. */
  const more = (): Promise<void> => {
    const before = statuses.map((own) => own.length);
    const isOver = (): boolean => statuses.every((own, at) => own.length >= (before[at] ?? 0) + 2);
    return expect.poll(isOver, { interval: 1, timeout: 10_000 }).toBe(true);
  };
  for (let rotation = 0; rotation < ROTATIONS; rotation += 1) {
    const [old, next] = [secret, newSecret()];
    await restart([next, old]);
    await more();
    secret = next; // the vendor signs with it from now on
    await more(); // nothing that the old one has signed is under way any more
    await restart([next]);
    expect(await post(old)).toBe(401);
  }
  sending = false;
  await Promise.all(senders);
  expect([...new Set(statuses.flat())]).toEqual([200]);
});
