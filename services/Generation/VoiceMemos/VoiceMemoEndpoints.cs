using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Files;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Studio;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Generation.VoiceMemos;

/// <summary>Humming in, notes out.</summary>
internal static class VoiceMemoEndpoints
{
    private const long FileLimit = 20_000_000;

    /// <summary>More than the gateway lets through, so that what is too large is read and told, not cut off.</summary>
    private const long BodyLimit = 22_000_000;
    private const int Compared = 200;

    /// <summary>Maps <c>/api/voice-memos</c>.</summary>
    public static IEndpointRouteBuilder MapVoiceMemos(this IEndpointRouteBuilder app)
    {
        var memos = app.MapGroup("/api/voice-memos").WithTags("Voice memos").RequireAuthorization();
        memos.MapPost("/", CreateAsync).WithIdempotency().DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(BodyLimit))
            .Accepts<VoiceMemoForm>("multipart/form-data").Refuses(415, 503);
        memos.MapGet("/", ListAsync);
        memos.MapGet("/{id:guid}", GetAsync);
        memos.MapGet("/{id:guid}/midi", GetMidiAsync).Produces<Stream>(200, "audio/midi");
        return app;
    }

    [EndpointName("CreateVoiceMemo"), EndpointSummary("Turn a hummed melody into notes")]
    [EndpointDescription(
        "Field audio: WAV, MP3, M4A, Ogg, WebM or FLAC, at most 20 MB and 120 s (400 audio-too-long). The recording is not kept.")]
    private static async Task<Created<VoiceMemoView>> CreateAsync(
        HttpContext http, ClaimsPrincipal user, Operation operation, GenerationDb db, MemoReader reader, MediaFolder folder,
        StudioToolbox toolbox,
        TimeProvider clock)
    {
        var file = await ReadFileAsync(http);
        if (toolbox.Report.Tools is null)
            throw Problem.Of(503, "provider-unavailable", $"Recordings cannot be read at the moment: {toolbox.Report.Explanation}",
                TimeSpan.FromSeconds(30));
        var scratch = folder.CreateScratch($"memo-{Guid.NewGuid():N}");
        try
        {
            var path = Path.Combine(scratch, "upload");
            await using (var copy = File.Create(path))
                await file.CopyToAsync(copy, http.RequestAborted);
            var (melody, fingerprint) = await reader.ReadAsync(path, user.Id(), http.RequestAborted);
            var memo = Memo(operation.Id, user.Id(), melody, fingerprint, clock.GetUtcNow());
            var duplicate = fingerprint is null ? null : await FindSameAsync(db, user.Id(), fingerprint);
            await using var transaction = await db.Database.BeginTransactionAsync();
            db.Add(memo);
            await db.SaveChangesAsync();
            var result = await operation.RecordAsync(
                db, TypedResults.Created($"/api/voice-memos/{memo.Id}", VoiceMemoView.Of(memo) with { DuplicateOf = duplicate }));
            await transaction.CommitAsync();
            return result;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task<IFormFile> ReadFileAsync(HttpContext http)
    {
        if (http.Request.Headers.ContentEncoding.Count > 0)
            throw Problem.Of(415, "unsupported-media-type", "Send the form as it is, without Content-Encoding.");
        if (!http.Request.HasFormContentType)
            throw Problem.Of(415, "unsupported-media-type", "Send the recording as multipart/form-data, in the field 'audio'.");
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(
                new Microsoft.AspNetCore.Http.Features.FormOptions { MultipartBodyLengthLimit = BodyLimit }, http.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw Problem.Of(400, "malformed-form", "The body is not the multipart form that this endpoint takes.");
        }

        if (form.Files.GetFiles("audio") is not [var file])
            throw Problem.Invalid("audio", "Send one recording as a file in this field.");
        if (file.Length > FileLimit)
            throw Problem.Of(413, "body-too-large", "A voice memo has at most 20 MB.");
        return file.Length > 0 ? file : throw Problem.Of(400, "audio-empty", "There is no sound in this file.");
    }

    private static VoiceMemo Memo(Guid id, Guid user, Transcription melody, Fingerprint? fingerprint, DateTimeOffset now) => new()
    {
        Id = id,
        UserId = user,
        Notes = [.. melody.Notes.Select(n =>
            new MelodyNote(Math.Round(n.StartSeconds, 3), Math.Round(n.DurationSeconds, 3), n.Pitch, Math.Round(n.Confidence, 3)))],
        Key = Key.Of(melody.Key.Tonic, melody.Key.Minor).Name,
        Tempo = melody.Tempo,
        DurationSeconds = Math.Round(melody.DurationSeconds, 3),
        Fingerprint = fingerprint?.ToBytes(),
        CreatedAt = now,
    };

    /// <summary>The caller's memo of the same recording, however old, or one that sounds the same among the last.</summary>
    private static async Task<Guid?> FindSameAsync(GenerationDb db, Guid user, Fingerprint fingerprint)
    {
        var own = db.Set<VoiceMemo>().AsNoTracking().Where(m => m.UserId == user && m.Fingerprint != null).OrderByDescending(m => m.Id);
        var bytes = fingerprint.ToBytes();
        if (await own.Where(m => m.Fingerprint == bytes).Select(m => (Guid?)m.Id).FirstOrDefaultAsync() is { } copy)
            return copy;
        var known = await own.Take(Compared).Select(m => new { m.Id, m.Fingerprint }).ToListAsync();
        return known.FirstOrDefault(m => fingerprint.SimilarityTo(Fingerprint.FromBytes(m.Fingerprint!)) >= Fingerprint.SameMusic)?.Id;
    }

    [EndpointName("GetVoiceMemo"), EndpointSummary("Notes, key and tempo")]
    private static async Task<Ok<VoiceMemoView>> GetAsync(Guid id, ClaimsPrincipal user, GenerationDb db) =>
        TypedResults.Ok(VoiceMemoView.Of(await RequireAsync(id, user, db)));

    [EndpointName("GetVoiceMemoMidi"), EndpointSummary("The notes as a MIDI file")]
    private static async Task<FileContentHttpResult> GetMidiAsync(Guid id, ClaimsPrincipal user, GenerationDb db) =>
        TypedResults.File(MemoMidi.Write(await RequireAsync(id, user, db)), "audio/midi", $"{id}.mid");

    [EndpointName("ListVoiceMemos"), EndpointSummary("The caller's memos, newest first")]
    private static async Task<Ok<Page<VoiceMemoView>>> ListAsync(
        PageQuery page, ClaimsPrincipal user, GenerationDb db, CancellationToken cancellationToken)
    {
        var own = db.Set<VoiceMemo>().AsNoTracking().Where(m => m.UserId == user.Id());
        if (page.After<Guid>() is { } after)
            own = own.Where(m => m.Id.CompareTo(after) < 0);
        var rows = await own.OrderByDescending(m => m.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        return TypedResults.Ok(Page<VoiceMemo>.Of(rows, page, m => m.Id).Select(VoiceMemoView.Of));
    }

    private static async Task<VoiceMemo> RequireAsync(Guid id, ClaimsPrincipal user, GenerationDb db) =>
        await db.Set<VoiceMemo>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == id && m.UserId == user.Id())
            ?? throw Problem.NotFound("voice memo");
}

/// <summary>The form of <c>POST /api/voice-memos</c>.</summary>
internal sealed record VoiceMemoForm(IFormFile Audio);

/// <param name="Notes">Pitch is a MIDI number, confidence 0–1.</param>
internal sealed record VoiceMemoView(
    Guid Id, IReadOnlyList<MelodyNote> Notes, string Key, double Tempo, double DurationSeconds, DateTimeOffset CreatedAt)
{
    /// <summary>An earlier memo of the caller that sounds the same.</summary>
    public Guid? DuplicateOf { get; init; }

    public static VoiceMemoView Of(VoiceMemo memo) => new(memo.Id, memo.Notes, memo.Key, memo.Tempo, memo.DurationSeconds, memo.CreatedAt);
}
