using Microsoft.AspNetCore.Http;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Providers.Remote;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests.Providers;

/// <summary>What every remote provider keeps to besides what all providers do.</summary>
public abstract class RemoteProviderContract : ProviderContract, IAsyncLifetime
{
    private readonly string _folder = TestRun.CreateFolder("remote");

    internal FakeEgress Egress { get; private set; } = null!;

    internal abstract RemoteService Service { get; }

    /// <summary>As its documentation says.</summary>
    internal virtual bool TakesSeed => true;

    public async Task InitializeAsync() => Egress = await FakeEgress.StartAsync();

    public async Task DisposeAsync()
    {
        await Egress.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal override IMusicProvider Create() => Egress.Provider(Service);

    [Fact]
    public async Task Request_WhenSent_CarriesTempoKeyAndLength()
    {
        await MakeAsync();

        var sent = Egress.Requests.First(r => r.Call.StartsWith("POST", StringComparison.Ordinal)).Body;
        Assert.Contains("97", sent, StringComparison.Ordinal);
        Assert.Contains("A minor", sent, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("calm piano", sent, StringComparison.Ordinal);
        Assert.Equal(TakesSeed, sent.Contains("4242", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Result_WhenSilent_IsAFailure()
    {
        Egress.Sound = FakeProviders.Tone(10, level: 0);
        Assert.True((await FailAsync()).MayFallBack);
    }

    [Fact]
    public async Task Result_WhenFarTooShort_IsAFailure()
    {
        Egress.Sound = FakeProviders.Tone(2);
        Assert.True((await FailAsync()).MayFallBack);
    }

    [Fact]
    public async Task Result_WhenNotAudio_IsAFailure()
    {
        Egress.Sound = "<html>Sorry</html>"u8.ToArray();
        Assert.True((await FailAsync()).MayFallBack);
    }

    [Theory]
    [InlineData("rate-limited", 429, nameof(ProviderError.RateLimited))]
    [InlineData("concurrency-limited", 429, nameof(ProviderError.ConcurrencyLimited))]
    [InlineData("quota-exhausted", 402, nameof(ProviderError.QuotaExhausted))]
    [InlineData("unauthorized", 401, nameof(ProviderError.Unauthorized))]
    [InlineData("content-rejected", 200, nameof(ProviderError.ContentRejected))]
    [InlineData("invalid-request", 422, nameof(ProviderError.InvalidRequest))]
    [InlineData("transient", 200, nameof(ProviderError.Transient))]
    [InlineData(null, 503, nameof(ProviderError.RateLimited))]
    [InlineData(null, 502, nameof(ProviderError.Transient))]
    public async Task Request_WhenRefused_FailsByStealthsClass(string? error, int status, string expected)
    {
        Egress.Fault = http =>
        {
            http.Response.StatusCode = status;
            if (error is not null)
                http.Response.Headers["X-Stealth-Error"] = error;
            return Task.FromResult(true);
        };

        Assert.Equal(Enum.Parse<ProviderError>(expected), (await FailAsync()).Error);
    }

    [Fact]
    public async Task Answer_WhenItBreaksOff_IsAFailure()
    {
        Egress.Fault = async http =>
        {
            http.Response.ContentLength = 100_000;
            await http.Response.Body.WriteAsync(new byte[1000]);
            await http.Response.Body.FlushAsync();
            http.Abort();
            return true;
        };

        Assert.True((await FailAsync()).MayFallBack);
    }

    [Fact]
    public async Task Answer_WhenItIsNoneOfTheDialect_IsAFailure()
    {
        Egress.Fault = async http =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"unexpected":[1]}""");
            return true;
        };

        Assert.True((await FailAsync()).MayFallBack);
    }

    [Fact]
    public async Task Lease_WhenOneCallIsTheWholeJob_IsNotAskedFor()
    {
        await MakeAsync();

        Assert.Equal(Service.IsJob(OrderOf(10)), Egress.Requests.Any(r => r.Lease.Length > 0));
    }

    [Theory]
    [InlineData(1, true, true, true, true)]
    [InlineData(1, true, false, false, true)]
    [InlineData(0, true, false, false, false)]
    [InlineData(1, false, true, false, false)]
    public async Task Status_FollowsStealthsAccounts(int accounts, bool enabled, bool available, bool up, bool configured)
    {
        (Egress.State["accounts"], Egress.State["enabled"], Egress.State["available"]) = (accounts, enabled, available);

        var status = await Create().GetStatusAsync(CancellationToken.None);

        Assert.Equal((up, configured), (status.Available, status.Configured));
    }

    /// <summary>Makes a track as a worker does.</summary>
    internal async Task<ProviderResult> MakeAsync(int seconds = 10, CancellationToken stop = default)
    {
        var provider = Create();
        return await EndAsync(provider, await provider.SubmitAsync(RequestOf(seconds), stop), stop);
    }

    internal static async Task<ProviderResult> EndAsync(IMusicProvider provider, string handle, CancellationToken stop = default)
    {
        try
        {
            await foreach (var _ in provider.FollowAsync(handle, stop))
            {
            }

            return await provider.FetchAsync(handle, stop);
        }
        finally
        {
            await provider.CancelAsync(handle);
        }
    }

    internal ProviderRequest RequestOf(int seconds) => new(Guid.CreateVersion7(), OrderOf(seconds), Quality.Standard, _folder);

    internal static TrackRequest OrderOf(int seconds) =>
        new() { Prompt = "calm piano", DurationSeconds = seconds, Tempo = 97, Key = "A minor", Seed = 4242 };

    private Task<ProviderException> FailAsync() => Assert.ThrowsAnyAsync<ProviderException>(() => MakeAsync());
}

/// <summary>What those keep to whose jobs outlive the worker that ordered them.</summary>
public abstract class RemoteJobContract : RemoteProviderContract
{
    /// <summary>A length that is a job of several calls.</summary>
    internal virtual int JobSeconds => 10;

    /// <summary>The call that stops a job there; null where the service knows none.</summary>
    internal virtual string? Stopping => null;

    [Fact]
    public async Task Job_WhenPollingFailsForAMoment_IsNotPaidForTwice()
    {
        Egress.Sound = FakeProviders.Tone(JobSeconds);
        var failures = 2;
        Egress.Fault = http =>
        {
            var isPoll = http.Request.Headers["X-Stealth-Lease"] == "lease-1" && http.Request.Method != "DELETE";
            if (!isPoll || failures-- <= 0)
                return Task.FromResult(false);
            http.Response.StatusCode = 502;
            return Task.FromResult(true);
        };

        await MakeAsync(JobSeconds);

        Assert.Equal(1, Egress.Orders);
    }

    [Fact]
    public async Task Lease_WhenTheJobIsOver_IsGivenBack()
    {
        Egress.Sound = FakeProviders.Tone(JobSeconds);

        await MakeAsync(JobSeconds);

        Assert.Single(Egress.Requests, r => r.Call == "DELETE /egress/leases/lease-1");
    }

    [Fact]
    public async Task Job_WhenItsWorkerDies_IsFollowedByTheNextAtTheSameAccountAndNotPaidForTwice()
    {
        var checkpoint = await DieAsync();
        (Egress.Ends, Egress.Sound) = (true, FakeProviders.Tone(JobSeconds));

        var next = Create();
        var result = await EndAsync(next, await next.ResumeAsync(RequestOf(JobSeconds), checkpoint, CancellationToken.None));

        Assert.InRange(result.DurationSeconds, JobSeconds - 1, JobSeconds + 1);
        Assert.Equal(1, Egress.Orders);
        Assert.Contains(Egress.Requests, r => r.Lease == "lease-2");
        Assert.Single(Egress.Requests, r => r.Call == "DELETE /egress/leases/lease-2");
    }

    [Fact]
    public async Task Job_WhenItsWorkerLeavesIt_GoesOnThere()
    {
        Egress.Ends = false;
        var provider = Create();
        var handle = await provider.SubmitAsync(RequestOf(JobSeconds), CancellationToken.None);
        await CheckpointAsync(provider, handle);

        await provider.LeaveAsync(handle);

        Assert.DoesNotContain(Egress.Requests, r => r.Call == Stopping || r.Call.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Job_WhenItsWorkerDiedAndItIsCancelled_IsStoppedThereAndItsAccountIsFree()
    {
        var checkpoint = await DieAsync();

        await Create().CancelLeftAsync(checkpoint);

        Assert.Equal(Stopping is null ? 0 : 1, Egress.Requests.Count(r => r.Call == Stopping && r.Lease == "lease-2"));
        Assert.Single(Egress.Requests, r => r.Call == "DELETE /egress/leases/lease-2");
    }

    [Fact]
    public async Task Job_WhenItsLeaseIsOver_IsOrderedAnew()
    {
        var checkpoint = (await DieAsync()).Replace("lease-1", "lease-0", StringComparison.Ordinal);
        (Egress.Ends, Egress.Sound) = (true, FakeProviders.Tone(JobSeconds));

        var next = Create();
        await EndAsync(next, await next.ResumeAsync(RequestOf(JobSeconds), checkpoint, CancellationToken.None));

        Assert.Equal(2, Egress.Orders);
    }

    [Fact]
    public async Task Job_WhenItsAccountDiesInTheMiddle_IsOrderedAtAnotherOnce()
    {
        Egress.Sound = FakeProviders.Tone(JobSeconds);
        Egress.Fault = http => RefuseAsync(http, isRefused: Egress.Orders == 1);
        await MakeAsync(JobSeconds);
        Assert.Equal(2, Egress.Orders);

        Egress.Fault = http => RefuseAsync(http, isRefused: true);
        await Assert.ThrowsAnyAsync<ProviderException>(() => MakeAsync(JobSeconds));
        Assert.Equal(4, Egress.Orders);
    }

    [Fact]
    public async Task Job_WhenAnotherWorkerTookItOver_IsNotOrderedAnewByTheFirst()
    {
        Egress.Ends = false;
        var first = Create();
        var handle = await first.SubmitAsync(RequestOf(JobSeconds), CancellationToken.None);
        await using var steps = first.FollowAsync(handle, CancellationToken.None).GetAsyncEnumerator();
        while (steps.Current?.Checkpoint is null)
            Assert.True(await steps.MoveNextAsync());

        await Create().CancelLeftAsync(steps.Current.Checkpoint);

        await Assert.ThrowsAsync<RemoteFailure>(async () => await steps.MoveNextAsync());
        Assert.Equal(1, Egress.Orders);
    }

    [Fact]
    public async Task Job_WhenCancelledInTheMiddle_IsStoppedThere()
    {
        Egress.Ends = false;
        using var stop = new CancellationTokenSource();
        Egress.Fault = async http =>
        {
            // The job is there once it is asked for.
            if (http.Request.Headers["X-Stealth-Lease"] == "lease-1")
                await stop.CancelAsync();
            return false;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MakeAsync(JobSeconds, stop.Token));

        Assert.Equal(Stopping is null ? 0 : 1, Egress.Requests.Count(r => r.Call == Stopping));
        Assert.Single(Egress.Requests, r => r.Call == "DELETE /egress/leases/lease-1");
    }

    /// <summary>What polls are answered by an account whose key is withdrawn.</summary>
    private static Task<bool> RefuseAsync(HttpContext http, bool isRefused)
    {
        isRefused &= http.Request.Headers["X-Stealth-Lease"] == "lease-1";
        if (isRefused)
        {
            http.Response.StatusCode = 401;
            http.Response.Headers["X-Stealth-Error"] = "unauthorized";
        }

        return Task.FromResult(isRefused);
    }

    /// <summary>Orders a job and does nothing more, as a killed worker; returns what it had stored.</summary>
    private async Task<string> DieAsync()
    {
        Egress.Ends = false;
        var provider = Create();
        return await CheckpointAsync(provider, await provider.SubmitAsync(RequestOf(JobSeconds), CancellationToken.None));
    }

    private static async Task<string> CheckpointAsync(IMusicProvider provider, string handle)
    {
        await foreach (var step in provider.FollowAsync(handle, CancellationToken.None))
        {
            if (step.Checkpoint is { } checkpoint)
                return checkpoint;
        }

        throw new InvalidOperationException("The job told no checkpoint.");
    }
}

[Trait("Category", "Integration")]
public sealed class AceStepTests : RemoteJobContract
{
    internal override RemoteService Service => new AceStep();
}

[Trait("Category", "Integration")]
public sealed class ElevenLabsTests : RemoteProviderContract
{
    internal override RemoteService Service => new ElevenLabs();
}

[Trait("Category", "Integration")]
public sealed class StableAudioTests : RemoteJobContract
{
    internal override RemoteService Service => new StableAudio();
    internal override int JobSeconds => 200;

    [Fact]
    public async Task Request_WhenLongerThanOneAnswerHolds_IsAJob()
    {
        Egress.Sound = FakeProviders.Tone(200);

        var result = await MakeAsync(seconds: 200);

        Assert.InRange(result.DurationSeconds, 199, 201);
        Assert.Contains(Egress.Requests, r => r.Call == "GET /egress/stability/v2beta/audio/results/s1");
    }
}

[Trait("Category", "Integration")]
public sealed class ReplicateTests : RemoteJobContract
{
    internal override RemoteService Service => new Replicate();
    internal override string Stopping => "POST /egress/replicate/v1/predictions/p1/cancel";
}

[Trait("Category", "Integration")]
public sealed class FalTests : RemoteJobContract
{
    internal override RemoteService Service => new Fal();
    internal override string Stopping => "PUT /egress/fal/fal-ai/stable-audio-25/requests/f1/cancel";
}

[Trait("Category", "Integration")]
public sealed class MiniMaxTests : RemoteProviderContract
{
    internal override RemoteService Service => new MiniMax();
    internal override bool TakesSeed => false;
}
