using System.Security.Claims;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Accounts;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Members;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Alvae;

/// <summary>What was said in the private channel, or between a TESTER and the FOUNDER.</summary>
internal sealed class AlvaeMessage
{
    public Guid Id { get; init; }

    /// <summary>Whose thread with the FOUNDER it belongs to; null in the channel.</summary>
    public Guid? TesterId { get; init; }
    public Guid AuthorId { get; init; }
    public required string Text { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed class AlvaeMessageTable : IEntityTypeConfiguration<AlvaeMessage>
{
    public void Configure(EntityTypeBuilder<AlvaeMessage> table)
    {
        table.ToTable("alvae_messages");
        table.HasIndex(m => new { m.TesterId, m.Id }).HasDatabaseName("ix_alvae_messages_tester_id_id");
        table.HasIndex(m => m.AuthorId).HasDatabaseName("ix_alvae_messages_author_id");
    }
}

/// <summary>What to say.</summary>
/// <param name="Text">1 to 2000 characters.</param>
/// <param name="Username">Only for the FOUNDER's feedback: whose thread it answers.</param>
internal sealed record MessageRequest(string? Text, string? Username);

internal sealed class MessageRules : AbstractValidator<MessageRequest>
{
    public MessageRules() => RuleFor(r => r.Text).NotEmpty().WithMessage("Some text.").Because(FieldReasons.Required).Prose(2000);
}

/// <summary>A message; <paramref name="Tester"/> tells whose thread it is in, null in the channel.</summary>
internal sealed record MessageView(Guid Id, MemberView Author, MemberView? Tester, string Text, DateTimeOffset CreatedAt);

/// <summary>The private channel, and direct feedback from testers to the FOUNDER.</summary>
internal static class AlvaeMessageEndpoints
{
    public static void MapAlvaeMessages(this WebApplication app)
    {
        var alvae = app.MapGroup("/api/alvae").WithTags("ALVAE").RequireAuthorization();
        alvae.MapGet("/channel", ChannelAsync).Refuses(403);
        alvae.MapPost("/channel", SayAsync).WithIdempotency().Refuses(403);
        alvae.MapGet("/feedback", FeedbackAsync).Refuses(403);
        alvae.MapPost("/feedback", GiveFeedbackAsync).WithIdempotency().Refuses(403, 404);
    }

    [EndpointName("ListAlvaeChannel"), EndpointSummary("The private channel, newest first"), EndpointDescription("For members with a badge: 403 `alvae-only`.")]
    private static async Task<Ok<Page<MessageView>>> ChannelAsync(PageQuery page, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await db.RequireBadgeAsync(user.Id(), cancellationToken);
        return await ListAsync(db, db.Set<AlvaeMessage>().Where(m => m.TesterId == null), page, cancellationToken);
    }

    [EndpointName("PostToAlvaeChannel"), EndpointSummary("Say something in the private channel"), EndpointDescription("For members with a badge: 403 `alvae-only`.")]
    private static async Task<Created<MessageView>> SayAsync(
        Body<MessageRequest> body, Operation operation, [FromServices] ProfileDb db, [FromServices] TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        await db.RequireBadgeAsync(user.Id(), cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var view = await AddAsync(db, operation, user.Id(), tester: null, request, clock, cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.Created("/api/alvae/channel", view));
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    [EndpointName("ListAlvaeFeedback"), EndpointSummary("Direct feedback, newest first")]
    [EndpointDescription("A TESTER sees the own thread with the FOUNDER, the FOUNDER all of them; others 403 `testers-only`.")]
    private static async Task<Ok<Page<MessageView>>> FeedbackAsync(PageQuery page, [FromServices] ProfileDb db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var id = user.Id();
        var isFounder = await RequireFeedbackAsync(db, id, cancellationToken) == AlvaeLevel.Founder;
        return await ListAsync(db, db.Set<AlvaeMessage>().Where(m => m.TesterId != null && (isFounder || m.TesterId == id)), page, cancellationToken);
    }

    [EndpointName("GiveAlvaeFeedback"), EndpointSummary("Tell the FOUNDER something, or answer a TESTER")]
    [EndpointDescription("A TESTER writes in the own thread; the FOUNDER names whose thread by `username`. The other one is notified. 403 `testers-only`.")]
    private static async Task<Created<MessageView>> GiveFeedbackAsync(
        Body<MessageRequest> body, Operation operation, [FromServices] ProfileDb db, [FromServices] Notifier notifier, [FromServices] TimeProvider clock,
        ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var request = await body.ReadAsync();
        var isFounder = await RequireFeedbackAsync(db, user.Id(), cancellationToken) == AlvaeLevel.Founder;
        var tester = isFounder ? await TesterAsync(db, request.Username, cancellationToken) : user.Id();
        var founder = await db.Set<AlvaeGrant>().Where(g => g.Number == AlvaeLevels.FounderNumber).Select(g => g.AccountId).FirstOrDefaultAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var view = await AddAsync(db, operation, user.Id(), tester, request, clock, cancellationToken);
        if ((isFounder ? tester : founder) is { } other)
            await notifier.TellAsync(other, NotificationKind.AlvaeFeedback, new(view.Id, null, view.Text) { Actor = user.Id() }, view.CreatedAt, cancellationToken);
        var answer = await operation.RecordAsync(db, TypedResults.Created("/api/alvae/feedback", view));
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    /// <summary>The level of the caller's badge. 403 <c>alvae-only</c> without one.</summary>
    public static async Task<AlvaeLevel> RequireBadgeAsync(this ProfileDb db, Guid account, CancellationToken cancellationToken) =>
        (await db.GrantOfAsync(account, cancellationToken))?.Level ?? throw Problem.Of(403, "alvae-only", "This is for members with an ALVAE badge.");

    private static async Task<AlvaeLevel> RequireFeedbackAsync(ProfileDb db, Guid account, CancellationToken cancellationToken) =>
        (await db.GrantOfAsync(account, cancellationToken))?.Level is AlvaeLevel.Founder or AlvaeLevel.Tester
            ? (await db.RequireBadgeAsync(account, cancellationToken))
            : throw Problem.Of(403, "testers-only", "Direct feedback is between testers and the FOUNDER.");

    private static async Task<Guid> TesterAsync(ProfileDb db, string? username, CancellationToken cancellationToken)
    {
        var account = await db.FindAccountAsync(username ?? throw Problem.Invalid("username", "Whose thread this answers."), cancellationToken) ?? throw Problem.NotFound("tester");
        return await db.Set<AlvaeMessage>().AnyAsync(m => m.TesterId == account.Id, cancellationToken)
            || (await db.GrantOfAsync(account.Id, cancellationToken))?.Level == AlvaeLevel.Tester ? account.Id : throw Problem.NotFound("tester");
    }

    private static async Task<MessageView> AddAsync(
        ProfileDb db, Operation operation, Guid author, Guid? tester, MessageRequest request, TimeProvider clock, CancellationToken cancellationToken)
    {
        var message = new AlvaeMessage { Id = operation.Id, TesterId = tester, AuthorId = author, Text = request.Text!.Trim(), CreatedAt = clock.GetUtcNow() };
        db.Add(message);
        await db.SaveChangesAsync(cancellationToken);
        return View(message, await db.MembersAsync(tester is { } id ? [author, id] : [author], cancellationToken));
    }

    private static async Task<Ok<Page<MessageView>>> ListAsync(ProfileDb db, IQueryable<AlvaeMessage> messages, PageQuery page, CancellationToken cancellationToken)
    {
        var after = page.After<Guid>();
        var rows = await messages.AsNoTracking().Where(m => after == null || m.Id.CompareTo(after.Value) < 0).OrderByDescending(m => m.Id).Take(page.Limit + 1).ToListAsync(cancellationToken);
        var members = await db.MembersAsync(rows.SelectMany(m => m.TesterId is { } tester ? (Guid[])[m.AuthorId, tester] : [m.AuthorId]), cancellationToken);
        return TypedResults.Ok(Data.Page.Of(rows, page, m => m.Id, m => View(m, members)));
    }

    private static MessageView View(AlvaeMessage message, IReadOnlyDictionary<Guid, MemberView> members) =>
        new(message.Id, members.Of(message.AuthorId), message.TesterId is { } tester ? members.Of(tester) : null, message.Text, message.CreatedAt);
}
