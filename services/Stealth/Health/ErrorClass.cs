using System.Text.Json.Serialization;
using Son1kVers3.Contracts;

namespace Son1kVers3.Stealth.Health;

/// <summary>What can go wrong at any provider.</summary>
[JsonConverter(typeof(NamedEnumConverter<ErrorClass>))]
internal enum ErrorClass
{
    /// <summary>5xx, a timeout, a broken connection: may work at once elsewhere.</summary>
    [JsonStringEnumMemberName("transient")] Transient,
    [JsonStringEnumMemberName("rate-limited")] RateLimited,
    [JsonStringEnumMemberName("concurrency-limited")] ConcurrencyLimited,

    /// <summary>The account's money or monthly units are spent.</summary>
    [JsonStringEnumMemberName("quota-exhausted")] QuotaExhausted,
    [JsonStringEnumMemberName("unauthorized")] Unauthorized,

    /// <summary>The provider refuses what was asked for; asking another account would multiply the strike.</summary>
    [JsonStringEnumMemberName("content-rejected")] ContentRejected,
    [JsonStringEnumMemberName("invalid-request")] InvalidRequest,
}

internal static class ErrorClasses
{
    private static readonly string[] Names =
        ["transient", "rate-limited", "concurrency-limited", "quota-exhausted", "unauthorized", "content-rejected", "invalid-request"];

    /// <summary>As it is written in headers, statistics and JSON.</summary>
    public static string Name(this ErrorClass error) => Names[(int)error];

    /// <summary>Whether the account is at fault; otherwise it is the request, and no other account is asked.</summary>
    public static bool BlamesAccount(this ErrorClass error) => error is not (ErrorClass.ContentRejected or ErrorClass.InvalidRequest);

    /// <summary>Whether the provider surely did nothing, so that any request may be sent again.</summary>
    public static bool Refuses(this ErrorClass error) =>
        error is ErrorClass.RateLimited or ErrorClass.ConcurrencyLimited or ErrorClass.QuotaExhausted or ErrorClass.Unauthorized;
}
