namespace Son1kVers3.Testing;

/// <summary>Which servers a <see cref="ServerSet"/> has.</summary>
[Flags]
public enum ServerKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>PostgreSQL.</summary>
    Postgres = 1,

    /// <summary>Redis.</summary>
    Redis = 2,

    /// <summary>RabbitMQ.</summary>
    RabbitMq = 4,

    /// <summary>What the platform uses.</summary>
    All = Postgres | Redis | RabbitMq,
}
