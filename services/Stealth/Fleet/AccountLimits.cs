using System.Text.Json.Serialization;
using FluentValidation;
using Son1kVers3.Contracts;

namespace Son1kVers3.Stealth.Fleet;

/// <summary>How a provider counts minutes and days. Months, and money, are calendar months (UTC).</summary>
[JsonConverter(typeof(NamedEnumConverter<LimitWindow>))]
internal enum LimitWindow
{
    /// <summary>Any 60 seconds, any 24 hours.</summary>
    [JsonStringEnumMemberName("sliding")] Sliding,

    /// <summary>Each minute and each day of the UTC clock.</summary>
    [JsonStringEnumMemberName("fixed")] Fixed,
}

/// <summary>What the contract allows; null means the provider sets no such limit.</summary>
/// <remarks>Where a provider tells its own count in rate limit headers, that counts too: what is left, until its reset.</remarks>
/// <param name="Concurrency">Requests and leases at the same time.</param>
/// <param name="SpendCentsPerMonth">In the contract's currency.</param>
internal sealed record AccountLimits(
    int Concurrency = 1, int? RequestsPerMinute = null, int? RequestsPerDay = null, int? RequestsPerMonth = null, long? SpendCentsPerMonth = null,
    LimitWindow Window = LimitWindow.Sliding);

internal sealed class LimitRules : AbstractValidator<AccountLimits>
{
    private const int Largest = 100_000_000;

    public LimitRules()
    {
        RuleFor(l => l.Concurrency).InclusiveBetween(1, 1000);
        RuleFor(l => l.RequestsPerMinute).InclusiveBetween(1, 60_000);
        RuleFor(l => l.RequestsPerDay).InclusiveBetween(1, Largest);
        RuleFor(l => l.RequestsPerMonth).InclusiveBetween(1, Largest);
        RuleFor(l => l.SpendCentsPerMonth).InclusiveBetween(1, 100_000_000_000);
    }
}
