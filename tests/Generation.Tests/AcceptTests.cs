using System.Net;

namespace Son1kVers3.Generation.Tests;

/// <summary>What taking one order in costs, in round trips: the same on every machine.</summary>
[Trait("Category", "Integration")]
[Collection(ToneCollection.Name)]
public sealed class AcceptTests(GenerationFixture fixture)
{
    private const int MostCalls = 14;
    private const int MostCommits = 3;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Order_WhenAccepted_TakesFewCallsAndThreeCommits(bool withKey)
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        // The first one of a process also reads the server's types.
        await GenerationFixture.OrderAsync(client);
        using var calls = new SqlCalls();
        using var request = calls.Request(
            HttpMethod.Post, "/api/generations", new { prompt = "a tone", provider = "test", durationSeconds = 10 });
        if (withKey)
            request.Headers.Add("Idempotency-Key", "once");

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        // The key is taken without Entity Framework, by one statement that commits by itself.
        var commits = calls.Commits + calls.WrittenAlone + (withKey ? 1 : 0);
        Assert.True(
            calls.Statements + calls.Commits is > 5 and <= MostCalls, $"{calls.Statements} + {calls.Commits} calls:\n{calls.Texts}");
        Assert.True(commits is > 1 and <= MostCommits, $"{calls.Commits} commits, {calls.WrittenAlone} alone:\n{calls.Texts}");
    }
}
