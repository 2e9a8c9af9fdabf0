using System.Diagnostics;
using System.Net;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>One member who asks for very much at once.</summary>
[Trait("Category", "Integration")]
public sealed class BurstTests(RestoreFixture fixture) : IClassFixture<RestoreFixture>
{
    [Fact]
    public async Task Format_WhenOneMemberAsksAHundredAndFiftyTimes_KeepsNobodyElseWaiting()
    {
        using var greedy = fixture.Service.Client(Guid.CreateVersion7());
        using var other = fixture.Service.Client(Guid.CreateVersion7());
        var (held, mine) = (await MakeAsync(greedy), await MakeAsync(other));
        fixture.Ffmpeg.Hold(held);
        var burst = Enumerable.Range(0, 150).Select(_ => greedy.GetAsync($"/api/generations/{held}/audio?format=wav")).ToList();
        await Eventually.TrueAsync(
            async () => await fixture.ScalarAsync<long>(
            "SELECT count(*) FROM file_requests WHERE track_id = $1", held) == 1, "the file is asked for, once");

        var connections = await fixture.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()");
        var waits = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            Assert.Equal(HttpStatusCode.OK, (await other.GetAsync($"/api/generations/{mine}")).StatusCode);
            waits.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        // Nothing holds a connection, so what others wait is what the machine takes: generous, as it may be a busy one. The figure stands
        // in the load command.
        Assert.InRange(connections, 0, 5);
        Assert.InRange(waits.Order().ElementAt(35), 0, 2000);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync($"/api/generations/{mine}/audio?format=opus")).StatusCode);
        fixture.Ffmpeg.Release(held);
        var answers = await Task.WhenAll(burst);
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.Single(answers.Select(a => a.Headers.ETag!.Tag).Distinct());
    }

    private static async Task<Guid> MakeAsync(HttpClient client)
    {
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");
        return id;
    }
}
