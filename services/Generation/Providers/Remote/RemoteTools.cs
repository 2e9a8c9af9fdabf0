using System.Net.Http.Json;
using Son1kVers3.Generation.Files;
using Son1kVers3.ServiceDefaults.Auth;

namespace Son1kVers3.Generation.Providers.Remote;

/// <summary>What all remote providers work with.</summary>
internal sealed class RemoteTools(
    IHttpClientFactory clients, RemoteDirectory directory, StudioToolbox studio, IConfiguration configuration, TimeProvider clock, ILogger<RemoteTools> log)
{
    public RemoteDirectory Directory => directory;
    public StudioToolbox Studio => studio;
    public TimeProvider Clock => clock;
    public ILogger Log => log;
    public TimeSpan PollInterval { get; } = TimeSpan.FromSeconds(configuration.GetValue("Providers:PollSeconds", 3.0));

    public HttpClient Client() => clients.CreateClient(EgressJob.ClientName);
}

/// <summary>Which providers stealth has accounts for.</summary>
internal sealed class RemoteDirectory(IHttpClientFactory clients, IConfiguration configuration)
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(3);
    private static readonly ProviderStatus Off = new(false, "The operator has added no account.") { Configured = false };

    /// <summary>Off without an account, down while none of its accounts is available.</summary>
    public async ValueTask<ProviderStatus> StatusOfAsync(string provider, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(configuration["Egress:Credential"]))
            return Off;
        if (await AskAsync(cancellationToken) is not { } known)
            return new ProviderStatus(false, "The service that holds its accounts does not answer.") { Configured = false };
        return known.GetValueOrDefault(provider) switch
        {
            null or { Accounts: 0 } or { Enabled: false } => Off,
            { Available: true } => new ProviderStatus(true),
            _ => new ProviderStatus(false, "None of its accounts is available at the moment."),
        };
    }

    /// <summary>Null when stealth does not say.</summary>
    private async Task<Dictionary<string, RemoteState>?> AskAsync(CancellationToken cancellationToken)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        soon.CancelAfter(AnswerTimeout);
        try
        {
            var states = await clients.CreateClient(EgressJob.ClientName)
                .GetFromJsonAsync<RemoteState[]>(new Uri("/egress/providers", UriKind.Relative), soon.Token);
            return states?.ToDictionary(s => s.Name);
        }
        catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private sealed record RemoteState(string Name, bool Enabled, int Accounts, bool Available);
}

internal static class RemoteExtensions
{
    private static readonly RemoteService[] Services =
        [new AceStep(), new ElevenLabs(), new StableAudio(), new Replicate(), new Fal(), new MiniMax()];

    /// <summary>All remote providers; each is off until stealth has an account for it.</summary>
    public static IServiceCollection AddRemoteProviders(this IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.AddHttpClient(EgressJob.ClientName, (provider, client) =>
        {
            client.BaseAddress = new Uri("http://stealth");
            // A job's own deadline counts.
            client.Timeout = Timeout.InfiniteTimeSpan;
            client.DefaultRequestHeaders.Add(ServiceCredential.Header, provider.GetRequiredService<IConfiguration>()["Egress:Credential"]);
        }).AddServiceDiscovery();
        services.AddSingleton<RemoteDirectory>().AddSingleton<RemoteTools>();
        foreach (var service in Services)
            services.AddSingleton<IMusicProvider>(p => new RemoteProvider(service, p.GetRequiredService<RemoteTools>()));
        return services;
    }
}
