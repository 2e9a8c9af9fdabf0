using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Son1kVers3.Stripe.Sandbox.Control;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Http;

/// <summary>Answers <c>/v1/**</c>: key, route, parameters, idempotency, injected faults, then the handler alone on the state.</summary>
internal sealed partial class StripeEndpoint(World world, ApiRoutes routes, ApiFaults faults, Idempotency idempotency, ILogger<StripeEndpoint> log)
{
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private sealed record Prepared(ApiRoute Route, Call Call, string RequestId, string? Key, string Fingerprint);

    public async Task HandleAsync(HttpContext context)
    {
        var requestId = Resource.NewId("req_");
        try
        {
            var prepared = await PrepareAsync(context, requestId);
            await RunAsync(context, prepared);
        }
        catch (StripeException error) when (!context.RequestAborted.IsCancellationRequested)
        {
            await WriteAsync(context, requestId, error.Status, error.ToJson(requestId).ToJsonString(Pretty));
        }
    }

    private async Task<Prepared> PrepareAsync(HttpContext context, string requestId)
    {
        var request = context.Request;
        Authorization.Check(request, world.Options);
        CheckVersion(request);
        if (!routes.TryFind(request.Method, request.Path, out var route, out var values))
        {
            throw new StripeException(
                404, "invalid_request_error", $"Unrecognized request URL ({request.Method}: {request.Path}). Please see https://stripe.com/docs.");
        }

        var form = await ReadFormAsync(request);
        route.Parameters.Check(form);
        var key = request.Method == "POST" ? request.Headers["Idempotency-Key"].FirstOrDefault() : null;
        var baseUrl = world.Options.PublicUrl is { Length: > 0 } given ? given.TrimEnd('/') : $"{request.Scheme}://{request.Host}";
        var call = new Call(world, form, request.Path, values, baseUrl);
        return new Prepared(route, call, requestId, string.IsNullOrEmpty(key) ? null : key, Idempotency.Fingerprint(request.Method, request.Path, form));
    }

    private async Task RunAsync(HttpContext context, Prepared call)
    {
        // The key first: whoever sees that a fault has met its call may rely on the call holding its key.
        var begun = Begin(call);
        var fault = faults.Take(context.Request.Method, context.Request.Path);
        if (begun is { } replay)
        {
            if (fault?.Kind is FaultKind.Abort or FaultKind.AbortBefore)
            {
                context.Abort();
                return;
            }

            context.Response.Headers["Idempotent-Replayed"] = "true";
            context.Response.Headers["Original-Request"] = replay.RequestId;
            await WriteAsync(context, call.RequestId, replay.Status, replay.Body, call.Key);
            return;
        }

        SavedAnswer? answer = null;
        var began = false;
        try
        {
            await BeforeAsync(context, fault, call.Key);
            answer = fault?.Kind == FaultKind.AbortBefore ? null : Execute(call, fault?.Kind == FaultKind.ErrorAfter, out began);
        }
        finally
        {
            End(call, began ? answer : null);
        }

        // Only now, when the key is free again: the caller may be back at once.
        if (answer is null || fault?.Kind == FaultKind.Abort)
        {
            context.Abort();
            return;
        }

        await WriteAsync(context, call.RequestId, answer.Status, answer.Body, call.Key);
    }

    private SavedAnswer? Begin(Prepared call)
    {
        lock (world.Gate)
        {
            return call.Key is null ? null : idempotency.Begin(call.Key, call.Fingerprint);
        }
    }

    private void End(Prepared call, SavedAnswer? answer)
    {
        lock (world.Gate)
        {
            if (call.Key is not null)
            {
                idempotency.End(call.Key, answer);
            }
        }
    }

    private async Task BeforeAsync(HttpContext context, ApiFault? fault, string? key)
    {
        if (fault is { DelayMs: > 0 })
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, faults.Cleared);
            await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), world.Time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.RequestAborted.ThrowIfCancellationRequested();
        }

        switch (fault?.Kind)
        {
            case FaultKind.Conflict:
                context.Response.Headers["Stripe-Should-Retry"] = "true";
                throw Idempotency.InUse(key ?? "");
            case FaultKind.RateLimit:
                throw new StripeException(429, "invalid_request_error", "Request rate limit exceeded.", "rate_limit");
            case FaultKind.ErrorBefore:
                throw new StripeException(500, "api_error", "An unknown error occurred (sandbox: before the effect).");
        }
    }

    /// <summary>Runs the handler under the lock. <paramref name="began"/> is false when the parameters alone were refused.</summary>
    private SavedAnswer Execute(Prepared call, bool failAfter, out bool began)
    {
        lock (world.Gate)
        {
            began = true;
            world.Request = (call.RequestId, call.Key);
            try
            {
                var answer = call.Route.Handler(call.Call);
                Expander.Apply(world, answer, call.Call.Form.Texts("expand"));
                return failAfter
                    ? Saved(call, 500, new StripeException(500, "api_error", "An unknown error occurred (sandbox: after the effect).").ToJson(call.RequestId))
                    : Saved(call, 200, answer);
            }
            catch (StripeException error)
            {
                began = !error.IsValidation;
                return Saved(call, error.Status, error.ToJson(call.RequestId));
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                log.LogError(error, "The sandbox failed on {Path}", call.Call.Path);
                return Saved(call, 500, new StripeException(500, "api_error", "The sandbox itself failed.").ToJson(call.RequestId));
            }
            finally
            {
                world.Request = null;
            }
        }
    }

    private SavedAnswer Saved(Prepared call, int status, JsonObject body) =>
        new(call.Fingerprint, status, body.ToJsonString(Pretty), call.RequestId, world.WallClock);

    /// <summary>A date, and since 2024 the release train. Whichever a client asks for, the answer's shape is that of
    /// <see cref="World.ApiVersion"/>.</summary>
    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Versions();

    private static void CheckVersion(HttpRequest request)
    {
        var version = request.Headers["Stripe-Version"].FirstOrDefault();
        if (!string.IsNullOrEmpty(version) && !Versions().IsMatch(version))
        {
            throw StripeException.Invalid($"Invalid Stripe API version: {version}");
        }
    }

    private static async Task<Form> ReadFormAsync(HttpRequest request)
    {
        var pairs = request.Query.SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value ?? "")).ToList();
        if (request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0)
        {
            if (!request.HasFormContentType)
            {
                throw StripeException.Invalid(
                    "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.");
            }

            var body = await request.ReadFormAsync();
            pairs.AddRange(body.SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value ?? "")));
        }

        return Form.Parse(pairs);
    }

    private static async Task WriteAsync(HttpContext context, string requestId, int status, string body, string? key = null)
    {
        var headers = context.Response.Headers;
        headers["Request-Id"] = requestId;
        headers["Stripe-Version"] = World.ApiVersion;
        if (key is not null)
        {
            headers["Idempotency-Key"] = key;
        }

        if (status == (int)HttpStatusCode.Unauthorized)
        {
            headers.WWWAuthenticate = "Basic realm=\"Stripe\"";
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body, Encoding.UTF8, context.RequestAborted);
    }
}
