import { customer } from './_customer.ts';
import { fromGenericCustomer } from './_generic-customer.ts';
import { fromShopifyCustomer } from './_shopify-customer.ts';
import { fromStripeCustomer } from './_stripe-customer.ts';
import { defineEvent } from './define-event.ts';

/** What is known of a customer has changed. */
export default defineEvent({
  type: 'customer.updated',
  schema: customer,
  entity: (data) => ({ type: 'customer', id: data.id }),
  order: { by: 'updatedAt' },
  from: {
    hookline: { 'customer.updated': fromGenericCustomer },
    shopify: { 'customers/update': fromShopifyCustomer },
    stripe: { 'customer.updated': fromStripeCustomer },
  },
});
