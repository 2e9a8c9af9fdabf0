using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.ServiceDefaults.OpenApi;

/// <summary>Describes what every endpoint can answer besides its success, from how it is made: sign-in, address, body, pages, idempotency key.</summary>
internal sealed class Refusals : IApiDescriptionProvider
{
    /// <summary>After the framework's own, at -1100.</summary>
    public int Order => 0;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
        foreach (var endpoint in context.Results)
        {
            foreach (var status in StatusesOf(endpoint).Except(endpoint.SupportedResponseTypes.Select(r => r.StatusCode)))
            {
                endpoint.SupportedResponseTypes.Add(new ApiResponseType
                {
                    StatusCode = status,
                    Type = typeof(ProblemDetails),
                    ApiResponseFormats = { new ApiResponseFormat { MediaType = "application/problem+json" } },
                });
            }
        }
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
    }

    private static IEnumerable<int> StatusesOf(ApiDescription endpoint)
    {
        var metadata = endpoint.ActionDescriptor.EndpointMetadata;
        var authorization = metadata.OfType<IAllowAnonymous>().Any() ? [] : metadata.OfType<IAuthorizeData>().ToList();
        if (authorization.Count > 0)
            yield return 401;
        if (authorization.Any(a => a.Policy is not null))
            yield return 403;
        if (endpoint.RelativePath?.Contains('{') == true)
            yield return 404;
        var reads = metadata.Takes(typeof(Body<>));
        var repeats = metadata.Takes(typeof(Operation));
        // Every address can hold what no address may: a NUL character, a query value of another type.
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

/// <summary>Descriptions that several endpoints share.</summary>
public static class Answers
{
    /// <summary>Refusals that only this endpoint knows of; those that follow from its make are described by themselves.</summary>
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
    internal static bool Takes(this IEnumerable<object> metadata, Type parameter) =>
        metadata.OfType<MethodInfo>().SelectMany(handler => handler.GetParameters())
            .Any(p => Is(p.ParameterType, parameter));

    /// <summary>Whether the handler can give such a typed result.</summary>
    internal static bool Gives(this IEnumerable<object> metadata, Type result) => metadata.OfType<MethodInfo>().Any(handler => Gives(handler.ReturnType, result));

    // Task<Results<Created<T>, NoContent>>: what it gives stands inside.
    private static bool Gives(Type type, Type result) => Is(type, result) || type.GenericTypeArguments.Any(inner => Gives(inner, result));

    private static bool Is(Type type, Type wanted) => type == wanted || (type.IsGenericType && type.GetGenericTypeDefinition() == wanted);
}
