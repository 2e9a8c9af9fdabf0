using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Son1kVers3.Contracts;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>Hands over what a service holds of a member, in messages of a size that the broker carries easily.</summary>
public sealed class ExportParts(DbContext db, Outbox outbox, ServiceName service)
{
    /// <summary>A message has 256 kB, its envelope included.</summary>
    private const int MostBytes = 240_000;

    /// <summary>Publishes at least one part, maybe empty; the last one says that it is.</summary>
    /// <param name="request">Whose data, and for which export.</param>
    /// <param name="queries">Each selects one JSON object a row, as text, of the member <c>$1</c>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task PublishAsync(ExportRequested request, IEnumerable<string> queries, CancellationToken cancellationToken)
    {
        var (index, bytes, items) = (0, 0, new List<string>());
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        foreach (var query in queries)
        {
            await using var command = new NpgsqlCommand(query, connection) { Parameters = { new() { Value = request.UserId } } };
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                var item = row.GetString(0);
                // As a string within the message each quote takes six bytes.
                var size = JsonEncodedText.Encode(item).EncodedUtf8Bytes.Length + 1;
                if (items.Count > 0 && bytes + size > MostBytes)
                {
                    Publish(last: false);
                    (bytes, items) = (0, []);
                }

                items.Add(item);
                bytes += size;
            }
        }

        Publish(last: true);

        void Publish(bool last) => outbox.Publish(new ExportPart
        {
            ExportId = request.ExportId,
            UserId = request.UserId,
            Service = service.Name,
            Index = index++,
            Last = last,
            Json = $"[{string.Join(',', items)}]",
        });
    }
}

/// <summary>The name of the running service, as its queues bear it.</summary>
public sealed record ServiceName(string Name);
