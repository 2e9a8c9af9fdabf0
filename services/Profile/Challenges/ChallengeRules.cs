using FluentValidation;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Challenges;

/// <summary>When a challenge may take place.</summary>
internal static class ChallengeRules
{
    /// <summary>How long a challenge is open unless told otherwise.</summary>
    public static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private static readonly TimeSpan Shortest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(366);

    /// <summary>When it opens and closes, in UTC; <paramref name="length"/> counts where no end is told. 400 for times that can't be.</summary>
    public static (DateTimeOffset Opens, DateTimeOffset Closes) Period(DateTimeOffset opens, DateTimeOffset? closes, TimeSpan length, DateTimeOffset now)
    {
        if (opens < now)
            throw Problem.Invalid("opensAt", $"This time has passed: it is {now:u}. Send a time to come, or none to open a new challenge at once.");
        if (opens > now + Furthest)
            throw Problem.Invalid("opensAt", "A time within a year.");
        var end = closes ?? opens + length;
        if (end < opens + Shortest || end > opens + Longest)
            throw Problem.Invalid("closesAt", "An hour to 31 days after it opens.");
        return (opens.ToUniversalTime(), end.ToUniversalTime());
    }
}

/// <summary>A new challenge.</summary>
/// <param name="Title">Of the theme.</param>
/// <param name="Description">What is asked for.</param>
/// <param name="OpensAt">Now unless told.</param>
/// <param name="ClosesAt">A week later unless told.</param>
internal sealed record ChallengeRequest(string? Title, string? Description, DateTimeOffset? OpensAt, DateTimeOffset? ClosesAt);

internal sealed class ChallengeRequestRules : AbstractValidator<ChallengeRequest>
{
    public ChallengeRequestRules()
    {
        RuleFor(r => r.Title).NotEmpty().WithMessage("A title.").Line(120);
        RuleFor(r => r.Description).NotEmpty().WithMessage("What is asked for.").Prose(4000);
    }
}

/// <summary>What of a challenge changes; what is not sent stays.</summary>
internal sealed record ChallengePatch(string? Title, string? Description, DateTimeOffset? OpensAt, DateTimeOffset? ClosesAt);

internal sealed class ChallengePatchRules : AbstractValidator<ChallengePatch>
{
    public ChallengePatchRules()
    {
        RuleFor(r => r.Title).Must(title => title is null || !string.IsNullOrWhiteSpace(title)).WithMessage("A title.").Because(FieldReasons.Required).Line(120);
        RuleFor(r => r.Description).Must(text => text is null || !string.IsNullOrWhiteSpace(text)).WithMessage("What is asked for.").Because(FieldReasons.Required).Prose(4000);
    }
}

/// <summary>Why a challenge is called off.</summary>
internal sealed record CancelRequest(string? Reason);

internal sealed class CancelRules : AbstractValidator<CancelRequest>
{
    public CancelRules() => RuleFor(r => r.Reason).NotEmpty().WithMessage("Why.").Prose(500);
}

/// <summary>Which track takes part.</summary>
internal sealed record EntryRequest(Guid? GenerationId);

internal sealed class EntryRequestRules : AbstractValidator<EntryRequest>
{
    public EntryRequestRules() => RuleFor(r => r.GenerationId).NotNull().WithMessage("A track of yours.");
}

/// <summary>Which entry has the caller's vote.</summary>
internal sealed record ChallengeVoteRequest(Guid? EntryId);

internal sealed class ChallengeVoteRules : AbstractValidator<ChallengeVoteRequest>
{
    public ChallengeVoteRules() => RuleFor(r => r.EntryId).NotNull().WithMessage("An entry of this challenge.");
}
