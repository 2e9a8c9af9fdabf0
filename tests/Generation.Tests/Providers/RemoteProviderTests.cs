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
        Egress.Sound = FakeEgress.Tone(10, level: 0);
        Assert.True((await FailAsync()).MayFallBack);
    }

    [Fact]
    public async Task Result_WhenFarTooShort_IsAFailure()
    {
        Egress.Sound = FakeEgress.Tone(2);
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
    public async Task Job_WhenPollingFailsForAMoment_IsNotPaidForTwice()
    {
        if (!Service.NeedsLease)
            return;
        var failures = 2;
        Egress.Fault = http =>
        {
            var isPoll = http.Request.Headers["X-Stealth-Lease"] == "lease-1" && http.Request.Method != "DELETE";
            if (!isPoll || failures-- <= 0)
                return Task.FromResult(false);
            http.Response.StatusCode = 502;
            return Task.FromResult(true);
        };

        await MakeAsync();

        Assert.Single(Egress.Requests, r => r.Lease.StartsWith("new", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lease_WhenTheJobIsOver_IsGivenBack()
    {
        await MakeAsync();

        Assert.Equal(Service.NeedsLease ? 1 : 0, Egress.Requests.Count(r => r.Call == "DELETE /egress/leases/lease-1"));
        Assert.Equal(Service.NeedsLease, Egress.Requests.Any(r => r.Lease.Length > 0));
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
        var request = new TrackRequest { Prompt = "calm piano", DurationSeconds = seconds, Tempo = 97, Key = "A minor", Seed = 4242 };
        var handle = await provider.SubmitAsync(new ProviderRequest(Guid.CreateVersion7(), request, Quality.Standard, _folder), stop);
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

    private Task<ProviderException> FailAsync() => Assert.ThrowsAnyAsync<ProviderException>(() => MakeAsync());
}

[Trait("Category", "Integration")]
public sealed class AceStepTests : RemoteProviderContract
{
    internal override RemoteService Service => new AceStep();
}

[Trait("Category", "Integration")]
public sealed class ElevenLabsTests : RemoteProviderContract
{
    internal override RemoteService Service => new ElevenLabs();
}

[Trait("Category", "Integration")]
public sealed class StableAudioTests : RemoteProviderContract
{
    internal override RemoteService Service => new StableAudio();

    [Fact]
    public async Task Request_WhenLongerThanOneAnswerHolds_IsAJob()
    {
        Egress.Sound = FakeEgress.Tone(200);

        var result = await MakeAsync(seconds: 200);

        Assert.InRange(result.DurationSeconds, 199, 201);
        Assert.Contains(Egress.Requests, r => r.Call == "GET /egress/stability/v2beta/audio/results/s1");
    }
}

[Trait("Category", "Integration")]
public sealed class ReplicateTests : RemoteProviderContract
{
    internal override RemoteService Service => new Replicate();

    [Fact]
    public async Task Job_WhenCancelledInTheMiddle_IsStoppedThere() =>
        await StoppedJob.CheckAsync(this, "POST /egress/replicate/v1/predictions/p1/cancel");
}

[Trait("Category", "Integration")]
public sealed class FalTests : RemoteProviderContract
{
    internal override RemoteService Service => new Fal();

    [Fact]
    public async Task Job_WhenCancelledInTheMiddle_IsStoppedThere() =>
        await StoppedJob.CheckAsync(this, "PUT /egress/fal/fal-ai/stable-audio-25/requests/f1/cancel");
}

[Trait("Category", "Integration")]
public sealed class MiniMaxTests : RemoteProviderContract
{
    internal override RemoteService Service => new MiniMax();
    internal override bool TakesSeed => false;
}

internal static class StoppedJob
{
    public static async Task CheckAsync(RemoteProviderContract contract, string cancelling)
    {
        contract.Egress.Ends = false;
        using var stop = new CancellationTokenSource();
        contract.Egress.Fault = async http =>
        {
            // The job is there once it is asked for.
            if (http.Request.Headers["X-Stealth-Lease"] == "lease-1")
                await stop.CancelAsync();
            return false;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => contract.MakeAsync(stop: stop.Token));

        Assert.Single(contract.Egress.Requests, r => r.Call == cancelling);
    }
}
