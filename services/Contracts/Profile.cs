using System.Text.Json.Serialization;

namespace Son1kVers3.Contracts;

/// <summary>
/// An account exists. <c>Sequence</c> counts the changes of the account.
/// Published by profile; consumed by billing, pool, profile.
/// </summary>
public sealed record UserRegistered : Event
{
    public required Guid UserId { get; init; }
    public required string Username { get; init; }
    public required string Email { get; init; }
    public string? DisplayName { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}

/// <summary>
/// An account is gone; what others hold of it is to be removed or made anonymous.
/// Published by profile; consumed by billing, generation, pool.
/// </summary>
/// <remarks>
/// Name, address, words and prompts go everywhere. What must still add up, or belongs to others by now, stays under the bare id, which
/// leads to nobody once profile's account is gone: the ledger (billing gives it another id besides, and keeps invoices), contributed tracks
/// with the artist <c>deleted</c>, and tombstones, by which each consumer knows that the member is gone: no event that comes later, however
/// late, brings anything of them back.
/// </remarks>
public sealed record UserDeleted : Event
{
    public required Guid UserId { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}

/// <summary>The public side of an account changed; carries all of it. Published by profile; consumed by pool.</summary>
public sealed record ProfileUpdated : Event
{
    public required Guid UserId { get; init; }
    public required string Username { get; init; }
    public string? DisplayName { get; init; }
    public string? AvatarUrl { get; init; }
    public string? Bio { get; init; }
    public IReadOnlyList<string> Links { get; init; } = [];
    public Tier Tier { get; init; }
    public AlvaeLevel? Alvae { get; init; }

    /// <summary>For example <c>ALVAE-042</c>.</summary>
    public string? AlvaeId { get; init; }

    /// <summary>The colour of the badge's border, <c>#RRGGBB</c>.</summary>
    public string? Border { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}

/// <summary>A member holds an ALVAE badge from now on. Published by profile; consumed by billing, pool.</summary>
public sealed record AlvaeGranted : Event
{
    public required Guid UserId { get; init; }

    /// <summary>For example <c>ALVAE-042</c>; never reused.</summary>
    public required string AlvaeId { get; init; }
    public required AlvaeLevel Level { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}

/// <summary>A member no longer holds the badge. Published by profile; consumed by billing, pool.</summary>
public sealed record AlvaeRevoked : Event
{
    public required Guid UserId { get; init; }
    public required string AlvaeId { get; init; }
    public required AlvaeLevel Level { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}

/// <summary>A member asked for everything of theirs: each service publishes its part. Published by profile; consumed by billing, generation, pool, profile.</summary>
public sealed record ExportRequested : Event
{
    public required Guid ExportId { get; init; }
    public required Guid UserId { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => ExportId;
}

/// <summary>
/// A piece of what one service holds of a member, for the export that generation writes; at most 256 kB.
/// Published by billing, pool, profile; consumed by generation, profile.
/// </summary>
public sealed record ExportPart
{
    public required Guid ExportId { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>Whose part it is, for example <c>billing</c>.</summary>
    public required string Service { get; init; }

    /// <summary>Counts from 0.</summary>
    public required int Index { get; init; }

    /// <summary>True for the service's last piece.</summary>
    public required bool Last { get; init; }

    /// <summary>A JSON array of what is in this piece.</summary>
    public required string Json { get; init; }
}
