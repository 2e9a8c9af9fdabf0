using Microsoft.Extensions.Configuration;

namespace Son1kVers3.ServiceDefaults;

/// <summary>Where other services are: what Aspire and Standalone inject as <c>services__{name}__http__0..n</c>, taken in turn.</summary>
public sealed class ServiceAddresses(IConfiguration configuration)
{
    private int _turn = -1;

    /// <summary>Every address of a service; empty when it is not referred to.</summary>
    public IReadOnlyList<Uri> All(string service) =>
        [.. configuration.GetSection($"services:{service}:http").GetChildren()
            .OrderBy(c => int.TryParse(c.Key, out var n) ? n : int.MaxValue)
            .Select(c => c.Value).OfType<string>().Select(v => new Uri(v))];

    /// <summary>The next address, round-robin.</summary>
    public Uri Next(string service)
    {
        var all = All(service);
        return all.Count > 0
            ? all[(int)((uint)Interlocked.Increment(ref _turn) % (uint)all.Count)]
            : throw new ArgumentException($"No address of '{service}' is configured (services:{service}:http:0).", nameof(service));
    }
}
