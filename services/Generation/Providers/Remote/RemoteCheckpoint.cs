using System.Text.Json;

namespace Son1kVers3.Generation.Providers.Remote;

/// <summary>A job elsewhere as the next worker needs to know it.</summary>
/// <param name="Lease">Stealth's, which keeps it on the account that has the job.</param>
/// <param name="At">When it was begun.</param>
internal sealed record RemoteCheckpoint(string Lease, RemoteJob Job, DateTimeOffset At)
{
    public static RemoteCheckpoint Read(string json) => JsonSerializer.Deserialize<RemoteCheckpoint>(json, JsonSerializerOptions.Web)!;

    public string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <summary>The calls of this job from now on.</summary>
    public EgressJob Connect(HttpClient http, string provider) => new(http, provider, needsLease: true, Lease);
}
