using Son1kVers3.Stripe.Sandbox.Billing;
using Son1kVers3.Stripe.Sandbox.Customers;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Subscriptions;

namespace Son1kVers3.Stripe.Sandbox.Pages;

/// <summary>The billing portal: see the subscription, cancel or keep it, change the card, pay what is open.</summary>
internal static class PortalPage
{
    public static void MapPortalPage(this IEndpointRouteBuilder app)
    {
        app.MapGet("/p/session/{id}", (string id, HttpContext context, World world) =>
        {
            lock (world.Gate)
            {
                return Show(context, world, world.State.PortalSessions.GetValueOrDefault(id), null);
            }
        });
        app.MapPost("/p/session/{id}", async (string id, HttpContext context, World world) =>
        {
            var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync() : FormCollection.Empty;
            lock (world.Gate)
            {
                if (world.State.PortalSessions.GetValueOrDefault(id) is not { } session)
                {
                    return Show(context, world, null, null);
                }

                var texts = PageTexts.For(session.Locale, context.Request.Headers.AcceptLanguage.ToString());
                if (Act(world, session, form, texts) is { } error)
                {
                    return Show(context, world, session, error);
                }

                context.Response.Headers.Location = $"/p/session/{id}";
                return Results.StatusCode(StatusCodes.Status303SeeOther);
            }
        });
    }

    /// <summary>Does what the button says; a message when it can't.</summary>
    private static string? Act(World world, PortalSession session, IFormCollection form, PageTexts texts)
    {
        var customer = world.State.Customers[session.Customer];
        var subscription = Current(world, customer);
        switch (form["action"].ToString())
        {
            case "cancel" when subscription is { IsRunning: true, Schedule: null }:
                (subscription.CancelAtPeriodEnd, subscription.CancelAt) = (true, subscription.PeriodEnd);
                subscription.CanceledAt = world.Now(subscription.TestClock);
                subscription.CancellationReason = "cancellation_requested";
                break;
            case "resume" when subscription is { CancelAtPeriodEnd: true }:
                (subscription.CancelAtPeriodEnd, subscription.CancelAt, subscription.CanceledAt) = (false, null, null);
                subscription.CancellationReason = null;
                break;
            case "card":
                return ChangeCard(world, customer, subscription, form["cardNumber"].ToString(), texts);
            case "pay" when OpenInvoice(world, customer) is { } invoice:
                return Invoicing.Attempt(world, invoice) ? null : texts.Declined;
            default:
                return texts.Refused;
        }

        world.Emit("customer.subscription.updated", SubscriptionJson.Of(world, subscription), subscription.TestClock);
        return null;
    }

    private static string? ChangeCard(World world, Customer customer, Subscription? subscription, string number, PageTexts texts)
    {
        if (PaymentMethods.Create(world, number, customer.TestClock) is not { } method)
        {
            return texts.UnknownCard;
        }

        if (method.Outcome == CardOutcome.Declines)
        {
            world.State.PaymentMethods.Remove(method.Id);
            return texts.Declined;
        }

        PaymentMethods.Attach(world, customer, method, makeDefault: true);
        if (subscription is not null)
        {
            subscription.DefaultPaymentMethod = method.Id;
            world.Emit("customer.subscription.updated", SubscriptionJson.Of(world, subscription), subscription.TestClock);
        }

        return null;
    }

    private static Subscription? Current(World world, Customer customer) =>
        world.State.Subscriptions.Values.LastOrDefault(s => s.Customer == customer.Id && s.IsRunning);

    private static Invoice? OpenInvoice(World world, Customer customer) =>
        world.State.Invoices.Values.LastOrDefault(i => i.Customer == customer.Id && i.Status == "open");

    private static IResult Show(HttpContext context, World world, PortalSession? session, string? error)
    {
        var texts = PageTexts.For(session?.Locale, context.Request.Headers.AcceptLanguage.ToString());
        if (session is null)
        {
            return Html.Page(context, texts, texts.NotFound, "", StatusCodes.Status404NotFound);
        }

        var customer = world.State.Customers[session.Customer];
        var configuration = world.State.PortalConfigurations[session.Configuration];
        var body = Html.Error(error)
            + (Current(world, customer) is { } subscription
                ? Describe(world, subscription, configuration, texts)
                : $"<p>{Html.Encode(texts.NoSubscription)}</p>")
            + (configuration.CanUpdateCard ? CardForm(texts) : "")
            + (OpenInvoice(world, customer) is { } invoice
                ? Button("pay", $"{texts.PayOpenInvoice} ({texts.Money(invoice.AmountDue, invoice.Currency)})")
                : "")
            + History(world, customer, texts)
            + (session.ReturnUrl is { } url ? $"""<p><a href="{Html.Encode(url)}">{Html.Encode(texts.Return)}</a></p>""" : "");
        return Html.Page(context, texts, texts.PortalTitle, body, error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    private static string Describe(World world, Subscription subscription, PortalConfiguration configuration, PageTexts texts)
    {
        var price = world.State.Prices[subscription.Items[0].Price];
        var method = subscription.DefaultPaymentMethod is { } id ? world.State.PaymentMethods.GetValueOrDefault(id) : null;
        var end = subscription.CancelAt is { } at ? Row(texts.EndsAt, texts.Day(at)) : Row(texts.Until, texts.Day(subscription.PeriodEnd));
        var button = subscription.CancelAtPeriodEnd
            ? Button("resume", texts.Resume)
            : configuration.CanCancel && subscription.Schedule is null ? Button("cancel", texts.CancelSubscription) : "";
        return Row(world.State.Products[price.Product].Name, $"{texts.Money(price.UnitAmount, price.Currency)} {texts.PerMonth}")
            + Row(texts.Status, subscription.Status) + end + (method is null ? "" : Row(texts.Card, $"{method.Brand} •••• {method.Last4}")) + button;
    }

    private static string History(World world, Customer customer, PageTexts texts)
    {
        var invoices = world.State.Invoices.Values.Where(i => i.Customer == customer.Id).OrderByDescending(i => i.Ordinal).Take(12);
        var rows = string.Concat(invoices.Select(i => Row($"{texts.Day(i.Created)} {i.Number}", $"{texts.Money(i.AmountDue, i.Currency)} {i.Status}")));
        return rows.Length == 0 ? "" : $"<h2>{Html.Encode(texts.Invoices)}</h2>{rows}";
    }

    private static string CardForm(PageTexts texts) =>
        $"""<form method="post">{Html.Field("cardNumber", texts.CardNumber, "text", "inputmode=\"numeric\" autocomplete=\"cc-number\" required")}<button name="action" value="card">{Html.Encode(texts.UpdateCard)}</button></form>""";

    private static string Button(string action, string label) =>
        $"""<form method="post"><button name="action" value="{action}">{Html.Encode(label)}</button></form>""";

    private static string Row(string name, string value) =>
        $"""<p class="row"><span>{Html.Encode(name)}</span><strong>{Html.Encode(value)}</strong></p>""";
}
