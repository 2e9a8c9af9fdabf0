using System.Text.Json.Nodes;

namespace Son1kVers3.Stripe.Sandbox.Model;

internal sealed class PortalConfiguration : Resource
{
    public bool Active { get; set; } = true;

    public string? Name { get; set; }

    public string? DefaultReturnUrl { get; set; }

    public long Updated { get; set; }

    /// <summary>Cancelling is offered on the page.</summary>
    public bool CanCancel { get; set; } = true;

    /// <summary>Changing the card is offered on the page.</summary>
    public bool CanUpdateCard { get; set; } = true;

    /// <summary>Features as they were given, answered back as they are.</summary>
    public JsonObject Features { get; set; } = [];
}

internal sealed class PortalSession : Resource
{
    public required string Customer { get; set; }

    public required string Configuration { get; set; }

    public string? ReturnUrl { get; set; }

    public string? Locale { get; set; }

    public string Url { get; set; } = "";

    public string? FlowType { get; set; }
}
