using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Son1kVers3.Testing;

namespace Son1kVers3.ServiceDefaults.Tests;

/// <summary>The description follows from the handlers' signatures.</summary>
[Collection(SampleCollection.Name)]
[Trait("Category", "Integration")]
public sealed class DescriptionTests(SampleFixture sample) : IAsyncLifetime
{
    private JsonNode document = null!;

    public async Task InitializeAsync()
    {
        using var client = new HttpClient();
        document = (await client.GetFromJsonAsync<JsonNode>(new Uri(sample.Service.Address, "/openapi/v1.json")))!;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Operations_CalledWithWrongInput_AnswerAsDescribed()
    {
        using var anonymous = new HttpClient { BaseAddress = sample.Service.Address };
        var findings = await DescribedAnswers.FindUndescribedAsync(anonymous, sample.Service.Client(Guid.CreateVersion7()));
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [Theory]
    [InlineData("/notes", "post", "201 400 401 409 413 415 422")]
    [InlineData("/notes/{id}", "post", "204 400 401 404 409 413 415")]
    [InlineData("/notes/{id}/print", "post", "200 202 400 401 404 409 413 422")]
    [InlineData("/notes", "get", "200 400 401")]
    [InlineData("/notes/{id}/text", "get", "200 206 304 400 401 404 412 416 503")]
    [InlineData("/notes/events", "get", "200 400 401")]
    public void Statuses_AreThoseOfTheResultsAndOfTheMake(string path, string method, string statuses) =>
        Assert.Equal(statuses, string.Join(' ', Operation(path, method)["responses"]!.AsObject().Select(r => r.Key).Order()));

    [Fact]
    public void NameSummaryAndDescription_AreTheHandlersAttributes()
    {
        var operation = Operation("/notes", "post");

        Assert.Equal("AddNote", (string?)operation["operationId"]);
        Assert.Equal("Write a note", (string?)operation["summary"]);
        Assert.Equal("Everybody hears of it.", (string?)operation["description"]);
    }

    [Theory]
    [InlineData("/notes", "201")]
    [InlineData("/notes/{id}/print", "202")]
    public void WhatWasMadeOrAccepted_HasABodyAndALocation(string path, string status)
    {
        var response = Operation(path, "post")["responses"]![status]!;

        Assert.Equal("#/components/schemas/NoteView", (string?)response["content"]!["application/json"]!["schema"]!["$ref"]);
        Assert.NotNull(response["headers"]!["Location"]);
    }

    [Fact]
    public void Page_DescribesItsItems()
    {
        var page = document["components"]!["schemas"]!["PageOfNoteView"]!["properties"]!;

        Assert.Equal("#/components/schemas/NoteView", (string?)page["items"]!["items"]!["$ref"]);
        Assert.Equal(["null", "string"], page["nextCursor"]!["type"]!.AsArray().Select(t => (string?)t).Order());
        Assert.Equal(["LoudnessMin", "On", "Sung", "Text", "cursor", "limit", "similarTo"], Parameters("/notes", "get"));
    }

    [Fact]
    public void File_HasItsMediaTypeWholeAndInPart()
    {
        var responses = Operation("/notes/{id}/text", "get")["responses"]!;

        Assert.Equal(["text/plain"], responses["200"]!["content"]!.AsObject().Select(c => c.Key));
        Assert.Equal(["text/plain"], responses["206"]!["content"]!.AsObject().Select(c => c.Key));
        Assert.Null(responses["304"]!["content"]);
    }

    [Fact]
    public void EventStream_HasItsMediaTypeAndTheIdToGoOnFrom()
    {
        Assert.Equal(["text/event-stream"], Operation("/notes/events", "get")["responses"]!["200"]!["content"]!.AsObject().Select(c => c.Key));
        Assert.Equal(["Last-Event-ID"], Parameters("/notes/events", "get"));
    }

    [Fact]
    public void Refusals_AreProblems() =>
        Assert.All(
            Operation("/notes", "post")["responses"]!.AsObject().Where(r => r.Key[0] == '4'),
            refusal => Assert.Equal("#/components/schemas/ProblemDetails", (string?)refusal.Value!["content"]!["application/problem+json"]!["schema"]!["$ref"]));

    private JsonNode Operation(string path, string method) => document["paths"]![path]![method]!;

    private IEnumerable<string?> Parameters(string path, string method) => Operation(path, method)["parameters"]!.AsArray().Select(p => (string?)p!["name"]).Order();
}
