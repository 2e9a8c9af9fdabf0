using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.ServiceDefaults.Idempotency;

/// <summary>The header <c>Idempotency-Key</c> on POSTs that make something or move quota or money.</summary>
public static class IdempotencyExtensions
{
    /// <summary>Needs <c>AddServiceDatabase</c> and <see cref="IdempotencyTables.AddIdempotencyTable"/>.</summary>
    public static IHostApplicationBuilder AddIdempotency(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IdempotencyStore>();
        builder.Services.AddHostedService<IdempotencyCleanup>();
        return builder;
    }

    /// <summary>Marks an endpoint as repeatable under a key. Its handler takes an <see cref="Operation"/> and records its answer through it.</summary>
    public static TBuilder WithIdempotency<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(Idempotent.Instance);

    /// <summary>
    /// Marks it likewise, but a repeat runs the handler again, which renders its answer anew from <see cref="Operation.Receipt"/> and does nothing else.
    /// Refusals are kept as they are.
    /// </summary>
    public static TBuilder WithReceipts<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(Idempotent.ByReceipt);

    internal static IApplicationBuilder UseIdempotency(this IApplicationBuilder app) => app.UseMiddleware<IdempotencyMiddleware>();
}

/// <param name="HasReceipts">What is kept of a success is no answer, but what one is rendered from.</param>
internal sealed record Idempotent(bool HasReceipts)
{
    public static readonly Idempotent Instance = new(HasReceipts: false);
    public static readonly Idempotent ByReceipt = new(HasReceipts: true);
}

internal sealed class IdempotencyMiddleware(RequestDelegate next)
{
    private const int LongestKey = 255;
    private const string Replayed = "Idempotency-Replayed";

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Idempotent>() is not { } idempotent || http.User.IdOrNull() is not { } user
            || http.Request.Headers["Idempotency-Key"] is not [{ } key, ..])
        {
            await next(http);
            return;
        }

        if (key.Length is 0 or > LongestKey)
            throw Problem.Invalid("Idempotency-Key", $"1 to {LongestKey} characters.");
        var store = http.RequestServices.GetRequiredService<IdempotencyStore>();
        http.Request.EnableBuffering();
        var fingerprint = await BodyFingerprint.OfAsync(http.Request, http.RequestAborted);
        switch (await store.TakeAsync(new KeyName(user, http.Request.Method, http.Request.Path, key), fingerprint, http.RequestAborted))
        {
            case KeyState.Mine mine:
                await RunAsync(http, store, mine);
                break;
            case KeyState.Done { Answer: { Status: >= 200 and < 300 } receipt } when idempotent.HasReceipts:
                http.Response.Headers[Replayed] = "true";
                http.Features.Set(new Operation(http, Guid.Empty, earlier: receipt));
                await next(http);
                break;
            case KeyState.Done done:
                await ReplayAsync(http, done.Answer);
                break;
            case KeyState.InFlight running:
                throw Problem.Of(409, "idempotency-key-in-flight", "The first request with this Idempotency-Key is still running.", running.RetryAfter);
            default:
                throw Problem.Of(422, "idempotency-key-reused", "This Idempotency-Key was used with another body; take a new key.");
        }
    }

    /// <summary>
    /// Runs the handler with the answer held back: a 2xx that was not recorded in its transaction, and a 4xx that would come again,
    /// are stored now. Anything else frees the key: the next request resumes the operation.
    /// </summary>
    private async Task RunAsync(HttpContext http, IdempotencyStore store, KeyState.Mine mine)
    {
        var operation = new Operation(http, mine.OperationId, mine);
        http.Features.Set(operation);
        var outward = http.Response.Body;
        using var held = new MemoryStream();
        http.Response.Body = held;
        try
        {
            await next(http);
        }
        catch (Exception e) when (ProblemExceptionHandler.Expected(e, http.GetEndpoint()) is { } problem)
        {
            await ProblemExceptionHandler.WriteAsync(http, problem);
        }
        catch
        {
            if (!operation.Recorded)
                await store.ReleaseAsync(mine, CancellationToken.None);
            throw;
        }
        finally
        {
            http.Response.Body = outward;
        }

        if (!operation.Recorded)
        {
            if (IsFinal(http.Response.StatusCode))
            {
                var answer = new StoredAnswer(http.Response.StatusCode, http.Response.ContentType, http.Response.Headers.Location, held.ToArray());
                await store.CompleteAsync(mine, answer, CancellationToken.None);
            }
            else
            {
                await store.ReleaseAsync(mine, CancellationToken.None);
            }
        }

        held.Position = 0;
        await held.CopyToAsync(outward, http.RequestAborted);
    }

    private static bool IsFinal(int status) => status is >= 200 and < 300 or >= 400 and < 500 and not (401 or 409 or 429);

    private static async Task ReplayAsync(HttpContext http, StoredAnswer answer)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        http.Response.Headers[Replayed] = "true";
        if (answer.Location is not null)
            http.Response.Headers.Location = answer.Location;
        await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
    }
}

internal sealed class IdempotencyCleanup(IdempotencyStore store, TimeProvider clock, ILogger<IdempotencyCleanup> log) : PeriodicWorker(TimeSpan.FromHours(1), clock, log)
{
    protected override Task RunAsync(CancellationToken cancellationToken) => store.ForgetExpiredAsync(cancellationToken);
}
