import type { Facts } from '../../../scripts/drill/facts.ts';

/** Facts of a drill that is as many drills, each with events, entities and keys of its own, beside one another. */
export function multiply(facts: Facts, times: number): Facts {
  const many = <Item>(items: readonly Item[], rename: (item: Item, name: (text: string) => string) => Item): readonly Item[] =>
    Array.from({ length: times }, (_, index) =>
      items.map((item) => rename(item, (text) => (text === '' ? '' : `${text}~${index}`))),
    ).flat();
  const { stock } = facts;
  const held = stock.held * times;
  return {
    ...facts,
    sent: many(facts.sent, ({ id, entity, expects, ...rest }, name) => ({
      ...rest,
      id: name(id),
      entity: { ...entity, id: name(entity.id) },
      expects: expects.map(({ vendor, about }) => ({ vendor, about: name(about) })),
    })),
    answers: many(facts.answers, (one, name) => ({ ...one, eventId: name(one.eventId) })),
    events: many(facts.events, (one, name) => ({ ...one, uuid: name(one.uuid), id: name(one.id) })),
    runs: many(facts.runs, (one, name) => ({ ...one, eventUuid: name(one.eventUuid), workflowId: name(one.workflowId) })),
    effects: many(facts.effects, (one, name) => ({ ...one, eventUuid: name(one.eventUuid), outsideKey: name(one.outsideKey) })),
    entities: many(facts.entities, (one, name) => ({ ...one, id: name(one.id) })),
    vendors: many(facts.vendors, (one, name) => ({ ...one, key: name(one.key), about: name(one.about) })),
    outages: many(facts.outages, (one) => one).slice(0, 600),
    stock: { initial: stock.initial + held, available: stock.initial, held },
  };
}
