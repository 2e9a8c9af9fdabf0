namespace Son1kVers3.Stealth.Dialects;

/// <summary>Replicate: plain statuses; the time of its 429 stands only in the text ("resets in ~30s").</summary>
internal sealed class Replicate : Dialect
{
    public override string Name => "replicate";
    public override Uri? BaseAddress { get; } = new("https://api.replicate.com");
    public override IReadOnlyList<string> PathPrefixes { get; } = ["/v1/predictions", "/v1/models/", "/v1/deployments/", "/v1/account"];
    public override IReadOnlyList<string> ResultHosts { get; } = ["replicate.delivery", "*.replicate.delivery"];
}
