using System.Text.Json.Nodes;

namespace Son1kVers3.Stripe.Sandbox.Http;

/// <summary>An answer that is not 200, in the shape of Stripe's error object.</summary>
internal sealed class StripeException(int status, string type, string message, string? code = null, string? param = null)
    : Exception(message)
{
    public int Status => status;

    public string Type => type;

    public string? Code => code;

    public string? Param => param;

    public string? DeclineCode { get; init; }

    public JsonObject? PaymentIntent { get; init; }

    /// <summary>Refused before anything ran: Stripe stores no idempotent result for it.</summary>
    public bool IsValidation { get; private init; }

    public static StripeException Invalid(string message, string? param = null, string? code = null) =>
        new(400, "invalid_request_error", message, code, param) { IsValidation = true };

    /// <summary>The parameters were well formed, the state of the object forbids the call.</summary>
    public static StripeException Refused(string message, string? code = null, string? param = null) =>
        new(400, "invalid_request_error", message, code, param);

    public static StripeException Missing(string param) =>
        Invalid($"Missing required param: {param}.", param, "parameter_missing");

    public static StripeException NotFound(string what, string id, string param = "id") =>
        new(404, "invalid_request_error", $"No such {what}: '{id}'", "resource_missing", param);

    public static StripeException NotEmulated(string param) =>
        Invalid($"Stripe knows the parameter {param}, this sandbox does not emulate it.", param, "sandbox_not_emulated");

    public JsonObject ToJson(string requestId)
    {
        var error = new JsonObject { ["message"] = Message, ["type"] = type };
        if (code is not null)
        {
            error["code"] = code;
            error["doc_url"] = $"https://stripe.com/docs/error-codes/{code.Replace('_', '-')}";
        }

        if (param is not null)
        {
            error["param"] = param;
        }

        if (DeclineCode is not null)
        {
            error["decline_code"] = DeclineCode;
        }

        if (PaymentIntent is not null)
        {
            error["payment_intent"] = PaymentIntent;
        }

        error["request_log_url"] = $"https://dashboard.stripe.com/test/logs/{requestId}";
        return new JsonObject { ["error"] = error };
    }
}
