using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using FluentValidation;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Auth;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.ServiceDefaults.OpenApi;
using Son1kVers3.ServiceDefaults.Paging;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Streams;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Testing;
using Event = Son1kVers3.Contracts.Event;

namespace Son1kVers3.ServiceDefaults.Tests;

/// <summary>A smallest service: notes are posted, each publishes an event, and events of others are noted too.</summary>
internal sealed class SampleService : IAsyncDisposable
{
    private WebApplication app = null!;

    public required TokenIssuer Tokens { get; init; }

    public required string Database { get; init; }

    public required string Messaging { get; init; }

    public Uri Address => new(app.Urls.Single());

    /// <summary>What the next POST does instead of succeeding.</summary>
    public Func<Task>? Trouble { get; set; }

    /// <summary>What the event stream tells, after an id.</summary>
    public Func<long?, IAsyncEnumerable<ServerSentEvent>> Events { get; set; } = _ => AsyncEnumerable.Empty<ServerSentEvent>();

    /// <summary>Users that cannot be noted for now.</summary>
    public ConcurrentDictionary<string, int> Sick { get; } = [];

    /// <summary>Opens <c>/internal</c>.</summary>
    public const string Credential = "sample-credential";

    public IServiceProvider Services => app.Services;

    public static async Task<SampleService> StartAsync(TimeProvider? clock = null, SampleService? beside = null, string? messaging = null)
    {
        var servers = await ServerSet.GetAsync();
        var service = new SampleService
        {
            Tokens = beside?.Tokens ?? await TokenIssuer.StartAsync(),
            Database = beside?.Database ?? await servers.CreateDatabaseAsync("sample"),
            Messaging = messaging ?? beside?.Messaging ?? await servers.CreateVirtualHostAsync(),
        };
        service.app = service.Build(clock);
        await service.app.StartAsync();
        await Eventually.TrueAsync(async () => (await new HttpClient().GetAsync(new Uri(service.Address, "/health"))).IsSuccessStatusCode, "the sample is healthy");
        return service;
    }

    public HttpClient Client(Guid user, string? key = null)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Tokens.Issue(user));
        if (key is not null)
            client.DefaultRequestHeaders.Add("Idempotency-Key", key);
        return client;
    }

    public async Task<T> QueryAsync<T>(Func<SampleDb, Task<T>> query)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<SampleDb>());
    }

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private WebApplication Build(TimeProvider? clock)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(SampleService).Assembly.GetName().Name });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Configuration["ConnectionStrings:sampledb"] = Database;
        builder.Configuration["ConnectionStrings:messaging"] = Messaging;
        builder.Configuration["services:profile:http:0"] = Tokens.Address;
        builder.Configuration["Internal:Credential"] = Credential;
        if (clock is not null)
            builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(this);
        builder.AddServiceDefaults("sample");
        builder.AddServiceDatabase<SampleDb>("sampledb");
        builder.AddIdempotency();
        builder.AddLeases();
        builder.AddMessaging("sample", messaging => messaging
            .Ask<MayDelete>(TimeSpan.FromSeconds(2))
            .On<UserRegistered, NoteUser>()
            .On<ProfileUpdated, NoteProfile>(latestOnly: true));
        var built = builder.Build();
        built.UseServiceDefaults();
        var notes = built.MapGroup("/notes").RequireAuthorization();
        notes.MapPost("", PostAsync).WithIdempotency();
        notes.MapPost("/parts", PlayAsync);
        notes.MapPost("/{id:guid}", RenameAsync).Refuses(409);
        notes.MapPost("/{id:guid}/print", PrintAsync).WithIdempotency();
        notes.MapGet("", ListAsync);
        notes.MapGet("/latest", ListAsync);
        notes.MapGet("/{id:guid}/text", Download).ProducesFile<Stream>("text/plain");
        notes.MapGet("/events", Follow);
        notes.MapGet("/may", AskAsync).Refuses(503);
        return built;
    }

    [EndpointName("AddNote"), EndpointSummary("Write a note"), EndpointDescription("Everybody hears of it.")]
    private async Task<Created<NoteView>> PostAsync(Body<NewNote> body, Operation operation, SampleDb db, Outbox outbox)
    {
        var request = await body.ReadAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        db.Add(new Note { Id = operation.Id, Text = request.Text! });
        outbox.Publish(new ProviderUp { ProviderId = operation.Id, Provider = request.Text!, Sequence = 1 });
        await db.SaveChangesAsync();
        if (Trouble is { } trouble)
            await trouble();
        var answer = await operation.RecordAsync(db, TypedResults.Created($"/notes/{operation.Id}", new NoteView(operation.Id, request.Text!)));
        await transaction.CommitAsync();
        return answer;
    }

    private static async Task<NoContent> PlayAsync(Body<NotePart[]> body)
    {
        await body.ReadAsync();
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RenameAsync(Guid id, Body<NewNote> body, SampleDb db)
    {
        if (!await db.Notes.AnyAsync(n => n.Id == id))
            throw Problem.NotFound("note");
        await body.ReadAsync();
        return TypedResults.NoContent();
    }

    private static async Task<Results<Accepted<NoteView>, Ok<NoteView>>> PrintAsync(Guid id, Operation operation, SampleDb db)
    {
        var note = await db.Notes.FindAsync(id) ?? throw Problem.NotFound("note");
        await using var transaction = await db.Database.BeginTransactionAsync();
        var answer = await operation.RecordAsync(db, TypedResults.Accepted($"/notes/{id}/print", new NoteView(note.Id, note.Text)));
        await transaction.CommitAsync();
        return answer;
    }

    private static async Task<Ok<Page<NoteView>>> ListAsync([AsParameters] NoteFilter filter, PageQuery page, SampleDb db)
    {
        var before = page.After<Guid>();
        var rows = await db.Notes.Where(n => (filter.Text == null || n.Text == filter.Text) && (before == null || n.Id < before)).OrderByDescending(n => n.Id).Take(page.Limit + 1).Select(n => new NoteView(n.Id, n.Text)).ToListAsync();
        return TypedResults.Ok(Page<NoteView>.Of(rows, page, n => n.Id));
    }

    private static async Task<Ok<DeletionDecision>> AskAsync(IRequestClient<MayDelete> client)
    {
        try
        {
            return TypedResults.Ok((await client.GetResponse<DeletionDecision>(new MayDelete { GenerationId = Guid.Empty, UserId = Guid.Empty })).Message);
        }
        catch (RequestTimeoutException)
        {
            throw Problem.Unavailable("Nobody answers.", TimeSpan.FromSeconds(2));
        }
    }

    private static FileContentHttpResult Download(Guid id) => TypedResults.File(id.ToByteArray(), "text/plain");

    private ServerSentEvents Follow(LastEventId after) => new(Events(after.Number));
}

internal sealed record NewNote(string? Text, NoteMood? Mood = null, DateTimeOffset? At = null, IReadOnlyList<NotePart>? Parts = null);

[JsonConverter(typeof(NamedEnumConverter<NoteMood>))]
internal enum NoteMood
{
    Calm,
    [JsonStringEnumMemberName("very-loud")] Loud,
}

internal sealed record NotePart(int Bars, NoteMood? Mood);

internal sealed record NoteFilter(string? Text, double? LoudnessMin, [FromQuery(Name = "similarTo")] Guid? Near, DateOnly? On, bool? Sung);

internal sealed record NoteView(Guid Id, string Text);

internal sealed class NewNoteRules : AbstractValidator<NewNote>
{
    public NewNoteRules() => RuleFor(n => n.Text).NotEmpty().Line(20);
}

internal sealed class Note
{
    public Guid Id { get; init; }
    public required string Text { get; init; }
}

internal sealed class NoteUser(SampleDb db, SampleService service) : IHandle<UserRegistered>
{
    public Task<Event[]> HandleAsync(UserRegistered message, CancellationToken cancellationToken)
    {
        if (message.Username == "poison" || service.Sick.ContainsKey(message.Username))
            throw new InvalidOperationException("This one can't be applied.");
        db.Add(new Note { Id = Guid.CreateVersion7(), Text = message.Username });
        return Task.FromResult<Event[]>(message.Username == "herald" ? [new ProviderUp { ProviderId = message.UserId, Provider = message.Username, Sequence = 1 }] : []);
    }
}

internal sealed class NoteProfile(SampleDb db) : IHandle<ProfileUpdated>
{
    public Task<Event[]> HandleAsync(ProfileUpdated message, CancellationToken cancellationToken)
    {
        db.Add(new Note { Id = Guid.CreateVersion7(), Text = $"{message.Username} {message.Sequence}" });
        return Task.FromResult<Event[]>([]);
    }
}

internal sealed class SampleDb(DbContextOptions<SampleDb> options) : DbContext(options)
{
    public DbSet<Note> Notes => Set<Note>();

    // The migration below is written by hand, so there is no model snapshot to compare with.
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessagingTables().AddIdempotencyTable().AddLeaseTable();
}

[DbContext(typeof(SampleDb))]
[Migration("20260101000000_Initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            CREATE TABLE notes (id uuid PRIMARY KEY, text text NOT NULL);
            CREATE TABLE outbox (id uuid PRIMARY KEY, type text NOT NULL, payload jsonb NOT NULL, trace_parent text);
            CREATE TABLE inbox (consumer text, message_id uuid, processed_at timestamptz NOT NULL, PRIMARY KEY (consumer, message_id));
            CREATE TABLE inbox_sequences (consumer text, aggregate_id uuid, sequence bigint NOT NULL, PRIMARY KEY (consumer, aggregate_id));
            CREATE TABLE idempotency_keys (user_id uuid, method text, path text, key text, fingerprint bytea NOT NULL, operation_id uuid NOT NULL,
                attempt_id uuid NOT NULL, locked_until timestamptz NOT NULL, created_at timestamptz NOT NULL, status int, content_type text, location text, body bytea,
                PRIMARY KEY (user_id, method, path, key));
            CREATE SEQUENCE lease_fences;
            CREATE TABLE leases (name text PRIMARY KEY, owner text NOT NULL, fence bigint NOT NULL, until timestamptz NOT NULL);
            """);
    }
}
