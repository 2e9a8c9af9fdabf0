using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql;
using NpgsqlTypes;

namespace Son1kVers3.Billing.Stripe;

/// <summary>A POST that was meant: written before its first attempt, so that a new process repeats it under the same key.</summary>
public sealed class StripeCall
{
    /// <summary>Our operation's id and the step in it.</summary>
    public required string Operation { get; init; }
    public required string Path { get; init; }

    /// <summary>As first meant: a repetition with other parameters would be refused.</summary>
    public required string Form { get; init; }

    /// <summary>Counts the keys that ended in a fault of Stripe's, which Stripe would replay.</summary>
    public int Attempt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public string? Answer { get; init; }
}

internal sealed class StripeCallTable : IEntityTypeConfiguration<StripeCall>
{
    public void Configure(EntityTypeBuilder<StripeCall> table)
    {
        table.ToTable("stripe_calls").HasKey(c => c.Operation);
        table.Property(c => c.Answer).HasColumnType("jsonb");
        table.HasIndex(c => c.CreatedAt);
    }
}

/// <summary>Sends POSTs at most once in effect.</summary>
/// <remarks>
/// The key is the operation plus a counter. Silence keeps the key: the effect is unknown, and Stripe replays the answer to a repetition. An error of Stripe's side is kept and replayed
/// by Stripe too, so it ends the key and the next try takes another one; callers look at Stripe's state before they act, so that an effect behind such an error is found.
/// An answer is kept here: Stripe forgets keys after a day, we don't.
/// </remarks>
public sealed class StripeCalls(IStripe stripe, NpgsqlDataSource database, TimeProvider clock)
{
    private const string Mean =
        """
        INSERT INTO stripe_calls AS c (operation, path, form, attempt, created_at) VALUES ($1, $2, $3, 0, $4)
        ON CONFLICT (operation) DO UPDATE SET path = c.path RETURNING path, form, attempt, answer
        """;

    /// <summary>Reads from Stripe.</summary>
    public Task<JsonElement> GetAsync(string path, StripeForm form, CancellationToken cancellationToken) =>
        stripe.SendAsync(HttpMethod.Get, path, form, null, cancellationToken);

    /// <summary>Every element of a list, page by page.</summary>
    public async Task<List<JsonElement>> ListAsync(string path, StripeForm form, CancellationToken cancellationToken)
    {
        var all = new List<JsonElement>();
        while (true)
        {
            StripeForm query = [.. form];
            query.Add("limit", 100);
            if (all.Count > 0)
                query.Add("starting_after", all[^1].Text("id"));
            var page = await GetAsync(path, query, cancellationToken);
            all.AddRange(page.Items());
            if (!page.Flag("has_more"))
                return all;
        }
    }

    /// <summary>Posts <paramref name="form"/> as one step of an operation of ours; a repetition returns the first answer.</summary>
    public async Task<JsonElement> PostAsync(string operation, string path, StripeForm form, CancellationToken cancellationToken)
    {
        var call = await MeanAsync(operation, path, form, cancellationToken);
        if (call.Answer is { } answered)
            return answered;
        try
        {
            var answer = await stripe.SendAsync(HttpMethod.Post, call.Path, call.Form, $"{operation}/{call.Attempt}", cancellationToken);
            await AnswerAsync(operation, answer, cancellationToken);
            return answer;
        }
        catch (StripeRefusal)
        {
            await EndKeyAsync(operation, call.Attempt, cancellationToken);
            throw;
        }
    }

    private async Task<(string Path, StripeForm Form, int Attempt, JsonElement? Answer)> MeanAsync(
        string operation, string path, StripeForm form, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Mean);
        command.Parameters.AddWithValue(operation);
        command.Parameters.AddWithValue(path);
        command.Parameters.AddWithValue(JsonSerializer.Serialize(form.Select(f => new[] { f.Key, f.Value })));
        command.Parameters.AddWithValue(clock.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        StripeForm meant = [];
        foreach (var field in JsonSerializer.Deserialize<string[][]>(reader.GetString(1))!)
            meant.Add(field[0], field[1]);
        JsonElement? answer = reader.IsDBNull(3) ? null : JsonSerializer.Deserialize<JsonElement>(reader.GetString(3));
        return (reader.GetString(0), meant, reader.GetInt32(2), answer);
    }

    private async Task AnswerAsync(string operation, JsonElement answer, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("UPDATE stripe_calls SET answer = $2, answered_at = $3 WHERE operation = $1");
        command.Parameters.AddWithValue(operation);
        command.Parameters.Add(new NpgsqlParameter { Value = answer.GetRawText(), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.AddWithValue(clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Stripe's answer ended this key; the next try takes the next one.</summary>
    private async Task EndKeyAsync(string operation, int attempt, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("UPDATE stripe_calls SET attempt = attempt + 1 WHERE operation = $1 AND attempt = $2 AND answer IS NULL");
        command.Parameters.AddWithValue(operation);
        command.Parameters.AddWithValue(attempt);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
