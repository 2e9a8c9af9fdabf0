using System.Text.Json.Serialization;
using FluentValidation;
using Son1kVers3.Contracts;

namespace Son1kVers3.Profile.Analytics;

/// <summary>What the web app measures of itself.</summary>
[JsonConverter(typeof(NamedEnumConverter<Measurement>))]
internal enum Measurement
{
    [JsonStringEnumMemberName("page-viewed")] PageViewed,
    [JsonStringEnumMemberName("web-vital")] WebVital,
    [JsonStringEnumMemberName("search-used")] SearchUsed,
    [JsonStringEnumMemberName("player-used")] PlayerUsed,
    [JsonStringEnumMemberName("share-opened")] ShareOpened,
    [JsonStringEnumMemberName("checkout-opened")] CheckoutOpened,
    [JsonStringEnumMemberName("error-shown")] ErrorShown,
}

/// <summary>A page of the web app, whatever stands in its address.</summary>
[JsonConverter(typeof(NamedEnumConverter<AppPage>))]
internal enum AppPage
{
    Home, Generator, Library, Track, Pool, Search, Profile, Likes, Feed, Collections, Collection, Challenges, Challenge, Notifications, Pricing, Billing, Settings, Alvae, Auth, Operators, Other,
}

/// <summary>As <see href="https://web.dev/articles/vitals"/> defines them.</summary>
[JsonConverter(typeof(NamedEnumConverter<WebVital>))]
internal enum WebVital
{
    Lcp, Inp, Cls, Fcp, Ttfb,
}

/// <summary>What was searched for.</summary>
[JsonConverter(typeof(NamedEnumConverter<SearchedKind>))]
internal enum SearchedKind
{
    Tracks, People, Collections, Pool,
}

/// <summary>What was done with the player.</summary>
[JsonConverter(typeof(NamedEnumConverter<PlayerAction>))]
internal enum PlayerAction
{
    Play, Pause, Skip, Seek, Finish,
}

/// <summary>How a track was shared.</summary>
[JsonConverter(typeof(NamedEnumConverter<ShareTarget>))]
internal enum ShareTarget
{
    Link, Embed, System,
}

/// <summary>What is measured of it: numbers, and words out of closed lists. Each measurement keeps those that are its own.</summary>
/// <param name="Page">Of page-viewed, web-vital and error-shown.</param>
/// <param name="Metric">Of web-vital.</param>
/// <param name="Value">Of web-vital: milliseconds, of cls its score; 0–600000.</param>
/// <param name="Type">Of search-used.</param>
/// <param name="Results">Of search-used: how many were shown, 0–100000.</param>
/// <param name="Action">Of player-used.</param>
/// <param name="Seconds">Of player-used: where in the track, 0–86400.</param>
/// <param name="Target">Of share-opened.</param>
/// <param name="Tier">Of checkout-opened.</param>
/// <param name="Status">Of error-shown: the HTTP status, 0 when there was no answer.</param>
internal sealed record MeasurementProperties(
    AppPage? Page = null, WebVital? Metric = null, double? Value = null, SearchedKind? Type = null, int? Results = null, PlayerAction? Action = null, int? Seconds = null,
    ShareTarget? Target = null, Tier? Tier = null, int? Status = null);

/// <summary>Something that the web app measured.</summary>
/// <param name="Name">What.</param>
/// <param name="At">When, by the browser's clock; a time to come, or of more than a day ago, counts as now.</param>
/// <param name="Properties">Of it.</param>
internal sealed record MeasurementRequest(Measurement? Name, DateTimeOffset? At, MeasurementProperties? Properties)
{
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(1);

    /// <summary>When it counts as having happened: browsers' clocks may be wrong, and what waited without a network comes later.</summary>
    public DateTimeOffset TimeAt(DateTimeOffset now) => At is { } at && at <= now && at >= now - Oldest ? at.ToUniversalTime() : now;

    /// <summary>The properties that the measurement has, without any that belong to others; null when it lacks one that makes it.</summary>
    public MeasurementProperties? Kept() => (Name, Properties) switch
    {
        (Measurement.PageViewed, { Page: not null } p) => new(Page: p.Page),
        (Measurement.WebVital, { Metric: not null, Value: not null } p) => new(Page: p.Page, Metric: p.Metric, Value: p.Value),
        (Measurement.SearchUsed, { Type: not null } p) => new(Type: p.Type, Results: p.Results),
        (Measurement.PlayerUsed, { Action: not null } p) => new(Action: p.Action, Seconds: p.Seconds),
        (Measurement.ShareOpened, { Target: not null } p) => new(Target: p.Target),
        (Measurement.CheckoutOpened, { Tier: not null } p) => new(Tier: p.Tier),
        (Measurement.ErrorShown, { Status: not null } p) => new(Page: p.Page, Status: p.Status),
        _ => null,
    };
}

internal sealed class MeasurementPropertiesRules : AbstractValidator<MeasurementProperties>
{
    public MeasurementPropertiesRules()
    {
        RuleFor(p => p.Value).InclusiveBetween(0, 600_000).WithMessage("A number from 0 to 600000.");
        RuleFor(p => p.Results).InclusiveBetween(0, 100_000).WithMessage("A whole number from 0 to 100000.");
        RuleFor(p => p.Seconds).InclusiveBetween(0, 86_400).WithMessage("A whole number from 0 to 86400.");
        RuleFor(p => p.Status).InclusiveBetween(0, 599).WithMessage("A whole number from 0 to 599.");
    }
}

internal sealed class MeasurementRules : AbstractValidator<MeasurementRequest>
{
    public MeasurementRules()
    {
        RuleFor(m => m.Name).NotNull().WithMessage($"One of {string.Join(", ", EnumNames<Measurement>.Values.Keys)}.");
        RuleFor(m => m.Properties).Must((measurement, _) => measurement.Name is null || measurement.Kept() is not null).WithMessage("A property that this measurement needs is missing.");
        RuleFor(m => m.Properties!).SetValidator(new MeasurementPropertiesRules()).When(m => m.Properties is not null);
    }
}

internal sealed class MeasurementBatchRules : AbstractValidator<MeasurementRequest[]>
{
    /// <summary>The most that are taken at once.</summary>
    public const int Most = 50;

    public MeasurementBatchRules()
    {
        RuleFor(batch => batch.Length).InclusiveBetween(1, Most).OverridePropertyName("events").WithMessage($"From 1 to {Most} measurements.");
        RuleForEach(batch => batch).NotNull().WithMessage("A measurement.").SetValidator(new MeasurementRules()).OverridePropertyName("events").When(batch => batch.Length <= Most);
    }
}
