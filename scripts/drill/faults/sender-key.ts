/** The secret that a sender signs with, and who signs with it. */
export interface SenderKey {
  /** The one of now. */
  readonly secret: string;
  /** Posts something that is signed with the secret of now. */
  use<Result>(post: (secret: string) => Promise<Result>): Promise<Result>;
  /** Signs with another from now on; resolves when nothing that was signed with an earlier one is under way any more. */
  rotate(secret: string): Promise<void>;
}

/** A key whose first secret is this one. */
export function createSenderKey(first: string): SenderKey {
  let secret = first;
  const open = new Set<Promise<unknown>>();
  return {
    get secret() {
      return secret;
    },
    async use(post) {
      const posting = post(secret);
      open.add(posting);
      try {
        return await posting;
      } finally {
        open.delete(posting);
      }
    },
    async rotate(next) {
      secret = next;
      await Promise.allSettled(open);
    },
  };
}
