using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Collections;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Mail;
using Son1kVers3.Profile.Tracks;
using Son1kVers3.Profile.Wall;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Share;

/// <summary>What a link to a page of ours shows elsewhere: for the page's head (OpenGraph) and for oEmbed.</summary>
/// <param name="Kind">t: a track; u: a member; c: a collection.</param>
/// <param name="Id">The generation's id, the username, or the collection's id.</param>
/// <param name="Title">Of the page.</param>
/// <param name="Description">A sentence or two.</param>
/// <param name="Url">The page's one address.</param>
/// <param name="Image">A picture to show with it, absolute; null without one.</param>
/// <param name="Audio">The sound, absolute; null where there is none.</param>
/// <param name="AuthorName">Who made it.</param>
/// <param name="AuthorUrl">Their profile; null when they are gone.</param>
/// <param name="DurationSeconds">Of a track.</param>
internal sealed record ShareView(
    string Kind, string Id, string Title, string Description, string Url, string? Image, string? Audio, string AuthorName, string? AuthorUrl, double? DurationSeconds);

/// <summary>Facts for share pages, asked for by the gateway alone.</summary>
internal static class ShareEndpoints
{
    private const int LongestDescription = 200;
    private const int NamedTracks = 5;

    public static void MapShare(this WebApplication app) => app.MapGet("/internal/share/{kind}/{id}", GetAsync).ExcludeFromDescription();

    /// <summary>404 for what not everybody may see.</summary>
    private static async Task<Ok<ShareView>> GetAsync(
        string kind, string id, [FromServices] ProfileDb db, [FromServices] PublicAddress pages, CancellationToken cancellationToken) => TypedResults.Ok(kind switch
        {
            "t" when Guid.TryParse(id, out var track) => await TrackAsync(db, pages, track, cancellationToken),
            "u" => await MemberAsync(db, pages, id, cancellationToken),
            "c" when Guid.TryParse(id, out var collection) => await CollectionAsync(db, pages, collection, cancellationToken),
            _ => throw Problem.NotFound("page"),
        });

    private static async Task<ShareView> TrackAsync(ProfileDb db, PublicAddress pages, Guid id, CancellationToken cancellationToken)
    {
        var track = await db.Set<Track>().AsNoTracking().FirstOrDefaultAsync(t => t.GenerationId == id && t.Audible, cancellationToken) ?? throw Problem.NotFound("page");
        var artist = await db.Set<Account>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == track.OwnerId, cancellationToken);
        var words = await db.Set<WallEntry>().Where(w => w.GenerationId == id && w.AccountId == track.OwnerId).Select(w => w.Description).FirstOrDefaultAsync(cancellationToken);
        var name = artist?.DisplayName ?? Account.DeletedName;
        var facts = string.Join(", ", new[] { track.Genre, track.Mood, track.Key }.Where(f => !string.IsNullOrEmpty(f)));
        return new ShareView(
            "t", id.ToString(), track.Title ?? "", Shorten(words) ?? (facts.Length > 0 ? $"{name}: {facts}" : name), pages.Of($"/t/{id}"), pages.Of($"/api/generations/{id}/cover?size=og"),
            pages.Of($"/api/generations/{id}/audio"), name, artist is null ? null : pages.Of($"/u/{artist.Username}"), track.DurationSeconds);
    }

    private static async Task<ShareView> MemberAsync(ProfileDb db, PublicAddress pages, string username, CancellationToken cancellationToken)
    {
        var account = await db.FindAccountAsync(username, cancellationToken) ?? throw Problem.NotFound("page");
        var picture = AvatarAddress.Of(account.Username, account.AvatarVersion);
        return new ShareView(
            "u", account.Username, account.DisplayName, Shorten(account.Bio) ?? $"{account.DisplayName} (@{account.Username})", pages.Of($"/u/{account.Username}"),
            picture is null ? null : pages.Of(picture), null, account.DisplayName, pages.Of($"/u/{account.Username}"), null);
    }

    /// <summary>Its first tracks say what it is, and the first one's cover shows it.</summary>
    private static async Task<ShareView> CollectionAsync(ProfileDb db, PublicAddress pages, Guid id, CancellationToken cancellationToken)
    {
        var collection = await db.Set<Collection>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == id && c.Visibility == CollectionVisibility.Public, cancellationToken)
            ?? throw Problem.NotFound("page");
        var owner = await db.Set<Account>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == collection.OwnerId, cancellationToken);
        var tracks = await db.Set<CollectionItem>().Where(i => i.CollectionId == id)
            .Join(db.Set<Track>().Where(t => t.Audible), i => i.GenerationId, t => t.GenerationId, (i, t) => new { i.Votes, i.Rank, t.GenerationId, t.Title })
            .OrderByDescending(t => t.Votes * collection.VoteWeight).ThenBy(t => t.Rank).Take(NamedTracks).ToListAsync(cancellationToken);
        var (name, titles) = (owner?.DisplayName ?? Account.DeletedName, string.Join(", ", tracks.Select(t => t.Title)));
        return new ShareView(
            "c", id.ToString(), collection.Title, Shorten(titles.Length > 0 ? $"{name}: {titles}" : name)!, pages.Of($"/c/{id}"),
            tracks is [var first, ..] ? pages.Of($"/api/generations/{first.GenerationId}/cover?size=og") : null, null, name, owner is null ? null : pages.Of($"/u/{owner.Username}"), null);
    }

    private static string? Shorten(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= LongestDescription ? line : $"{line[..(LongestDescription - 1)].TrimEnd()}…";
    }
}
