using System.Security.Claims;
using System.Text.Json.Serialization;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Members;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Alvae;

/// <summary>Something that members with a badge vote on.</summary>
internal sealed class AlvaeProposal
{
    /// <summary>How long votes are taken.</summary>
    public static readonly TimeSpan VotingPeriod = TimeSpan.FromDays(14);

    public Guid Id { get; init; }
    public Guid? AuthorId { get; init; }
    public required string Title { get; init; }
    public required string Text { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? VetoedAt { get; init; }
    public string? VetoReason { get; init; }
}

/// <summary>One member's vote on a proposal.</summary>
internal sealed class AlvaeVote
{
    public Guid ProposalId { get; init; }
    public Guid VoterId { get; init; }
    public bool InFavour { get; init; }
}

/// <summary>Where a proposal stands.</summary>
[JsonConverter(typeof(NamedEnumConverter<ProposalStatus>))]
internal enum ProposalStatus
{
    [JsonStringEnumMemberName("open")] Open,
    [JsonStringEnumMemberName("accepted")] Accepted,
    [JsonStringEnumMemberName("rejected")] Rejected,
    [JsonStringEnumMemberName("vetoed")] Vetoed,
}

/// <summary>How a proposal ends.</summary>
internal static class ProposalRules
{
    /// <summary>The FOUNDER's veto beats all; when the voting is over more votes for than against accept it.</summary>
    public static ProposalStatus StatusOf(bool vetoed, DateTimeOffset closesAt, int inFavour, int against, DateTimeOffset now) =>
        vetoed ? ProposalStatus.Vetoed
        : now < closesAt ? ProposalStatus.Open
        : inFavour > against ? ProposalStatus.Accepted
        : ProposalStatus.Rejected;
}

internal sealed class AlvaeProposalTables : IEntityTypeConfiguration<AlvaeProposal>, IEntityTypeConfiguration<AlvaeVote>
{
    public void Configure(EntityTypeBuilder<AlvaeProposal> table)
    {
        table.ToTable("alvae_proposals");
        table.HasIndex(p => p.AuthorId).HasDatabaseName("ix_alvae_proposals_author_id");
    }

    public void Configure(EntityTypeBuilder<AlvaeVote> table)
    {
        table.ToTable("alvae_votes").HasKey(v => new { v.ProposalId, v.VoterId });
        table.HasIndex(v => v.VoterId).HasDatabaseName("ix_alvae_votes_voter_id");
        table.HasOne<AlvaeProposal>().WithMany().HasForeignKey(v => v.ProposalId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>What is proposed.</summary>
internal sealed record ProposalRequest(string? Title, string? Text);

internal sealed class ProposalRequestRules : AbstractValidator<ProposalRequest>
{
    public ProposalRequestRules()
    {
        RuleFor(r => r.Title).NotEmpty().WithMessage("A title.").Because(FieldReasons.Required).Line(120);
        RuleFor(r => r.Text).NotEmpty().WithMessage("What is proposed, and why.").Because(FieldReasons.Required).Prose(4000);
    }
}

/// <summary>For or against.</summary>
internal sealed record VoteRequest(bool? InFavour);

internal sealed class VoteRules : AbstractValidator<VoteRequest>
{
    public VoteRules() => RuleFor(r => r.InFavour).NotNull().WithMessage("true or false.");
}

/// <summary>Why the FOUNDER says no.</summary>
internal sealed record VetoRequest(string? Reason);

internal sealed class VetoRules : AbstractValidator<VetoRequest>
{
    public VetoRules() => RuleFor(r => r.Reason).Prose(500);
}

/// <summary>A proposal with its votes; <paramref name="MyVote"/> is the caller's, null when there is none.</summary>
internal sealed record ProposalView(
    Guid Id, MemberView Author, string Title, string Text, ProposalStatus Status, int InFavour, int Against, bool? MyVote, string? VetoReason,
    DateTimeOffset CreatedAt, DateTimeOffset ClosesAt);

/// <summary>What members with a badge decide together.</summary>
internal static class AlvaeProposalEndpoints
{
    public static void MapAlvaeProposals(this WebApplication app)
    {
        var proposals = app.MapGroup("/api/alvae/proposals").WithTags("ALVAE").RequireAuthorization();
        proposals.MapGet("", ListAsync).Refuses(403);
        proposals.MapPost("", CreateAsync).WithIdempotency().Refuses(403);
        proposals.MapPut("/{id:guid}/vote", VoteAsync).Refuses(403, 409);
        proposals.MapPut("/{id:guid}/veto", VetoAsync).Refuses(403);
    }

    [EndpointName("ListProposals"), EndpointSummary("Proposals, newest first"), EndpointDescription("For members with a badge: 403 `alvae-only`.")]
    private static async Task<Ok<Page<ProposalView>>> ListAsync(
        PageQuery page, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await db.RequireBadgeAsync(user.Id(), cancellationToken);
        var after = page.After<Guid>();
        var rows = await ReadAsync(
            db, db.Set<AlvaeProposal>().Where(p => after == null || p.Id.CompareTo(after.Value) < 0).OrderByDescending(p => p.Id).Take(page.Limit + 1), user.Id(), clock, cancellationToken);
        return TypedResults.Ok(Page<ProposalView>.Of(rows, page, p => p.Id));
    }

    [EndpointName("CreateProposal"), EndpointSummary("Propose something"), EndpointDescription("For members with a badge. Votes are taken for 14 days.")]
    private static async Task<Created<ProposalView>> CreateAsync(
        Body<ProposalRequest> body, Operation operation, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        await db.RequireBadgeAsync(user.Id(), cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Add(new AlvaeProposal { Id = operation.Id, AuthorId = user.Id(), Title = request.Title!.Trim(), Text = request.Text!.Trim(), CreatedAt = clock.GetUtcNow() });
        await db.SaveChangesAsync(cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.Created("/api/alvae/proposals", await RequireAsync(db, operation.Id, user.Id(), clock, cancellationToken)));
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    [EndpointName("VoteOnProposal"), EndpointSummary("Vote, or change one's vote"), EndpointDescription("While it is open: else 409 `proposal-closed`.")]
    private static async Task<Ok<ProposalView>> VoteAsync(
        Guid id, Body<VoteRequest> body, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await RequireAsync(db, id, user.Id(), clock, cancellationToken);
        var request = await body.ReadAsync();
        await db.RequireBadgeAsync(user.Id(), cancellationToken);
        var since = clock.GetUtcNow() - AlvaeProposal.VotingPeriod;
        // The share lock keeps a veto from coming between.
        var voted = await db.Database.ExecuteSqlAsync(
            $"""
            WITH open AS (SELECT id FROM alvae_proposals WHERE id = {id} AND vetoed_at IS NULL AND created_at > {since} FOR SHARE)
            INSERT INTO alvae_votes (proposal_id, voter_id, in_favour) SELECT id, {user.Id()}, {request.InFavour!.Value} FROM open
            ON CONFLICT (proposal_id, voter_id) DO UPDATE SET in_favour = excluded.in_favour
            """,
            cancellationToken);
        return voted == 1
            ? TypedResults.Ok(await RequireAsync(db, id, user.Id(), clock, cancellationToken))
            : throw Problem.Of(409, "proposal-closed", "The voting on this proposal is over.");
    }

    [EndpointName("VetoProposal"), EndpointSummary("Veto a proposal (FOUNDER only)"), EndpointDescription("Ends it, whatever the votes. Again: the same. 403 `founder-only`.")]
    private static async Task<Ok<ProposalView>> VetoAsync(
        Guid id, Body<VetoRequest> body, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await RequireAsync(db, id, user.Id(), clock, cancellationToken);
        var request = await body.ReadAsync();
        if (!await db.IsFounderAsync(user.Id(), cancellationToken))
            throw Problem.Of(403, "founder-only", "Only the FOUNDER vetoes.");
        var now = clock.GetUtcNow();
        await db.Set<AlvaeProposal>().Where(p => p.Id == id && p.VetoedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(p => p.VetoedAt, now).SetProperty(p => p.VetoReason, request.Reason), cancellationToken);
        return TypedResults.Ok(await RequireAsync(db, id, user.Id(), clock, cancellationToken));
    }

    private static async Task<ProposalView> RequireAsync(ProfileDb db, Guid id, Guid viewer, TimeProvider clock, CancellationToken cancellationToken) =>
        (await ReadAsync(db, db.Set<AlvaeProposal>().Where(p => p.Id == id), viewer, clock, cancellationToken)).SingleOrDefault() ?? throw Problem.NotFound("proposal");

    private static async Task<List<ProposalView>> ReadAsync(
        ProfileDb db, IQueryable<AlvaeProposal> proposals, Guid viewer, TimeProvider clock, CancellationToken cancellationToken)
    {
        var votes = db.Set<AlvaeVote>();
        var rows = await proposals.AsNoTracking().Select(p => new
        {
            Proposal = p,
            InFavour = votes.Count(v => v.ProposalId == p.Id && v.InFavour),
            Against = votes.Count(v => v.ProposalId == p.Id && !v.InFavour),
            Mine = votes.Where(v => v.ProposalId == p.Id && v.VoterId == viewer).Select(v => (bool?)v.InFavour).FirstOrDefault(),
        }).ToListAsync(cancellationToken);
        var members = await db.MembersAsync(rows.Select(r => r.Proposal.AuthorId).OfType<Guid>(), cancellationToken);
        return [.. rows.Select(r => new ProposalView(
            r.Proposal.Id, members.Of(r.Proposal.AuthorId ?? default), r.Proposal.Title, r.Proposal.Text,
            ProposalRules.StatusOf(r.Proposal.VetoedAt is not null, r.Proposal.CreatedAt + AlvaeProposal.VotingPeriod, r.InFavour, r.Against, clock.GetUtcNow()),
            r.InFavour, r.Against, r.Mine, r.Proposal.VetoReason, r.Proposal.CreatedAt, r.Proposal.CreatedAt + AlvaeProposal.VotingPeriod))];
    }
}
