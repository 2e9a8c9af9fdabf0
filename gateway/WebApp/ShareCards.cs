using System.Net;
using Microsoft.Extensions.Caching.Memory;

namespace Son1kVers3.Gateway.WebApp;

/// <summary>What profile says of a page that links lead to.</summary>
internal sealed record ShareCard(
    string Kind, string Id, string Title, string Description, string Url, string? Image, string? Audio, string AuthorName, string? AuthorUrl, double? DurationSeconds)
{
    /// <summary>Where the same facts are as oEmbed.</summary>
    public string OEmbedUrl => $"{new Uri(Url).GetLeftPart(UriPartial.Authority)}{WebAppExtensions.OEmbed}?format=json&url={Uri.EscapeDataString(Url)}";
}

/// <summary>Asks profile for share cards, and keeps each for a minute: a link that spreads is asked for many times at once.</summary>
internal sealed class ShareCards(IHttpClientFactory clients, ILogger<ShareCards> logger) : IDisposable
{
    /// <summary>The name of its HTTP client.</summary>
    public const string ClientName = "share";

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    private readonly MemoryCache _cards = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    /// <summary>The card; null with <c>Known</c> when there is nothing for everybody, null without it when profile does not answer.</summary>
    public async Task<(ShareCard? Card, bool Known)> FindAsync(string kind, string id, CancellationToken cancellationToken)
    {
        var key = $"{kind}/{id}";
        if (_cards.TryGetValue(key, out ShareCard? known))
            return (known, true);
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(Timeout);
            using var client = clients.CreateClient(ClientName);
            using var response = await client.GetAsync($"http://profile/internal/share/{kind}/{Uri.EscapeDataString(id)}", timeout.Token);
            if (response.StatusCode != HttpStatusCode.NotFound)
                response.EnsureSuccessStatusCode();
            var card = response.StatusCode == HttpStatusCode.NotFound ? null : await response.Content.ReadFromJsonAsync<ShareCard>(timeout.Token);
            _cards.Set(key, card, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });
            return (card, true);
        }
        // The page itself needs none of this: without profile it is served plain.
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(fault, "Profile did not say how {Kind}/{Id} is shared", kind, id);
            return (null, false);
        }
    }

    public void Dispose() => _cards.Dispose();
}
