using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.ServiceDefaults.Problems;

/// <summary>Every error of every endpoint leaves as <c>application/problem+json</c> with our types and a trace id.</summary>
public static class ProblemExtensions
{
    /// <summary>Registers the problem writer and the exception handler.</summary>
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context => Complete(context.ProblemDetails, context.HttpContext));
        services.AddExceptionHandler<ProblemExceptionHandler>();
        // Malformed JSON throws in every environment alike, and is told with its path below.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }

    /// <summary>Goes first in the pipeline.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) =>
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = IsExpected }).UseStatusCodePages();

    private static bool IsExpected(ExceptionHandlerSuppressDiagnosticsContext context) =>
        context.Exception is ProblemException or BadHttpRequestException or OperationCanceledException;

    private static void Complete(ProblemDetails problem, HttpContext http)
    {
        var status = problem.Status ?? http.Response.StatusCode;
        problem.Status = status;
        if (problem.Type?.StartsWith(Problem.TypeBase, StringComparison.Ordinal) != true)
        {
            var slug = Problem.SlugOf(status);
            problem.Type = Problem.TypeBase + slug;
            problem.Title = Problem.TitleOf(slug);
        }

        problem.Detail ??= DetailOf(status, http);
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
    }

    private static string DetailOf(int status, HttpContext http) => status switch
    {
        401 => "Sign in, and send the access token as 'Authorization: Bearer …'.",
        403 => "Your account does not have the right to do this.",
        404 => "There is nothing at this address.",
        405 => $"{http.Request.Method} is not possible here.",
        413 => "The body is larger than this endpoint takes.",
        415 => $"Send the body as {TakenBy(http)}.",
        429 => "Too many requests; wait as Retry-After says.",
        _ when status >= 500 => "Something went wrong on our side. The trace id helps us to find it.",
        _ => "The request could not be understood.",
    };

    /// <summary>What the endpoints of this address take: routing refuses other bodies before any of them is chosen.</summary>
    private static string TakenBy(HttpContext http)
    {
        var taken = http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(http.Request.Method) == true
                && new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(http.Request.Path, []))
            .Select(endpoint => endpoint.Metadata.GetMetadata<IAcceptsMetadata>())
            .FirstOrDefault(accepted => accepted is not null);
        if (taken is null)
            return "application/json";
        var file = taken.RequestType?.GetProperties().FirstOrDefault(property => property.PropertyType == typeof(IFormFile));
        return string.Join(" or ", taken.ContentTypes) + (file is null ? "" : $", in the field '{JsonNamingPolicy.CamelCase.ConvertName(file.Name)}'");
    }
}

internal sealed partial class ProblemExceptionHandler(ILogger<ProblemExceptionHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        if (Expected(exception, http.Features.Get<IExceptionHandlerFeature>()?.Endpoint) is not { } problem)
        {
            log.LogError(exception, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
            problem = new ProblemException(new ProblemDetails { Status = 500 });
        }

        return await WriteAsync(http, problem);
    }

    /// <summary>The problem that an exception stands for, or null when it is a fault of ours.</summary>
    internal static ProblemException? Expected(Exception exception, Endpoint? endpoint = null) => exception switch
    {
        ProblemException own => own,
        BadHttpRequestException bad => FromBadRequest(bad, endpoint),
        _ when IsDatabaseAway(exception) => Problem.Unavailable("The database does not answer at the moment; nothing was changed. Try again.", TimeSpan.FromSeconds(2)),
        _ => null,
    };

    // Entity Framework wraps what Npgsql says.
    private static bool IsDatabaseAway(Exception? exception) =>
        exception is not null && (exception is NpgsqlException { IsTransient: true } || IsDatabaseAway(exception.InnerException));

    internal static ValueTask<bool> WriteAsync(HttpContext http, ProblemException problem)
    {
        http.Response.StatusCode = problem.Details.Status ?? 500;
        if (problem.RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = ((long)Math.Max(1, Math.Ceiling(wait.TotalSeconds))).ToString();
        // RFC 9110, 15.5.16: that it was the encoding which is not taken.
        if (problem.Details.Status == 415 && http.Request.Headers.ContentEncoding.Count > 0)
            http.Response.Headers.AcceptEncoding = "identity";
        var problems = http.RequestServices.GetRequiredService<IProblemDetailsService>();
        return problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = problem.Details });
    }

    private static ProblemException FromBadRequest(BadHttpRequestException bad, Endpoint? endpoint)
    {
        if (bad.StatusCode != 400)
            return new ProblemException(new ProblemDetails { Status = bad.StatusCode });
        // The framework tells which parameter it could not read in its message alone.
        if (UnreadParameter().Match(bad.Message) is { Success: true } unread && endpoint?.Metadata.GetMetadata<MethodInfo>() is { } handler
            && HandlerParameter.Of(handler).FirstOrDefault(p => p.CodeName == unread.Groups["name"].Value) is { } parameter)
            return Problem.Invalid(parameter.Name, Expectation.Of(parameter.Type));
        return Problem.Of(400, "bad-request", bad.Message);
    }

    internal static ProblemException MalformedJson() => Problem.Of(400, "malformed-json", "The body is not the JSON that this endpoint takes.");

    [GeneratedRegex("""^(?:Failed to bind|Required) parameter "[^"]* (?<name>\w+)" """)]
    private static partial Regex UnreadParameter();
}
