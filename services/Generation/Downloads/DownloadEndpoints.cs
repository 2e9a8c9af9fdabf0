using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Media;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Generation.Downloads;

/// <summary>Many tracks as one zip.</summary>
internal static class DownloadEndpoints
{
    private const int MostAtATime = 3;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>Maps <c>/api/downloads</c>.</summary>
    public static IEndpointRouteBuilder MapDownloads(this IEndpointRouteBuilder app)
    {
        var all = app.MapGroup("/api/downloads").WithTags("Downloads");
        var own = all.MapGroup("").RequireAuthorization();
        own.MapPost("/", CreateAsync).WithIdempotency().Refuses(404, 429);
        own.MapGet("/", ListAsync);
        own.MapGet("/{id:guid}", GetAsync);
        own.MapDelete("/{id:guid}", DeleteAsync);
        all.MapFile("/{id:guid}/file", GetFileAsync).Sends<Stream>("application/zip");
        return app;
    }

    [EndpointName("CreateDownload"), EndpointSummary("Have a zip written of up to 100 tracks, in one format")]
    [EndpointDescription(
        "The caller's own tracks and claimed ones; mp3 when no format is given. Ask for its progress; it can be fetched for a day. "
        + "429 too-many-downloads while three are being written.")]
    private static async Task<Accepted<DownloadView>> CreateAsync(
        Body<CreateDownload> body, ClaimsPrincipal user, Operation operation, GenerationDb db, MediaUrls urls, TimeProvider clock)
    {
        var wanted = await body.ReadAsync();
        var download = wanted.ToDownload(operation.Id, user.Id(), clock.GetUtcNow(), Lifetime);
        await RequireTracksAsync(download, db);
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await db.Set<Download>().CountAsync(d => d.UserId == download.UserId
            && (d.Status == DownloadStatus.Queued || d.Status == DownloadStatus.Running)) >= MostAtATime)
            throw Problem.Of(
                429, "too-many-downloads", "Three of your downloads are being written; wait for one of them.", TimeSpan.FromSeconds(10));
        db.Add(download);
        await db.SaveChangesAsync();
        await db.Database.ExecuteSqlAsync($"SELECT pg_notify({DatabaseSignals.DownloadsWanted}, '')");
        var answer = await operation.RecordAsync(
            db, TypedResults.Accepted($"/api/downloads/{download.Id}", DownloadView.Of(download, urls)));
        await transaction.CommitAsync();
        return answer;
    }

    [EndpointName("ListDownloads"), EndpointSummary("The caller's downloads and exports, newest first")]
    private static async Task<Ok<Page<DownloadView>>> ListAsync(
        PageQuery page, ClaimsPrincipal user, GenerationDb db, MediaUrls urls, CancellationToken cancellationToken)
    {
        var own = db.Set<Download>().AsNoTracking().Where(d => d.UserId == user.Id());
        if (page.After<Guid>() is { } after)
            own = own.Where(d => d.Id.CompareTo(after) < 0);
        var rows = await own.OrderByDescending(d => d.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(Page<Download>.Of(rows, page, d => d.Id).Select(d => DownloadView.Of(d, urls)));
    }

    [EndpointName("GetDownload"), EndpointSummary("Its progress, and where it can be fetched")]
    private static async Task<Ok<DownloadView>> GetAsync(Guid id, ClaimsPrincipal user, GenerationDb db, MediaUrls urls) =>
        TypedResults.Ok(DownloadView.Of(await RequireAsync(id, user.Id(), db), urls));

    [EndpointName("DeleteDownload"), EndpointSummary("Cancel it, or remove it before its time")]
    private static async Task<NoContent> DeleteAsync(Guid id, ClaimsPrincipal user, GenerationDb db, ITrackStore store)
    {
        var download = await RequireAsync(id, user.Id(), db);
        await db.Set<Download>().Where(d => d.Id == id).ExecuteDeleteAsync();
        if (download.Key is not null)
            await store.DeleteAsync(download.Key, CancellationToken.None);
        return TypedResults.NoContent();
    }

    [EndpointName("GetDownloadFile"), EndpointSummary("The zip")]
    private static async Task<StoredFileResult> GetFileAsync(Guid id, HttpContext http, GenerationDb db, MediaUrls urls, ITrackStore store)
    {
        var viewer = http.User.IdOrNull() ?? urls.ViewerOf(http.Request, id, "download", "zip")
            ?? throw Problem.Of(401, "unauthorized", "Sign in, or use the signed address of the download.");
        var download = await RequireAsync(id, viewer, db);
        var path = download.Key is null ? null : await store.GetAsync(download.Key, http.RequestAborted);
        return path is null ? throw Problem.Of(404, "not-ready", "This download is not ready.", TimeSpan.FromSeconds(2))
            : new StoredFileResult(new LocalFile(path, download.File()),
                download.Kind == DownloadKind.Export ? "Son1kVers3 export" : "Son1kVers3 tracks")
            { IsAttachment = true };
    }

    private static async Task<Download> RequireAsync(Guid id, Guid user, GenerationDb db) =>
        await db.Set<Download>().AsNoTracking().FirstOrDefaultAsync(d => d.Id == id && d.UserId == user)
            ?? throw Problem.NotFound("download");

    /// <exception cref="ProblemException">404 when one of them is not there for the caller.</exception>
    private static async Task RequireTracksAsync(Download download, GenerationDb db)
    {
        var (ids, user) = (download.TrackIds, download.UserId);
        var found = await db.Tracks.CountAsync(t => ids.Contains(t.Id) && t.DeletedAt == null && t.Status == TrackStatus.Completed
            && ((t.UserId == user && t.HiddenAt == null)
                || (db.Set<TrackClaim>().Any(c => c.TrackId == t.Id && c.UserId == user)
                    && (t.HiddenAt == null || t.HiddenReason != Contracts.ModerateTrack.Illegal))));
        if (found < ids.Length)
            throw Problem.NotFound("finished track of yours among the ids");
    }
}

/// <summary>The body of <c>POST /api/downloads</c>.</summary>
internal sealed record CreateDownload
{
    /// <summary>1–100 generations.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary><c>mp3</c>, <c>opus</c>, <c>flac</c> or <c>wav</c>.</summary>
    public string? Format { get; init; }

    public Download ToDownload(Guid id, Guid user, DateTimeOffset now, TimeSpan lifetime) => new()
    {
        Id = id,
        UserId = user,
        TrackIds = [.. Ids!.Distinct()],
        Format = string.IsNullOrEmpty(Format) ? FileFormat.Mp3 : Enum.Parse<FileFormat>(Format, ignoreCase: true),
        CreatedAt = now,
        ExpiresAt = now + lifetime,
    };
}

internal sealed class CreateDownloadValidator : AbstractValidator<CreateDownload>
{
    private static readonly string[] Formats = ["mp3", "opus", "flac", "wav"];

    public CreateDownloadValidator()
    {
        RuleFor(r => r.Ids).NotEmpty().WithMessage("Name 1 to 100 generations.").Must(ids => ids is null || ids.Count <= 100)
            .WithMessage("At most 100.");
        RuleFor(r => r.Format).Must(f => string.IsNullOrEmpty(f) || Formats.Contains(f, StringComparer.OrdinalIgnoreCase)).WithMessage("One of mp3, opus, flac, wav.");
    }
}

/// <param name="Progress">Percent.</param>
/// <param name="Url">Signed, valid for an hour; once it is ready.</param>
/// <param name="Reason">Why it failed, in a sentence.</param>
/// <param name="ReasonCode">Why it failed, for programs.</param>
internal sealed record DownloadView(Guid Id, DownloadKind Kind, DownloadStatus Status, int Progress, long? Bytes, string? Url,
    string? Reason, DownloadFailure? ReasonCode, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public static DownloadView Of(Download download, MediaUrls urls)
    {
        var ready = download.Status == DownloadStatus.Ready;
        var url = ready ? urls.Sign(download.Id, $"/api/downloads/{download.Id}/file", "download", "zip", download.UserId) : null;
        return new DownloadView(download.Id, download.Kind, download.Status, download.Progress, ready ? download.Bytes : null, url,
            download.Reason?.Sentence(), download.Reason, download.CreatedAt, download.ExpiresAt);
    }
}

internal static class DownloadFiles
{
    /// <summary>What is sent of a ready one; it never changes.</summary>
    public static TrackFile File(this Download download) => new()
    {
        TrackId = download.Id,
        Kind = FileKind.Stems,
        Format = FileFormat.Zip,
        Key = download.Key!,
        Bytes = download.Bytes,
        Checksum = $"{download.Id:N}",
        StoredAt = TrackFile.WholeSeconds(download.CreatedAt),
    };
}
