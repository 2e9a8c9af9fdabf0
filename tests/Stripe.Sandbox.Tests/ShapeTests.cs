using System.Text.Json.Nodes;

namespace Son1kVers3.Stripe.Sandbox.Tests;

/// <summary>
/// The fields that the API version 2026-10-28.endive has, and some that older ones had and it has not (marked with a minus).
/// </summary>
[Trait("Category", "Integration")]
public sealed class ShapeTests : IAsyncLifetime
{
    private SandboxHost _host = null!;
    private Scenario _scenario = null!;

    public async Task InitializeAsync()
    {
        _host = await SandboxHost.StartAsync();
        _scenario = await Scenario.NewAsync(_host);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Subscription_HasThePeriodOnItsItems()
    {
        var buyer = await _scenario.BuyAsync();
        var subscription = await buyer.ReadAsync();
        Check(
            subscription,
            "id object billing_cycle_anchor billing_mode cancel_at cancel_at_period_end canceled_at cancellation_details.reason collection_method created currency customer default_payment_method description ended_at items latest_invoice livemode metadata pending_update schedule start_date status test_clock trial_end -current_period_end -current_period_start -plan");
        Check(
            subscription["items"]!["data"]![0]!,
            "id object created current_period_end current_period_start metadata price.id price.lookup_key price.unit_amount price.recurring.interval quantity subscription");
        Assert.Equal("subscription", (string?)subscription["object"]);
        Assert.False((bool)subscription["livemode"]!);
    }

    [Fact]
    public async Task Invoice_HasItsSubscriptionUnderParent()
    {
        var buyer = await _scenario.BuyAsync();
        var invoice = (await buyer.InvoicesAsync())[0]!;
        Check(
            invoice,
            "id object amount_due amount_paid amount_remaining attempt_count attempted auto_advance billing_reason collection_method created currency customer customer_email ending_balance lines livemode metadata next_payment_attempt number parent.subscription_details.subscription parent.subscription_details.metadata parent.type period_end period_start starting_balance status status_transitions.paid_at subtotal total total_taxes -subscription -paid -payment_intent -charge -tax -payments");
        Check(
            invoice["lines"]!["data"]![0]!,
            "id object amount currency description invoice parent.subscription_item_details.proration parent.subscription_item_details.subscription parent.type period.end period.start pricing.price_details.price pricing.type quantity -price -proration -subscription_item");
        Assert.Equal(buyer.Subscription, (string?)invoice["parent"]!["subscription_details"]!["subscription"]);
        Assert.Equal("u1", (string?)invoice["parent"]!["subscription_details"]!["metadata"]!["user_id"]);

        var expanded = (await _host.GetAsync($"/v1/invoices/{(string?)invoice["id"]}?expand[]=payments.data.payment.payment_intent")).Ok;
        Check(
            expanded["payments"]!["data"]![0]!,
            "id object amount_paid amount_requested created currency invoice is_default livemode payment.type payment.payment_intent.latest_charge status status_transitions.paid_at");
    }

    [Fact]
    public async Task Session_Customer_Price_AndEvent_HaveTheirFields()
    {
        var session = await _scenario.CheckoutAsync("&customer_email=a@example.com");
        Check(
            session.Ok,
            "id object amount_subtotal amount_total cancel_url client_reference_id created currency customer customer_details.email customer_email expires_at invoice livemode locale metadata mode payment_intent payment_method_collection payment_status status subscription success_url ui_mode url -line_items");
        Assert.Equal("hosted_page", session.Text("ui_mode"));
        Check(
            (await _host.PostAsync("/v1/customers", "email=a@example.com")).Ok,
            "id object address balance created currency default_source delinquent description discount email invoice_prefix invoice_settings.default_payment_method livemode metadata name next_invoice_sequence phone preferred_locales shipping tax_exempt test_clock");
        Check(
            (await _host.GetAsync($"/v1/prices/{_scenario.Pro}")).Ok,
            "id object active billing_scheme created currency custom_unit_amount livemode lookup_key metadata nickname product recurring.interval recurring.interval_count recurring.usage_type tax_behavior tiers_mode transform_quantity type unit_amount unit_amount_decimal");
        var happened = (await _host.GetAsync("/v1/events?type=customer.created")).Data[0]!;
        Check(happened, "id object api_version created data.object livemode pending_webhooks request.id request.idempotency_key type");
        Assert.Equal("2026-10-28.endive", (string?)happened["api_version"]);
    }

    [Fact]
    public async Task Schedule_Clock_PortalAndDispute_HaveTheirFields()
    {
        var buyer = await _scenario.BuyAsync();
        Check(
            (await _host.PostAsync("/v1/subscription_schedules", $"from_subscription={buyer.Subscription}")).Ok,
            "id object canceled_at completed_at created current_phase.end_date current_phase.start_date customer default_settings end_behavior livemode metadata phases released_at released_subscription status subscription test_clock");
        Check(
            (await _host.GetAsync($"/v1/test_helpers/test_clocks/{buyer.Clock}")).Ok,
            "id object created deletes_after frozen_time livemode name status status_details");
        var portal = await _host.PostAsync("/v1/billing_portal/sessions", $"customer={buyer.Customer}");
        Check(portal.Ok, "id object configuration created customer flow livemode locale on_behalf_of return_url url");
        Check(
            (await _host.GetAsync($"/v1/billing_portal/configurations/{portal.Text("configuration")}")).Ok,
            "id object active business_profile created default_return_url features.subscription_cancel.enabled features.payment_method_update is_default livemode metadata name updated");
        Check(
            await _host.ControlAsync("disputes", new { invoice = (string?)(await buyer.ReadAsync())["latest_invoice"] }),
            "id object amount balance_transactions charge created currency evidence evidence_details.due_by is_charge_refundable livemode metadata payment_intent reason status");
    }

    private static void Check(JsonNode json, string fields)
    {
        foreach (var field in fields.Split(' '))
        {
            JsonNode? node = json;
            var steps = field.TrimStart('-').Split('.');
            foreach (var step in steps[..^1])
            {
                node = node?[step];
            }

            var there = node is JsonObject parent && parent.ContainsKey(steps[^1]);
            Assert.True(there == (field[0] != '-'), $"{(string?)json["object"]}: {field}");
        }
    }
}
