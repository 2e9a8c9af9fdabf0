using Microsoft.EntityFrameworkCore;

namespace Son1kVers3.ServiceDefaults.Idempotency;

/// <summary>A POST that a client may repeat: who, what, under which key, and how it ended.</summary>
public sealed class IdempotencyKey
{
    public Guid UserId { get; init; }
    public required string Method { get; init; }
    public required string Path { get; init; }
    public required string Key { get; init; }

    /// <summary>SHA-256 of the body.</summary>
    public required byte[] Fingerprint { get; init; }

    /// <summary>The id of the effect: the same for every attempt under this key.</summary>
    public Guid OperationId { get; init; }

    /// <summary>Changes with every attempt, so that an attempt that was given up cannot record its answer.</summary>
    public Guid AttemptId { get; init; }

    /// <summary>Until then the attempt counts as running.</summary>
    public DateTimeOffset LockedUntil { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Status of the stored answer; null while there is none.</summary>
    public int? Status { get; init; }
    public string? ContentType { get; init; }
    public string? Location { get; init; }
    public byte[]? Body { get; init; }
}

/// <summary>Maps idempotency keys into a service's own database.</summary>
public static class IdempotencyTables
{
    /// <summary>Adds the table <c>idempotency_keys</c> to a model.</summary>
    public static ModelBuilder AddIdempotencyTable(this ModelBuilder model)
    {
        model.Entity<IdempotencyKey>(table =>
        {
            table.ToTable("idempotency_keys").HasKey(k => new { k.UserId, k.Method, k.Path, k.Key });
            table.HasIndex(k => k.CreatedAt);
        });
        return model;
    }
}
