using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.Testing;

namespace Son1kVers3.ServiceDefaults.Tests;

[Trait("Category", "Integration")]
public sealed class IdempotencyTests : IAsyncLifetime
{
    private readonly MovableClock clock = new();
    private readonly Guid user = Guid.CreateVersion7();
    private readonly string key = Guid.NewGuid().ToString();
    private SampleService service = null!;

    public async Task InitializeAsync() => service = await SampleService.StartAsync(clock);

    public async Task DisposeAsync() => await service.DisposeAsync();

    [Fact]
    public async Task SameKeyAndBody_AnswersTheSame_AndHappensOnce()
    {
        var first = await PostAsync("hola");
        var second = await PostAsync("hola");

        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(1, await NotesAsync());
    }

    [Fact]
    public async Task SameKey_WithAnotherBody_IsRefused()
    {
        await PostAsync("hola");
        await ExpectAsync(await PostAsync("adiós"), 422, "idempotency-key-reused");
    }

    [Fact]
    public async Task SameKey_OfAnotherUser_IsAnotherOperation()
    {
        await PostAsync("hola");
        Assert.Equal(HttpStatusCode.Created, (await service.Client(Guid.CreateVersion7(), key).PostAsJsonAsync("/notes", new { text = "hola" })).StatusCode);
        Assert.Equal(2, await NotesAsync());
    }

    [Fact]
    public async Task AValidationProblem_IsKept()
    {
        var first = await PostAsync(new string('x', 21));
        var second = await PostAsync(new string('x', 21));

        Assert.Equal(HttpStatusCode.BadRequest, first.StatusCode);
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task AnAnswerThatMayChange_IsNotKept_AndTheNextTryIsTheSameOperation(int status)
    {
        service.Trouble = () => throw Problem.Of(status, "later", "Not now.");
        Assert.Equal(status, (int)(await PostAsync("hola")).StatusCode);

        service.Trouble = null;
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("hola")).StatusCode);
        Assert.Equal(1, await NotesAsync());
    }

    [Fact]
    public async Task AFault_IsNotKept_AndLeavesNothing()
    {
        service.Trouble = () => throw new InvalidOperationException("boom");
        var fault = await PostAsync("hola");
        Assert.Equal(HttpStatusCode.InternalServerError, fault.StatusCode);
        Assert.DoesNotContain("boom", await fault.Content.ReadAsStringAsync());
        Assert.Equal(0, await NotesAsync());

        service.Trouble = null;
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("hola")).StatusCode);
    }

    [Fact]
    public async Task WhileTheFirstRuns_TheSecondIsToldSo_AndAfterSixtySecondsTakesTheOperationOver()
    {
        var stuck = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        service.Trouble = () =>
        {
            entered.TrySetResult();
            return stuck.Task;
        };
        var first = PostAsync("hola");
        await entered.Task;
        await ExpectAsync(await PostAsync("hola"), 409, "idempotency-key-in-flight");

        // The first one is taken for dead; its transaction still holds the note's id until it ends.
        clock.Advance(TimeSpan.FromSeconds(61));
        service.Trouble = null;
        var heir = PostAsync("hola");
        await Eventually.TrueAsync(async () => await service.QueryAsync(WaitingForLocksAsync) == 1, "the heir waits for the transaction of the first");
        stuck.SetResult();

        var answers = await Task.WhenAll(first, heir);
        Assert.Equal(1, await NotesAsync());
        var final = await PostAsync("hola");
        Assert.Equal(HttpStatusCode.Created, final.StatusCode);
        Assert.Contains(answers, a => a.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.Created);
        Assert.Equal(1, await NotesAsync());
    }

    private Task<HttpResponseMessage> PostAsync(string text) => service.Client(user, key).PostAsJsonAsync("/notes", new { text });

    private static Task<int> WaitingForLocksAsync(SampleDb db) =>
        db.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").SingleAsync();

    private Task<int> NotesAsync() => service.QueryAsync(db => db.Notes.CountAsync());

    private static async Task ExpectAsync(HttpResponseMessage answer, int status, string slug)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal($"https://son1kvers3.dev/problems/{slug}", (string?)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["type"]);
    }
}
