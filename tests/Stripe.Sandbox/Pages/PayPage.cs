using Son1kVers3.Stripe.Sandbox.Checkout;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Pages;

/// <summary>The page behind a session's <c>url</c>: a plain form, its answer a redirect or the page again with what went wrong.</summary>
internal static class PayPage
{
    public static void MapPayPage(this IEndpointRouteBuilder app)
    {
        app.MapGet("/c/pay/{id}", (string id, HttpContext context, World world) =>
        {
            lock (world.Gate)
            {
                return Show(context, world, world.State.Sessions.GetValueOrDefault(id), null);
            }
        });
        app.MapPost("/c/pay/{id}", async (string id, HttpContext context, World world) =>
        {
            var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync() : FormCollection.Empty;
            lock (world.Gate)
            {
                return Pay(context, world, world.State.Sessions.GetValueOrDefault(id), form);
            }
        });
    }

    private static IResult Pay(HttpContext context, World world, CheckoutSession? session, IFormCollection form)
    {
        var texts = PageTexts.For(session?.Locale, context.Request.Headers.AcceptLanguage.ToString());
        if (session is null)
        {
            return Show(context, world, null, null);
        }

        return CheckoutFlow.Pay(world, session, form["cardNumber"].ToString(), form["email"].ToString() is { Length: > 0 } email ? email : null) switch
        {
            PayResult.Paid => SeeOther(context, session.ReturnUrl),
            PayResult.CardDeclined => Show(context, world, session, texts.Declined),
            PayResult.UnknownCard => Show(context, world, session, texts.UnknownCard),
            _ => Show(context, world, session, null),
        };
    }

    private static IResult SeeOther(HttpContext context, string url)
    {
        context.Response.Headers.Location = url;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static IResult Show(HttpContext context, World world, CheckoutSession? session, string? error)
    {
        var texts = PageTexts.For(session?.Locale, context.Request.Headers.AcceptLanguage.ToString());
        if (session is null)
        {
            return Html.Page(context, texts, texts.NotFound, "", StatusCodes.Status404NotFound);
        }

        return session.Status switch
        {
            "complete" => Html.Page(context, texts, texts.AlreadyPaid, Link(session.ReturnUrl, texts.Continue), StatusCodes.Status409Conflict),
            "expired" => Html.Page(context, texts, texts.Expired, Link(session.CancelUrl, texts.Back), StatusCodes.Status410Gone),
            _ => Html.Page(
                context, texts, texts.PayTitle, Form(world, session, texts, error), error is null ? StatusCodes.Status200OK : StatusCodes.Status402PaymentRequired),
        };
    }

    private static string Form(World world, CheckoutSession session, PageTexts texts, string? error)
    {
        var currency = world.State.Prices[session.Items[0].Price].Currency;
        var rows = string.Concat(session.Items.Select(item =>
        {
            var price = world.State.Prices[item.Price];
            var name = world.State.Products[price.Product].Name;
            var each = item.Quantity == 1 ? "" : $" × {item.Quantity}";
            return $"""<p class="row"><strong>{Html.Encode(name + each)}</strong><span>{Html.Encode(texts.Money(price.UnitAmount * item.Quantity, currency))} {Html.Encode(texts.PerMonth)}</span></p>""";
        }));
        var email = session.Customer is null
            ? Html.Field("email", texts.Email, "email", $"autocomplete=\"email\" value=\"{Html.Encode(session.CustomerEmail)}\"")
            : "";
        var described = error is null ? "" : "aria-describedby=\"error\" aria-invalid=\"true\" ";
        return $"""
            {rows}
            {Html.Error(error)}
            <form method="post" action="/c/pay/{Html.Encode(session.Id)}">
            {email}
            {Html.Field("cardNumber", texts.CardNumber, "text", $"inputmode=\"numeric\" autocomplete=\"cc-number\" required {described}placeholder=\"4242 4242 4242 4242\"")}
            {Html.Field("cardExpiry", texts.Expiry, "text", "inputmode=\"numeric\" autocomplete=\"cc-exp\"")}
            {Html.Field("cardCvc", texts.Cvc, "text", "inputmode=\"numeric\" autocomplete=\"cc-csc\"")}
            <button type="submit">{Html.Encode(texts.Pay)} {Html.Encode(texts.Money(SessionJson.Total(world, session), currency))}</button>
            </form>
            {Link(session.CancelUrl, texts.Back)}
            <details><summary>{Html.Encode(texts.TestCards)}</summary><ul class="note">
            <li>4242 4242 4242 4242: {Html.Encode(texts.CardWorks)}</li>
            <li>4000 0000 0000 0002: {Html.Encode(texts.CardDeclines)}</li>
            <li>4000 0000 0000 0341: {Html.Encode(texts.CardFailsLater)}</li>
            </ul></details>
            """;
    }

    private static string Link(string? url, string text) =>
        url is null ? "" : $"""<p><a href="{Html.Encode(url)}">{Html.Encode(text)}</a></p>""";
}
