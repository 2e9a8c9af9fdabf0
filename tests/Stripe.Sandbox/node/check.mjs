// Goes through the sandbox with Stripe's official Node client: every call that the product makes, and what surrounds it.
// node check.mjs [address] [key]; a fresh sandbox is best: `dotnet run --project tests/Stripe.Sandbox -- --urls http://127.0.0.1:12111`.
import assert from 'node:assert/strict';
import Stripe from 'stripe';

const address = new URL(process.argv[2] ?? 'http://127.0.0.1:12111');
const key = process.argv[3] ?? 'sk_test_sandbox';
const stripe = new Stripe(key, { host: address.hostname, port: address.port, protocol: address.protocol.slice(0, -1), telemetry: false });
let calls = 0;
stripe.on('response', () => calls++);

const done = [];
async function check(name, action) {
  const before = calls;
  await action();
  done.push([name, calls - before]);
}

async function refused(status, code, action) {
  await assert.rejects(action, (error) => {
    assert.equal(error.statusCode, status, error.message);
    if (code) assert.equal(error.code, code);
    return true;
  });
}

async function control(path, body) {
  const answer = await fetch(new URL(`/_sandbox/${path}`, address), {
    method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

async function all(list) {
  const items = [];
  for await (const item of list) items.push(item);
  return items;
}

const price = {};
let product;
await check('products and prices', async () => {
  product = await stripe.products.create({ name: 'Plan', metadata: { of: 'check' } });
  assert.equal((await stripe.products.retrieve(product.id)).name, 'Plan');
  await stripe.products.update(product.id, { description: 'All of it' });
  assert.ok((await stripe.products.list({ limit: 3 })).data.length > 0);
  for (const [name, amount] of [['small', 999], ['large', 9999]]) {
    price[name] = await stripe.prices.create({
      currency: 'usd', unit_amount: amount, recurring: { interval: 'month' }, product: product.id, lookup_key: `check_${name}`, transfer_lookup_key: true,
    });
  }
  assert.equal((await stripe.prices.list({ lookup_keys: ['check_small'] })).data[0].id, price.small.id);
  assert.equal((await stripe.prices.retrieve(price.large.id)).unit_amount, 9999);
  await stripe.prices.update(price.large.id, { nickname: 'Large' });
  await refused(404, 'resource_missing', () => stripe.prices.retrieve('price_none'));
});

let clock;
let customer;
const start = Math.floor(Date.UTC(2026, 0, 31, 10) / 1000);
await check('test clocks and customers', async () => {
  clock = await stripe.testHelpers.testClocks.create({ frozen_time: start, name: 'check' });
  customer = await stripe.customers.create({ email: 'a@example.org', test_clock: clock.id, metadata: { user_id: '1' } });
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card.id } });
  assert.equal((await stripe.customers.retrieve(customer.id)).invoice_settings.default_payment_method, card.id);
  assert.equal((await stripe.customers.list({ test_clock: clock.id })).data.length, 1);
  assert.equal((await stripe.paymentMethods.list({ customer: customer.id })).data.length, 1);
  await refused(404, 'resource_missing', () => stripe.customers.retrieve('cus_none'));
});

await check('idempotency', async () => {
  const options = { idempotencyKey: `check-${clock.id}` };
  const [one, two] = [await stripe.customers.create({ name: 'once' }, options), await stripe.customers.create({ name: 'once' }, options)];
  assert.equal(one.id, two.id);
  await refused(400, undefined, () => stripe.customers.create({ name: 'twice' }, options));
});

await check('lists of unknown customers are refused', async () => {
  const lists = [stripe.subscriptions, stripe.invoices, stripe.charges, stripe.paymentIntents, stripe.checkout.sessions, stripe.subscriptionSchedules];
  for (const list of lists) await refused(400, 'resource_missing', () => list.list({ customer: 'cus_none' }));
});

let session;
await check('checkout sessions', async () => {
  const order = {
    mode: 'subscription', customer: customer.id, line_items: [{ price: price.small.id, quantity: 1 }], client_reference_id: '1',
    success_url: 'http://localhost/done?{CHECKOUT_SESSION_ID}', cancel_url: 'http://localhost/', subscription_data: { metadata: { user_id: '1' } },
  };
  const other = await stripe.checkout.sessions.create(order);
  session = await stripe.checkout.sessions.create(order);
  assert.equal((await stripe.checkout.sessions.list({ customer: customer.id, status: 'open' })).data.length, 2);
  assert.equal((await stripe.checkout.sessions.listLineItems(session.id)).data.length, 1);
  assert.equal((await stripe.checkout.sessions.expire(other.id)).status, 'expired');
  await refused(400, undefined, () => stripe.checkout.sessions.expire(other.id));
  await refused(400, undefined, () => stripe.checkout.sessions.create({ ...order, line_items: [{ price: 'price_none', quantity: 1 }] }));
  await control(`checkout/${session.id}/pay`, { cardNumber: '4242424242424242', email: 'a@example.org' });
  session = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription', 'invoice'] });
  assert.equal(session.subscription.status, 'active');
});

const subscription = () => stripe.subscriptions.retrieve(session.subscription.id, { expand: ['latest_invoice', 'schedule'] });
await check('subscriptions', async () => {
  assert.equal((await stripe.subscriptions.list({ customer: customer.id, status: 'all', expand: ['data.schedule'] })).data.length, 1);
  const item = (await subscription()).items.data[0];
  assert.equal(item.price.id, price.small.id);
  assert.equal((await stripe.subscriptionItems.retrieve(item.id)).id, item.id);
  assert.equal((await stripe.subscriptionItems.list({ subscription: session.subscription.id })).data.length, 1);
  assert.equal((await stripe.subscriptions.update(session.subscription.id, { cancel_at_period_end: true })).cancel_at, item.current_period_end);
  assert.equal((await stripe.subscriptions.update(session.subscription.id, { cancel_at_period_end: false })).cancel_at, null);
});

await check('previews and upgrades', async () => {
  const item = (await subscription()).items.data[0];
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: start + 10 * 86400 });
  assert.equal((await stripe.testHelpers.testClocks.retrieve(clock.id)).status, 'ready');
  const items = [{ id: item.id, price: price.large.id }];
  const preview = await stripe.invoices.createPreview({ subscription: session.subscription.id, subscription_details: { items, proration_behavior: 'always_invoice' } });
  const upgraded = await stripe.subscriptions.update(session.subscription.id, { items, proration_behavior: 'always_invoice', payment_behavior: 'pending_if_incomplete' });
  assert.equal(upgraded.items.data[0].price.id, price.large.id);
  assert.equal((await stripe.invoices.retrieve(upgraded.latest_invoice)).amount_paid, preview.amount_due);
});

await check('schedules', async () => {
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: session.subscription.id });
  const { start_date, end_date } = schedule.current_phase;
  await stripe.subscriptionSchedules.update(schedule.id, {
    end_behavior: 'release',
    phases: [
      { start_date, end_date, items: [{ price: price.large.id, quantity: 1 }], proration_behavior: 'none' },
      { items: [{ price: price.small.id, quantity: 1 }], proration_behavior: 'none', duration: { interval: 'month', interval_count: 1 } },
    ],
  });
  assert.equal((await stripe.subscriptionSchedules.retrieve(schedule.id)).phases.length, 2);
  assert.equal((await stripe.subscriptionSchedules.list({ customer: customer.id })).data.length, 1);
  await refused(400, undefined, () => stripe.subscriptions.update(session.subscription.id, { cancel_at_period_end: true }));
  assert.equal((await stripe.subscriptionSchedules.release(schedule.id)).status, 'released');
});

await check('renewals, and lines beyond the ten that come along', async () => {
  let now = start + 10 * 86400;
  for (let change = 0; change < 6; change++) {
    now += 3600;
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: now });
    const item = (await subscription()).items.data[0];
    await stripe.subscriptions.update(session.subscription.id, { items: [{ id: item.id, price: change % 2 ? price.large.id : price.small.id }], proration_behavior: 'create_prorations' });
  }
  const { current_period_end } = (await subscription()).items.data[0];
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: current_period_end + 60 });
  const draft = (await subscription()).latest_invoice;
  assert.deepEqual([draft.status, draft.lines.has_more, draft.lines.data.length], ['draft', true, 10]);
  assert.ok(draft.automatically_finalizes_at > current_period_end);
  assert.ok((await all(stripe.invoices.listLineItems(draft.id, { limit: 5 }))).length > 10);
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: current_period_end + 7200 });
  assert.equal((await stripe.invoices.retrieve(draft.id)).status, 'paid');
  await refused(400, undefined, () => stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: current_period_end + 100 * 86400 }));
});

await check('payments, refunds and disputes', async () => {
  const invoice = (await stripe.invoices.list({ customer: customer.id, status: 'paid', limit: 1 })).data[0];
  const payment = (await stripe.invoicePayments.list({ invoice: invoice.id, status: 'paid' })).data[0];
  const intent = await stripe.paymentIntents.retrieve(payment.payment.payment_intent, { expand: ['latest_charge'] });
  assert.equal((await stripe.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: intent.id } })).data[0].invoice, invoice.id);
  assert.equal((await stripe.invoicePayments.retrieve(payment.id)).id, payment.id);
  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 100, reason: 'requested_by_customer' });
  assert.equal((await stripe.refunds.retrieve(refund.id)).amount, 100);
  assert.equal((await stripe.refunds.list({ charge: intent.latest_charge.id })).data.length, 1);
  assert.equal((await stripe.charges.retrieve(intent.latest_charge.id)).amount_refunded, 100);
  assert.ok((await stripe.charges.list({ customer: customer.id })).data.length > 1);
  for (const status of ['won', 'lost']) {
    const dispute = await control('disputes', { charge: intent.latest_charge.id, amount: 300 });
    assert.equal((await stripe.disputes.retrieve(dispute.id)).status, 'needs_response');
    await control(`disputes/${dispute.id}/close`, { status });
  }
  assert.deepEqual((await stripe.disputes.list({ charge: intent.latest_charge.id })).data.map((d) => d.status), ['lost', 'won']);
});

await check('a pending upgrade, voided', async () => {
  await control('cards', { customer: customer.id, outcome: 'Declines' });
  const item = (await subscription()).items.data[0];
  const items = [{ id: item.id, price: price.large.id, quantity: 3 }];
  const pending = await stripe.subscriptions.update(session.subscription.id, { items, proration_behavior: 'always_invoice', payment_behavior: 'pending_if_incomplete' });
  assert.ok(pending.pending_update.expires_at <= item.current_period_end);
  await refused(402, 'card_declined', () => stripe.invoices.pay(pending.latest_invoice));
  assert.equal((await stripe.invoices.voidInvoice(pending.latest_invoice)).status, 'void');
  assert.equal((await subscription()).pending_update, null);
  await refused(400, undefined, () => stripe.invoices.voidInvoice(pending.latest_invoice));
  await refused(400, undefined, () => stripe.invoices.markUncollectible(pending.latest_invoice));
});

await check('portal', async () => {
  const configuration = await stripe.billingPortal.configurations.create({ features: { invoice_history: { enabled: true } } });
  assert.equal((await stripe.billingPortal.configurations.retrieve(configuration.id)).active, true);
  assert.ok((await stripe.billingPortal.configurations.list()).data.length > 0);
  assert.match((await stripe.billingPortal.sessions.create({ customer: customer.id, return_url: 'http://localhost/' })).url, /^http/);
});

await check('webhook endpoints and events', async () => {
  const endpoint = await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:1/none', enabled_events: ['invoice.paid'] });
  assert.match(endpoint.secret, /^whsec_/);
  assert.equal((await stripe.webhookEndpoints.retrieve(endpoint.id)).url, endpoint.url);
  assert.ok((await stripe.webhookEndpoints.list()).data.length > 0);
  await stripe.webhookEndpoints.update(endpoint.id, { disabled: true });
  await stripe.webhookEndpoints.del(endpoint.id);
  const events = await all(stripe.events.list({ types: ['invoice.paid', 'charge.refunded'], limit: 2 }));
  assert.ok(events.length >= 3);
  assert.equal((await stripe.events.retrieve(events[0].id)).id, events[0].id);
  const body = JSON.stringify(events[0]);
  const header = stripe.webhooks.generateTestHeaderString({ payload: body, secret: endpoint.secret });
  assert.equal(stripe.webhooks.constructEvent(body, header, endpoint.secret).id, events[0].id);
});

await check('ends', async () => {
  assert.equal((await stripe.subscriptions.cancel(session.subscription.id)).status, 'canceled');
  await refused(404, 'resource_missing', () => stripe.subscriptions.cancel(session.subscription.id));
  assert.equal((await stripe.customers.del(customer.id)).deleted, true);
  assert.equal((await stripe.customers.retrieve(customer.id)).deleted, true);
  await refused(400, 'resource_missing', () => stripe.checkout.sessions.create({
    mode: 'subscription', customer: customer.id, line_items: [{ price: price.small.id, quantity: 1 }], success_url: 'http://localhost/',
  }));
  assert.equal((await stripe.testHelpers.testClocks.del(clock.id)).deleted, true);
});

for (const [name, count] of done) console.log(`${String(count).padStart(4)}  ${name}`);
console.log(`${String(calls).padStart(4)}  calls of stripe ${Stripe.PACKAGE_VERSION} (API ${stripe.getApiField('version')}) answered as expected`);
