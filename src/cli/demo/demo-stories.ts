import type { DemoMaker } from './demo-maker.ts';
import type { DemoStory } from './demo-story.ts';
import { anyShopStory } from './stories/any-shop.ts';
import { customerUpdatedStory } from './stories/customer-updated.ts';
import { newOrderStory } from './stories/new-order.ts';
import { nothingStory } from './stories/nothing.ts';
import { ticketChangedStory } from './stories/ticket-changed.ts';
import { userRegisteredStory } from './stories/user-registered.ts';

/** Every story of the demonstration, in the order in which they are told. They are about different people and things, so that they can be played at once. */
export function makeDemoStories(maker: DemoMaker): readonly DemoStory[] {
  return [newOrderStory, anyShopStory, customerUpdatedStory, ticketChangedStory, userRegisteredStory, nothingStory].map((make) =>
    make(maker),
  );
}
