using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.ServiceDefaults.Idempotency;

/// <summary>The one effect that a POST has, however often it is sent. Handlers take it as a parameter.</summary>
public sealed class Operation
{
    private readonly HttpContext _http;
    private readonly KeyState.Mine? _mine;
    private readonly StoredAnswer? _earlier;

    internal Operation(HttpContext http, Guid id, KeyState.Mine? mine = null, StoredAnswer? earlier = null) =>
        (_http, Id, _mine, _earlier) = (http, id, mine, earlier);

    /// <summary>UUIDv7, the same for each attempt under one idempotency key: use it as the id of what is made.</summary>
    public Guid Id { get; }

    /// <summary>The request came with a key: its answer is kept.</summary>
    public bool HasKey => _mine is not null;

    /// <summary>True once the answer stands in the transaction of the effect.</summary>
    internal bool Recorded { get; private set; }

    /// <summary>
    /// Records the answer in the current transaction of <paramref name="db"/>, and returns it as the handler's result.
    /// Without a key it only returns it.
    /// </summary>
    /// <exception cref="ProblemException">409 when another attempt took over meanwhile; roll back.</exception>
    public async Task<Created<T>> RecordAsync<T>(DbContext db, Created<T> answer)
    {
        await KeepAsync(db, 201, answer.Value, answer.Location);
        return answer;
    }

    /// <inheritdoc cref="RecordAsync{T}(DbContext, Created{T})"/>
    public async Task<Accepted<T>> RecordAsync<T>(DbContext db, Accepted<T> answer)
    {
        await KeepAsync(db, 202, answer.Value, answer.Location);
        return answer;
    }

    /// <inheritdoc cref="RecordAsync{T}(DbContext, Created{T})"/>
    public async Task<Ok<T>> RecordAsync<T>(DbContext db, Ok<T> answer)
    {
        await KeepAsync(db, 200, answer.Value, null);
        return answer;
    }

    /// <inheritdoc cref="RecordAsync{T}(DbContext, Created{T})"/>
    public async Task<NoContent> RecordAsync(DbContext db, NoContent answer)
    {
        await KeepAsync<object>(db, 204, null, null);
        return answer;
    }

    /// <summary>The same for effects that are written without Entity Framework.</summary>
    public async Task<Created<T>> RecordAsync<T>(NpgsqlConnection connection, NpgsqlTransaction transaction, Created<T> answer)
    {
        await KeepAsync(connection, transaction, 201, answer.Value, answer.Location);
        return answer;
    }

    /// <inheritdoc cref="RecordAsync{T}(NpgsqlConnection, NpgsqlTransaction, Created{T})"/>
    public async Task<Accepted<T>> RecordAsync<T>(NpgsqlConnection connection, NpgsqlTransaction transaction, Accepted<T> answer)
    {
        await KeepAsync(connection, transaction, 202, answer.Value, answer.Location);
        return answer;
    }

    /// <inheritdoc cref="RecordAsync{T}(NpgsqlConnection, NpgsqlTransaction, Created{T})"/>
    public async Task<Ok<T>> RecordAsync<T>(NpgsqlConnection connection, NpgsqlTransaction transaction, Ok<T> answer)
    {
        await KeepAsync(connection, transaction, 200, answer.Value, null);
        return answer;
    }

    /// <summary>
    /// Records the answer in the current transaction of <paramref name="db"/>, and returns it as the handler's result.
    /// Without a key this only makes the result.
    /// </summary>
    /// <exception cref="ProblemException">409 when another attempt took over meanwhile; roll back.</exception>
    public async Task<IResult> RecordAsync<T>(DbContext db, int status, T body, string? location = null)
    {
        await KeepAsync(db, status, body, location);
        return new Answer<T>(status, body, location);
    }

    /// <summary>The same for effects that are written without Entity Framework.</summary>
    public async Task<IResult> RecordAsync<T>(NpgsqlConnection connection, NpgsqlTransaction transaction, int status, T body, string? location = null)
    {
        await KeepAsync(connection, transaction, status, body, location);
        return new Answer<T>(status, body, location);
    }

    /// <summary>
    /// Keeps a receipt instead of the answer, for endpoints that render it again (<see cref="IdempotencyExtensions.WithReceipts"/>): what was true once,
    /// such as somebody's name, is not stored for as long as the key is.
    /// </summary>
    /// <exception cref="ProblemException">409 when another attempt took over meanwhile; roll back.</exception>
    public Task KeepReceiptAsync<T>(NpgsqlConnection connection, NpgsqlTransaction transaction, T receipt) =>
        KeepAsync(connection, transaction, 201, receipt, null);

    /// <summary>What an earlier request under this key left by <see cref="KeepReceiptAsync"/>; null when this is the first.</summary>
    public T? Receipt<T>()
        where T : class => _earlier is null ? null : JsonSerializer.Deserialize<T>(_earlier.Body, Json);

    /// <summary>Called by the framework.</summary>
    public static ValueTask<Operation?> BindAsync(HttpContext context) => ValueTask.FromResult<Operation?>(
        context.Features.Get<Operation>()
        ?? new Operation(context, Guid.CreateVersion7(context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow())));

    private JsonSerializerOptions Json => _http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;


    private Task KeepAsync<T>(DbContext db, int status, T? body, string? location)
    {
        if (_mine is null)
            return Task.CompletedTask;
        var transaction = (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction()
            ?? throw new InvalidOperationException("An answer is recorded in the transaction of its effect; begin one first.");
        return KeepAsync((NpgsqlConnection)db.Database.GetDbConnection(), transaction, status, body, location);
    }

    private async Task KeepAsync<T>(NpgsqlConnection connection, NpgsqlTransaction transaction, int status, T? body, string? location)
    {
        if (_mine is not { } mine)
            return;
        var stored = body is null
            ? new StoredAnswer(status, null, location, [])
            : new StoredAnswer(status, "application/json; charset=utf-8", location, JsonSerializer.SerializeToUtf8Bytes(body, Json));
        await using var command = new NpgsqlCommand { Connection = connection, Transaction = transaction };
        if (!await IdempotencyStore.CompleteAsync(command, mine, stored))
            throw Problem.Of(409, "idempotency-key-in-flight", "Another attempt under this Idempotency-Key took over; repeat the request to read its answer.");
        Recorded = true;
    }

    private sealed class Answer<T>(int status, T body, string? location) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            if (location is not null)
                http.Response.Headers.Location = location;
            return TypedResults.Json(body, statusCode: status).ExecuteAsync(http);
        }
    }
}

/// <summary>An answer as it is kept and replayed.</summary>
internal sealed record StoredAnswer(int Status, string? ContentType, string? Location, byte[] Body);
