using System.Security.Claims;
using System.Security.Cryptography;
using FluentValidation;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Generation.Derivations;

/// <summary>Tracks made of tracks: the caller's own, and public ones of others.</summary>
internal static class DerivationEndpoints
{
    private const int LongestSeconds = 300;
    private const int UsualExtension = 30;

    /// <summary>Maps <c>remix</c>, <c>extend</c>, <c>variations</c> and <c>suggestions</c> of a generation.</summary>
    public static IEndpointRouteBuilder MapDerivations(this IEndpointRouteBuilder app)
    {
        var one = app.MapGroup("/api/generations/{id:guid}").WithTags("Derivations").RequireAuthorization();
        one.MapPost("/remix", RemixAsync).WithIdempotency().Refuses(403, 429, 503);
        one.MapPost("/extend", ExtendAsync).WithIdempotency().Refuses(403, 429, 503);
        one.MapPost("/variations", VaryAsync).WithIdempotency().Refuses(403, 429, 503);
        one.MapGet("/suggestions", SuggestAsync).Refuses(409, 503);
        return app;
    }

    [EndpointName("RemixGeneration"), EndpointSummary("The same composition in another dress")]
    private static async Task<Accepted<AcceptedView>> RemixAsync(Guid id, Body<RemixRequest> body, HttpContext http, ClaimsPrincipal user,
        Operation operation, VisibleTracks tracks, TrackCreation creation)
    {
        var track = await tracks.RequireAsync(id, Viewer.Of(user));
        var request = await ReadAsync(body, http);
        var parent = Parents.RequirePlan(track);
        var plan = Relatives.Remix(parent.Plan, new RemixOptions(request.Style, request.Tempo, request.Key, request.Prompt));
        // Nothing was wished for: the same piece, played anew.
        plan = request.IsEmpty ? plan with { Variation = Draw() } : plan;
        var wanted = Parents.Request(
            parent, plan, request.Words, request.Heading ?? track.Title, request.Heading is null ? " (remix)" : "", user.Id());
        return await creation.CreateAsync(operation, NewTrackOf(request, parent, TrackKind.Remix, user.Id()), wanted);
    }

    [EndpointName("ExtendGeneration"), EndpointSummary("The same piece, going on")]
    [EndpointDescription("Longer by seconds (5–290, 30 when missing), at most 300 in all: 409 already-longest.")]
    private static async Task<Accepted<AcceptedView>> ExtendAsync(Guid id, Body<ExtendRequest> body, HttpContext http, ClaimsPrincipal user,
        Operation operation, VisibleTracks tracks, TrackCreation creation)
    {
        var track = await tracks.RequireAsync(id, Viewer.Of(user));
        var request = await ReadAsync(body, http);
        var parent = Parents.RequirePlan(track);
        if (parent.Plan.DurationSeconds >= LongestSeconds)
            throw Problem.Of(409, "already-longest", "It already has the greatest length, 300 seconds.");
        var plan = Relatives.Extend(parent.Plan, request.Seconds ?? UsualExtension);
        var wanted = Parents.Request(
            parent, plan, null, request.Heading ?? track.Title, request.Heading is null ? " (extended)" : "", user.Id());
        return await creation.CreateAsync(operation, NewTrackOf(request, parent, TrackKind.Extension, user.Id()), wanted);
    }

    [EndpointName("VaryGeneration"), EndpointSummary("Two other takes of the piece")]
    [EndpointDescription("Two units or none.")]
    private static async Task<Accepted<VariationsView>> VaryAsync(Guid id, Body<VaryRequest> body, HttpContext http, ClaimsPrincipal user,
        Operation operation, VisibleTracks tracks, TrackCreation creation)
    {
        var track = await tracks.RequireAsync(id, Viewer.Of(user));
        var request = await ReadAsync(body, http);
        var parent = Parents.RequirePlan(track);
        var first = Draw();
        var takes = ((int[])[first, first + 1]).Select((variation, n) => Parents.Request(
            parent, Relatives.Vary(parent.Plan, variation), null, request.Heading
                ?? track.Title, $" (variation {n + 1})", user.Id())).ToList();
        return await creation.CreateAsync(
            operation, NewTrackOf(request, parent, TrackKind.Variation, user.Id()), takes, made =>
                TypedResults.Accepted((string?)null, new VariationsView(made)));
    }

    [EndpointName("SuggestForGeneration"), EndpointSummary("What could be made of it next")]
    [EndpointDescription(
        "From what is heard in the recording (measured once, then kept), its plan, and what the caller made and reworked lately; "
        + "strongest first, and each can be sent as it is. "
        + "An archived track is not brought back for this: if nobody asked before, its plan alone speaks.")]
    private static async Task<Ok<SuggestionsView>> SuggestAsync(Guid id, ClaimsPrincipal user, VisibleTracks tracks, TrackAnalyses analyses,
        TasteReader tastes, CancellationToken cancellationToken)
    {
        var parent = Parents.RequirePlan(await tracks.RequireAsync(id, Viewer.Of(user), cancellationToken));
        var heard = await analyses.OfAsync(parent.Track, Viewer.Of(user), cancellationToken);
        return TypedResults.Ok(new SuggestionsView(Suggestions.For(parent.Plan, heard, await tastes.ReadAsync(user.Id()))));
    }

    private static NewTrack NewTrackOf(DerivationRequest request, Parent parent, TrackKind kind, Guid user)
    {
        var own = parent.Track.UserId == user;
        return new NewTrack(user, request.Quality ?? (own ? parent.Track.Quality : Quality.Standard),
            request.Visibility ?? Visibility.Private, kind, parent.Track.Id);
    }

    /// <summary>These bodies may be missing altogether.</summary>
    private static Task<T> ReadAsync<T>(Body<T> body, HttpContext http)
        where T : class, new() =>
        http.Request.ContentLength == 0
            || http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false ? Task.FromResult(new T()) : body.ReadAsync();

    private static int Draw() => RandomNumberGenerator.GetInt32(1, 1_000_000);
}

/// <summary>What all of these requests share; every field may be missing.</summary>
internal abstract record DerivationRequest
{
    /// <summary>At most 120 characters; made from the parent's when missing.</summary>
    public string? Title { get; init; }

    /// <summary>The parent's when it is the caller's own, else standard.</summary>
    public Quality? Quality { get; init; }
    public Visibility? Visibility { get; init; }

    internal string? Heading => string.IsNullOrWhiteSpace(Title) ? null : Title.Trim();
}

/// <summary>The body of <c>remix</c>; what is missing stays as it is.</summary>
internal sealed record RemixRequest : DerivationRequest
{
    /// <summary>A genre, or words for a style with its instruments.</summary>
    public string? Style { get; init; }
    public int? Tempo { get; init; }
    public string? Key { get; init; }

    /// <summary>Further wishes, 1–2000 characters.</summary>
    public string? Prompt { get; init; }

    /// <summary>What was said of it, if anything.</summary>
    internal string? Words => new[] { Prompt, Style }.FirstOrDefault(words => !string.IsNullOrWhiteSpace(words));

    internal bool IsEmpty => Words is null && Tempo is null && string.IsNullOrWhiteSpace(Key);
}

/// <summary>The body of <c>extend</c>.</summary>
internal sealed record ExtendRequest : DerivationRequest
{
    /// <summary>By how much, 5–290.</summary>
    public int? Seconds { get; init; }
}

/// <summary>The body of <c>variations</c>.</summary>
internal sealed record VaryRequest : DerivationRequest;

/// <param name="Items">Two generations.</param>
internal sealed record VariationsView(IReadOnlyList<AcceptedView> Items);

internal sealed class RemixRequestValidator : AbstractValidator<RemixRequest>
{
    public RemixRequestValidator()
    {
        RuleFor(r => r.Style).Prose(200);
        RuleFor(r => r.Prompt).Prose(2000);
        RuleFor(r => r.Title).Prose(120);
        RuleFor(r => r.Tempo).InclusiveBetween(40, 240);
        RuleFor(r => r.Key).Must(CreateGenerationValidator.BeKey).WithMessage("A key such as 'A minor' or 'Bb major'.").Because(FieldReasons.MusicalKey);
    }
}

internal sealed class ExtendRequestValidator : AbstractValidator<ExtendRequest>
{
    public ExtendRequestValidator()
    {
        RuleFor(r => r.Seconds).InclusiveBetween(5, 290);
        RuleFor(r => r.Title).Prose(120);
    }
}

internal sealed class VaryRequestValidator : AbstractValidator<VaryRequest>
{
    public VaryRequestValidator() => RuleFor(r => r.Title).Prose(100);
}
