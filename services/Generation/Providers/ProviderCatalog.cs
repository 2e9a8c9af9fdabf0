using Son1kVers3.Contracts;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Generation.Providers;

/// <summary>The providers in the order in which they are asked: <c>Providers:Order</c>, those it does not name, and always last the studio.</summary>
internal sealed class ProviderCatalog
{
    private readonly Dictionary<string, ProviderStatus> _status = [];

    public ProviderCatalog(IEnumerable<IMusicProvider> providers, IConfiguration configuration)
    {
        var order = configuration.GetSection("Providers:Order").Get<string[]>() ?? [];
        All = [.. providers.OrderBy(p => p.Name == StudioProvider.ProviderName).ThenBy(p => Array.IndexOf(order, p.Name) is >= 0 and var place ? place : int.MaxValue)];
        foreach (var provider in All)
            _status[provider.Name] = new ProviderStatus(false, "Its status is not known yet.");
    }

    public IReadOnlyList<IMusicProvider> All { get; }

    public IMusicProvider? Find(string name) => All.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Who may be asked for a request, first choice first.</summary>
    public IReadOnlyList<IMusicProvider> For(TrackRequest request, Quality quality)
    {
        var able = All.Where(p => p.Capabilities.Covers(request, quality));
        if (request.Provider is { } asked)
            able = able.OrderBy(p => p.Name.Equals(asked, StringComparison.OrdinalIgnoreCase) ? 0 : 1);
        return [.. able];
    }

    /// <summary>Of those, whoever is up; all of them where nobody is, for one of them to say what is wrong.</summary>
    /// <remarks>Who is asked for by name was up when the order was accepted: if it looks away from here, it is looked at again.</remarks>
    public async Task<IReadOnlyList<IMusicProvider>> FindUpAsync(TrackRequest request, Quality quality, CancellationToken cancellationToken)
    {
        var able = For(request, quality);
        if (request.Provider is { } name && Find(name) is { } asked && !StatusOf(asked).Available)
            Set(asked.Name, await AskAsync(asked, cancellationToken));
        IReadOnlyList<IMusicProvider> up = [.. able.Where(p => StatusOf(p).Available)];
        return up.Count > 0 ? up : able;
    }

    /// <summary>Accepts nothing that could not be made.</summary>
    /// <exception cref="ProblemException">400 when no provider ever could, 503 when none can now.</exception>
    public void RequireSomeoneFor(TrackRequest request, Quality quality)
    {
        var able = For(request, quality);
        if (request.Provider is { } asked)
            able = [.. able.Where(p => p.Name.Equals(asked, StringComparison.OrdinalIgnoreCase))];
        if (able.Count == 0)
            throw Problem.Invalid("provider", "This provider does not do what was asked for; leave it out to let another one do it.", new(FieldReasons.UnknownChoice));
        if (!able.Any(p => StatusOf(p).Available))
            throw Problem.Of(
                503, "provider-unavailable", $"Nothing can be made at the moment: {StatusOf(able[0]).Detail}", TimeSpan.FromSeconds(30));
    }

    /// <summary>As it was last seen.</summary>
    public ProviderStatus StatusOf(IMusicProvider provider)
    {
        lock (_status)
            return _status[provider.Name];
    }

    /// <summary>Keeps what is known of a provider; of one that is not in the catalog nothing.</summary>
    public void Set(string name, ProviderStatus status)
    {
        lock (_status)
        {
            if (_status.ContainsKey(name))
                _status[name] = status;
        }
    }

    /// <summary>Asks all of them for their status on this machine.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var statuses = await Task.WhenAll(All.Select(p => AskAsync(p, cancellationToken)));
        foreach (var (provider, status) in All.Zip(statuses))
            Set(provider.Name, status);
    }

    private static async Task<ProviderStatus> AskAsync(IMusicProvider provider, CancellationToken cancellationToken)
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
