using System.Globalization;

namespace Son1kVers3.Stripe.Sandbox.Pages;

/// <summary>What the pages say, in Spanish and English.</summary>
internal sealed record PageTexts(string Language)
{
    private bool IsSpanish => Language == "es";

    public string Notice => IsSpanish ? "Pasarela de pruebas: no se cobra dinero real." : "Test gateway: no real money is charged.";

    public string PayTitle => IsSpanish ? "Pagar suscripción" : "Pay for your subscription";

    public string PerMonth => IsSpanish ? "al mes" : "a month";

    public string Email => IsSpanish ? "Correo electrónico" : "Email";

    public string CardNumber => IsSpanish ? "Número de tarjeta" : "Card number";

    public string Expiry => IsSpanish ? "Caducidad (MM/AA)" : "Expiry (MM/YY)";

    public string Cvc => "CVC";

    public string Pay => IsSpanish ? "Pagar" : "Pay";

    public string Back => IsSpanish ? "Cancelar y volver" : "Cancel and go back";

    public string Declined => IsSpanish ? "La tarjeta ha sido rechazada. Prueba con otra." : "Your card was declined. Try another one.";

    public string UnknownCard => IsSpanish
        ? "Ese número no es una tarjeta de prueba. Usa 4242 4242 4242 4242."
        : "That number is not a test card. Use 4242 4242 4242 4242.";

    public string TestCards => IsSpanish ? "Tarjetas de prueba" : "Test cards";

    public string CardWorks => IsSpanish ? "funciona" : "works";

    public string CardDeclines => IsSpanish ? "rechazada" : "is declined";

    public string CardFailsLater => IsSpanish ? "funciona hoy, falla en la renovación" : "works today, fails at renewal";

    public string AlreadyPaid => IsSpanish ? "Este pago ya se completó." : "This payment was already completed.";

    public string Expired => IsSpanish ? "Este enlace de pago ha caducado." : "This payment link has expired.";

    public string Continue => IsSpanish ? "Continuar" : "Continue";

    public string NotFound => IsSpanish ? "No hay nada en esta dirección." : "There is nothing at this address.";

    public string PortalTitle => IsSpanish ? "Tu suscripción" : "Your subscription";

    public string NoSubscription => IsSpanish ? "No hay ninguna suscripción activa." : "There is no active subscription.";

    public string Status => IsSpanish ? "Estado" : "Status";

    public string Until => IsSpanish ? "Periodo hasta" : "Period until";

    public string EndsAt => IsSpanish ? "Termina el" : "Ends on";

    public string Card => IsSpanish ? "Tarjeta" : "Card";

    public string CancelSubscription => IsSpanish ? "Cancelar al final del periodo" : "Cancel at the end of the period";

    public string Resume => IsSpanish ? "Mantener la suscripción" : "Keep the subscription";

    public string UpdateCard => IsSpanish ? "Cambiar tarjeta" : "Change card";

    public string PayOpenInvoice => IsSpanish ? "Pagar la factura pendiente" : "Pay the open invoice";

    public string Invoices => IsSpanish ? "Facturas" : "Invoices";

    public string Return => IsSpanish ? "Volver" : "Go back";

    public string Refused => IsSpanish ? "No se pudo hacer." : "That could not be done.";

    /// <summary>The session's locale when it has one, else the first language the browser asks for that we speak.</summary>
    public static PageTexts For(string? locale, string acceptLanguage)
    {
        var wanted = locale is null or "auto" or "" ? acceptLanguage : locale;
        var first = wanted.Split(',', ';').FirstOrDefault(part => part.StartsWith("es", StringComparison.OrdinalIgnoreCase)
            || part.StartsWith("en", StringComparison.OrdinalIgnoreCase));
        return new PageTexts(first?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true ? "es" : "en");
    }

    public string Money(long cents, string currency) => string.Create(
        CultureInfo.InvariantCulture, $"{(currency == "usd" ? "$" : "")}{cents / 100m:0.00}{(currency == "usd" ? "" : " " + currency.ToUpperInvariant())}");

    public string Day(long instant) =>
        DateTimeOffset.FromUnixTimeSeconds(instant).ToString(IsSpanish ? "dd/MM/yyyy" : "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
