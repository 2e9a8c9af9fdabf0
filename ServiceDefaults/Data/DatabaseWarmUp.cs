using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Son1kVers3.ServiceDefaults.Health;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.ServiceDefaults.Data;

/// <summary>Opens connections, builds the model, and writes a row that is rolled back: what the first <c>SaveChanges</c> would cost.</summary>
internal sealed class DatabaseWarmUp<TContext>(NpgsqlDataSource database, IServiceScopeFactory scopes) : IWarmUp
    where TContext : DbContext
{
    private const int Connections = 8;

    public async Task WarmAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => OpenAsync(cancellationToken)));
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TContext>();
        if (db.Model.FindEntityType(typeof(OutboxMessage)) is null)
            return;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Add(new OutboxMessage { Id = Guid.CreateVersion7(), Type = nameof(DatabaseWarmUp<>), Payload = "{}" });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT 1");
        await command.ExecuteScalarAsync(cancellationToken);
    }
}
