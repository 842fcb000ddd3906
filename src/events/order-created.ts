import { fromGenericOrder } from './_generic-order.ts';
import { order } from './_order.ts';
import { fromShopifyOrder } from './_shopify-order.ts';
import { defineEvent } from './define-event.ts';

/** A customer has placed an order. */
export default defineEvent({
  type: 'order.created',
  schema: order,
  entity: (data) => ({ type: 'order', id: data.id }),
  order: { by: 'updatedAt' },
  from: {
    hookline: { 'order.created': fromGenericOrder },
    shopify: { 'orders/create': fromShopifyOrder },
  },
});
