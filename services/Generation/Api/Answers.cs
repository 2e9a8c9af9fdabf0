using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Generation.Api;

/// <summary>Says in the description of each endpoint what it can answer besides its success.</summary>
internal static class Answers
{
    private const string ProblemType = "application/problem+json";

    /// <summary>What follows from an endpoint's own make: from sign-in, address, body, pages and idempotency key.</summary>
    public static TBuilder DescribeRefusals<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Finally(endpoint =>
        {
            foreach (var status in StatusesOf(endpoint).Except(endpoint.Metadata.OfType<ProducesResponseTypeMetadata>().Select(m => m.StatusCode)).Order())
                endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), [ProblemType]));
        });
        return endpoints;
    }

    /// <summary>Further refusals of one endpoint.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            endpoint.ProducesProblem(status);
        return endpoint;
    }

    /// <summary>A file with range requests and ETag.</summary>
    /// <typeparam name="T">What is in it, if it is JSON.</typeparam>
    public static RouteHandlerBuilder ProducesFile<T>(this RouteHandlerBuilder endpoint, string type, params string[] otherTypes) => endpoint
        .Produces<T>(200, type, otherTypes).Produces<Stream>(206, type, otherTypes).Produces(304).Refuses(401, 412, 416, 503);

    /// <summary>Whether the handler takes such a parameter.</summary>
    public static bool Takes(this IEnumerable<object> metadata, Type parameter) =>
        metadata.OfType<MethodInfo>().SelectMany(handler => handler.GetParameters())
            .Any(p => p.ParameterType == parameter || (p.ParameterType.IsGenericType && p.ParameterType.GetGenericTypeDefinition() == parameter));

    private static IEnumerable<int> StatusesOf(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<IAuthorizeData>().Any())
            yield return 401;
        if (endpoint is RouteEndpointBuilder { RoutePattern.Parameters.Count: > 0 })
            yield return 404;
        var reads = endpoint.Metadata.Takes(typeof(Body<>));
        var repeats = endpoint.Metadata.Takes(typeof(Operation));
        if (reads || repeats || endpoint.Metadata.Takes(typeof(PageQuery)))
            yield return 400;
        if (reads || repeats)
            yield return 413;
        if (reads)
            yield return 415;
        if (!repeats)
            yield break;
        yield return 409;
        yield return 422;
    }
}
