namespace Aspire.Hosting.ApplicationModel;

/// <summary>A PostgreSQL server.</summary>
/// <param name="name">Unique in the application.</param>
/// <param name="userName">The superuser, <c>postgres</c> by default.</param>
/// <param name="password">The superuser's.</param>
public sealed class PostgresServerResource(string name, ParameterResource? userName, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
{
    private readonly Dictionary<string, string> databases = [];

    /// <summary>The superuser's password.</summary>
    public ParameterResource PasswordParameter { get; set; } = password;

    /// <summary>Resource name → database name.</summary>
    public IReadOnlyDictionary<string, string> Databases => databases;

    /// <summary>Where it listens.</summary>
    public EndpointReference PrimaryEndpoint => new(this, "tcp");

    internal string UserName => userName?.Resolve() ?? "postgres";

    /// <inheritdoc/>
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        new($"Host=127.0.0.1;Port={PrimaryEndpoint.Port};Username={UserName};Password={PasswordParameter.Resolve()}");

    internal void AddDatabase(string resourceName, string databaseName) => databases.Add(resourceName, databaseName);
}

/// <summary>A database of a PostgreSQL server.</summary>
/// <param name="name">Unique in the application.</param>
/// <param name="databaseName">Its name on the server.</param>
/// <param name="postgresParentResource">The server.</param>
public sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
    : Resource(name), IResourceWithParent, IResourceWithConnectionString
{
    /// <summary>Its name on the server.</summary>
    public string DatabaseName => databaseName;

    /// <summary>The server.</summary>
    public PostgresServerResource Parent => postgresParentResource;

    IResource IResourceWithParent.Parent => postgresParentResource;

    /// <inheritdoc/>
    public async ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        $"{await postgresParentResource.GetConnectionStringAsync(cancellationToken)};Database={databaseName}";
}

/// <summary>A Redis server.</summary>
/// <param name="name">Unique in the application.</param>
/// <param name="password">Asked of every client.</param>
public sealed class RedisResource(string name, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
{
    /// <summary>Asked of every client.</summary>
    public ParameterResource PasswordParameter => password;

    /// <summary>Where it listens.</summary>
    public EndpointReference PrimaryEndpoint => new(this, "tcp");

    /// <inheritdoc/>
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        new($"127.0.0.1:{PrimaryEndpoint.Port},password={password.Resolve()}");
}

/// <summary>A RabbitMQ broker.</summary>
/// <param name="name">Unique in the application.</param>
/// <param name="userName">The default user, <c>guest</c> by default.</param>
/// <param name="password">The default user's.</param>
public sealed class RabbitMQServerResource(string name, ParameterResource? userName, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
{
    /// <summary>The default user's password.</summary>
    public ParameterResource PasswordParameter => password;

    /// <summary>Where it listens.</summary>
    public EndpointReference PrimaryEndpoint => new(this, "tcp");

    internal string UserName => userName?.Resolve() ?? "guest";

    /// <inheritdoc/>
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        new($"amqp://{Uri.EscapeDataString(UserName)}:{Uri.EscapeDataString(password.Resolve())}@127.0.0.1:{PrimaryEndpoint.Port}");
}
