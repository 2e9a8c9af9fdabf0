using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.Studio.Genres;

namespace Son1kVers3.Generation.Providers;

/// <summary>What can be asked for.</summary>
internal static class ProviderEndpoints
{
    /// <summary>Maps <c>/api/genres</c> and <c>/api/providers</c>; both are public.</summary>
    public static IEndpointRouteBuilder MapProviders(this IEndpointRouteBuilder app)
    {
        var lists = app.MapGroup("/api").WithTags("Providers");
        lists.MapGet("/genres", ListGenres);
        lists.MapGet("/providers", ListProviders);
        return app;
    }

    [EndpointName("ListGenres"), EndpointSummary("The genres that can be asked for, all on one page")]
    private static Ok<Page<GenreView>> ListGenres() => TypedResults.Ok(new Page<GenreView>([.. GenreCatalog.All.Select(View)], null));

    [EndpointName("ListProviders"), EndpointSummary("Who makes tracks, and who can at the moment; all on one page")]
    private static Ok<Page<ProviderView>> ListProviders(ProviderCatalog catalog) =>
        TypedResults.Ok(new Page<ProviderView>([.. catalog.All.Select(p => View(p, catalog.StatusOf(p)))], null));

    private static GenreView View(Genre genre) =>
        new(genre.Slug, genre.Name.En, genre.Name.Es, genre.Tempo.Min, genre.Tempo.Max, genre.Tempo.Default, genre.Moods);

    private static ProviderView View(IMusicProvider provider, ProviderStatus status) => new(
        provider.Name, status.Available ? "up"
            : "down", status.Detail, provider.Capabilities.Qualities, provider.Capabilities.LongestSeconds, provider.Capabilities.Lyrics);
}

/// <param name="Slug">What requests name.</param>
internal sealed record GenreView(
    string Slug, string Name, string NameEs, int TempoMin, int TempoMax, int TempoDefault, IReadOnlyList<string> Moods);

/// <param name="Status"><c>up</c> or <c>down</c>.</param>
/// <param name="Detail">What is missing, and what helps.</param>
internal sealed record ProviderView(
    string Name, string Status, string? Detail, IReadOnlyList<Quality> Qualities, int LongestSeconds, bool Lyrics);
