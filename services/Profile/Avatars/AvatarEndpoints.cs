using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Profiles;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Profile.Avatars;

/// <summary>Where the new picture is.</summary>
internal sealed record AvatarView(string AvatarUrl);

/// <summary>Members' pictures.</summary>
internal static class AvatarEndpoints
{
    private const long LargestFile = 5_000_000;

    // The form around the file.
    private const long LargestBody = LargestFile + 50_000;

    public static void MapAvatars(this WebApplication app)
    {
        var profiles = app.MapGroup("/api/profiles").WithTags("Profiles");
        profiles.MapPut("/me/avatar", UploadAsync).RequireAuthorization().WithMetadata(new RequestSizeLimitAttribute(LargestBody))
            .Accepts<IFormFile>("multipart/form-data").Refuses(400, 413, 415);
        profiles.MapDelete("/me/avatar", RemoveAsync).RequireAuthorization();
        profiles.MapGet("/{username}/avatar", GetAsync).Produces<Stream>(200, "image/webp").Produces(304);
    }

    [EndpointName("UploadAvatar"), EndpointSummary("Set one's picture")]
    [EndpointDescription("Multipart, one file of at most 5 MB: JPEG, PNG, WebP, GIF or BMP. It is cut to a square and encoded anew. 415 `unsupported-image`.")]
    private static async Task<Ok<AvatarView>> UploadAsync(
        [FromServices] ProfileDb db, [FromServices] ProfileAnnouncer announcer, ClaimsPrincipal user, HttpRequest request, CancellationToken cancellationToken)
    {
        var (large, small) = await AvatarImage.EncodeAsync(await ReadAsync(request, cancellationToken), cancellationToken);
        var version = Convert.ToHexStringLower(SHA256.HashData(large))[..16];
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var account = await db.LockAccountAsync(user.Id(), cancellationToken) ?? throw AccountQueries.Gone();
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO avatars (account_id, version, large, small) VALUES ({account.Id}, {version}, {large}, {small})
            ON CONFLICT (account_id) DO UPDATE SET version = excluded.version, large = excluded.large, small = excluded.small
            """,
            cancellationToken);
        await SetAsync(db, announcer, account, version, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(new AvatarView(AvatarAddress.Of(account.Username, version)!));
    }

    [EndpointName("RemoveAvatar"), EndpointSummary("Remove one's picture"), EndpointDescription("Again: 204.")]
    private static async Task<NoContent> RemoveAsync(
        [FromServices] ProfileDb db, [FromServices] ProfileAnnouncer announcer, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var account = await db.LockAccountAsync(user.Id(), cancellationToken) ?? throw AccountQueries.Gone();
        await db.Set<Avatar>().Where(a => a.AccountId == account.Id).ExecuteDeleteAsync(cancellationToken);
        await SetAsync(db, announcer, account, version: null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    [EndpointName("GetAvatar"), EndpointSummary("A member's picture")]
    [EndpointDescription("WebP, 512 × 512; `size=96` for a small one. The address that the profile gives (`v`) changes with the picture and is cached for ever.")]
    private static async Task<FileContentHttpResult> GetAsync(
        string username, int? size, string? v, [FromServices] ProfileDb db, HttpResponse response, CancellationToken cancellationToken)
    {
        var account = await db.FindAccountAsync(username, cancellationToken);
        var wantsSmall = size is > 0 and <= AvatarImage.Small;
        var picture = account is null ? null : await db.Set<Avatar>().Where(a => a.AccountId == account.Id)
            .Select(a => new { a.Version, Bytes = wantsSmall ? a.Small : a.Large }).FirstOrDefaultAsync(cancellationToken);
        if (picture is null)
            throw Problem.NotFound("picture");
        response.Headers.CacheControl = v == picture.Version ? "public, max-age=31536000, immutable" : "public, max-age=60";
        return TypedResults.Bytes(picture.Bytes, "image/webp", entityTag: new EntityTagHeaderValue($"\"{picture.Version}-{(wantsSmall ? AvatarImage.Small : AvatarImage.Large)}\""));
    }

    private static async Task SetAsync(ProfileDb db, ProfileAnnouncer announcer, Account account, string? version, CancellationToken cancellationToken)
    {
        if (account.AvatarVersion == version)
            return;
        account.AvatarVersion = version;
        await announcer.AnnounceAsync(account, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
            throw Problem.Of(415, "unsupported-media-type", "Send the picture as multipart/form-data.");
        try
        {
            var form = await request.ReadFormAsync(cancellationToken);
            if (form.Files is not [{ Length: > 0 } file])
                throw Problem.Invalid("avatar", "One file.");
            if (file.Length > LargestFile)
                throw Problem.Of(413, "body-too-large", "At most 5 MB.");
            using var bytes = new MemoryStream((int)file.Length);
            await file.CopyToAsync(bytes, cancellationToken);
            return bytes.ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw Problem.Invalid("avatar", "The form is broken.");
        }
    }
}
