using Son1kVers3.Contracts;
using Son1kVers3.Generation.Generations;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.Providers;

/// <summary>The providers in the order in which they are asked: <c>Providers:Order</c>, then those it does not name.</summary>
internal sealed class ProviderCatalog
{
    private readonly Dictionary<string, ProviderStatus> _status = [];

    public ProviderCatalog(IEnumerable<IMusicProvider> providers, IConfiguration configuration)
    {
        var order = configuration.GetSection("Providers:Order").Get<string[]>() ?? [];
        All = [.. providers.OrderBy(p => Array.IndexOf(order, p.Name) is >= 0 and var place ? place : int.MaxValue)];
        foreach (var provider in All)
            _status[provider.Name] = new ProviderStatus(false, "Not looked at yet.");
    }

    public IReadOnlyList<IMusicProvider> All { get; }

    public IMusicProvider? Find(string name) => All.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Who may be asked for an order, first choice first.</summary>
    public IReadOnlyList<IMusicProvider> For(TrackOrder order, Quality quality)
    {
        var able = All.Where(p => p.Capabilities.Covers(order, quality));
        if (order.Provider is { } asked)
            able = able.OrderBy(p => p.Name.Equals(asked, StringComparison.OrdinalIgnoreCase) ? 0 : 1);
        return [.. able];
    }

    /// <summary>Accepts nothing that could not be made.</summary>
    /// <exception cref="ProblemException">400 when no provider ever could, 503 when none can now.</exception>
    public void RequireSomeoneFor(TrackOrder order, Quality quality)
    {
        var able = For(order, quality);
        if (order.Provider is { } asked)
            able = [.. able.Where(p => p.Name.Equals(asked, StringComparison.OrdinalIgnoreCase))];
        if (able.Count == 0)
            throw Problem.Invalid("provider", "This provider does not do what was asked for; leave it out to let another one do it.");
        if (!able.Any(p => StatusOf(p).Available))
            throw Problem.Of(503, "provider-unavailable", $"Nothing can be made at the moment: {StatusOf(able[0]).Detail}", TimeSpan.FromSeconds(30));
    }

    /// <summary>As of the last look.</summary>
    public ProviderStatus StatusOf(IMusicProvider provider)
    {
        lock (_status)
            return _status[provider.Name];
    }

    /// <summary>Looks at all of them.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var provider in All)
        {
            var status = await StatusNowAsync(provider, cancellationToken);
            lock (_status)
                _status[provider.Name] = status;
        }
    }

    private static async Task<ProviderStatus> StatusNowAsync(IMusicProvider provider, CancellationToken cancellationToken)
    {
        try
        {
            return await provider.GetStatusAsync(cancellationToken);
        }
        catch (ProviderException e)
        {
            return new ProviderStatus(false, $"It does not answer ({e.Error}).");
        }
    }
}
