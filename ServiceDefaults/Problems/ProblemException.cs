using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.ServiceDefaults.Problems;

/// <summary>Ends a request with an RFC 9457 problem. Throw what <see cref="Problem"/> makes.</summary>
public sealed class ProblemException(ProblemDetails problem, TimeSpan? retryAfter = null) : Exception(problem.Detail ?? problem.Title)
{
    /// <summary>The answer's body.</summary>
    public ProblemDetails Details { get; } = problem;

    /// <summary>Becomes the header <c>Retry-After</c>, in whole seconds, rounded up.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>The problems of the API. A slug is stable: clients branch on it.</summary>
public static class Problem
{
    /// <summary>Every problem type starts with this.</summary>
    public const string TypeBase = "https://son1kvers3.dev/problems/";

    /// <summary>Any problem: status, slug, one sentence that tells what to do, and further members of the body.</summary>
    public static ProblemException Of(
        int status, string slug, string detail, TimeSpan? retryAfter = null, params ReadOnlySpan<(string Name, object? Value)> members)
    {
        var problem = new ProblemDetails { Status = status, Type = TypeBase + slug, Title = TitleOf(slug), Detail = detail };
        foreach (var (name, value) in members)
            problem.Extensions[name] = value;
        return new ProblemException(problem, retryAfter);
    }

    /// <summary>404: not there, or not visible to the caller.</summary>
    public static ProblemException NotFound(string what) => Of(404, "not-found", $"There is no such {what}, or you cannot see it.");

    /// <summary>
    /// 400 with messages per field, in the caller's spelling (camelCase), and in <c>reasons</c> why the first of them is said, as a word that an app has
    /// words for in its reader's language.
    /// </summary>
    public static ProblemException Invalid(IDictionary<string, string[]> errors, IReadOnlyDictionary<string, FieldReason>? reasons = null)
    {
        var problem = new HttpValidationProblemDetails(errors)
        {
            Status = 400,
            Type = TypeBase + "validation",
            Title = TitleOf("validation"),
            Detail = "Some fields need another value; see errors.",
        };
        if (reasons is { Count: > 0 })
            problem.Extensions["reasons"] = reasons;
        return new ProblemException(problem);
    }

    /// <summary>400 for one field.</summary>
    public static ProblemException Invalid(string field, string message, FieldReason? reason = null) =>
        Invalid(new Dictionary<string, string[]> { [field] = [message] }, reason is null ? null : new Dictionary<string, FieldReason> { [field] = reason });

    /// <summary>503: something this request needs is away; trying again later is right.</summary>
    public static ProblemException Unavailable(string detail, TimeSpan retryAfter) => Of(503, "unavailable", detail, retryAfter);

    /// <summary>The slug that belongs to a bare status code.</summary>
    public static string SlugOf(int status) => status switch
    {
        400 => "bad-request",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not-found",
        405 => "method-not-allowed",
        406 => "not-acceptable",
        408 => "request-timeout",
        409 => "conflict",
        411 => "length-required",
        413 => "body-too-large",
        414 => "uri-too-long",
        415 => "unsupported-media-type",
        416 => "range-not-satisfiable",
        429 => "rate-limited",
        431 => "headers-too-large",
        502 => "bad-gateway",
        503 => "unavailable",
        504 => "gateway-timeout",
        _ => status < 500 ? "bad-request" : "internal-error",
    };

    /// <summary>"quota-exceeded" → "Quota exceeded".</summary>
    public static string TitleOf(string slug) => char.ToUpperInvariant(slug[0]) + slug[1..].Replace('-', ' ');
}
