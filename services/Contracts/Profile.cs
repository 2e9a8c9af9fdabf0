using System.Text.Json.Serialization;

namespace Son1kVers3.Contracts;

/// <summary>An account exists. <c>Sequence</c> counts the changes of the account.</summary>
public sealed record UserRegistered : Event
{
    public required Guid UserId { get; init; }
    public required string Username { get; init; }
    public required string Email { get; init; }
    public string? DisplayName { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}

/// <summary>An account is gone; what others hold of it is to be removed or made anonymous.</summary>
public sealed record UserDeleted : Event
{
    public required Guid UserId { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}

/// <summary>The public side of an account changed.</summary>
public sealed record ProfileUpdated : Event
{
    public required Guid UserId { get; init; }
    public required string Username { get; init; }
    public string? DisplayName { get; init; }
    public string? AvatarUrl { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}

/// <summary>A member holds an ALVAE badge from now on.</summary>
public sealed record AlvaeGranted : Event
{
    public required Guid UserId { get; init; }

    /// <summary>For example <c>ALVAE-042</c>; never reused.</summary>
    public required string AlvaeId { get; init; }
    public required AlvaeLevel Level { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}

/// <summary>A member no longer holds the badge.</summary>
public sealed record AlvaeRevoked : Event
{
    public required Guid UserId { get; init; }
    public required string AlvaeId { get; init; }
    public required AlvaeLevel Level { get; init; }
    [JsonIgnore]
    public override Guid AggregateId => UserId;
}
