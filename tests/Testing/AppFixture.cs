using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Son1kVers3.Testing;

/// <summary>The whole application for end-to-end tests: AppHost's own model on free ports, with its data in a temporary folder.</summary>
/// <remarks>
/// Take it as a collection fixture, so that one application serves all tests of a project; derive to change <see cref="Settings"/>.
/// With <c>TEST_APP</c> set to the public origin of an application that runs already, that one is used and left alone.
/// </remarks>
/// <param name="appHost">A type of AppHost's assembly (<c>Projects.AppHost</c>): the test project refers to it, so that everything is built.</param>
public abstract class AppFixture(Type appHost) : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(1);

    private readonly RecentLines _output = new();
    private DistributedApplication? _app;
    private RunningResources? _resources;
    private Uri? _gateway;

    /// <summary>Environment variables for AppHost, for instance <c>RATE_LIMIT_SCALE</c>, <c>FOUNDER_EMAIL</c> or <c>Replicas__generation</c>.</summary>
    public virtual IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string> { ["RATE_LIMIT_SCALE"] = "1000" };

    /// <summary>The public origin.</summary>
    public Uri GatewayUrl => _gateway ?? throw new InvalidOperationException("The application does not run yet.");

    /// <summary>What AppHost and everything under it has written, the last 2000 lines.</summary>
    public string Output => _output.ToString();

    /// <summary>Secrets and the servers' data.</summary>
    public string DataFolder { get; private set; } = string.Empty;

    private RunningResources Resources => _resources ?? throw OfOthers();

    /// <summary>A client of the public origin.</summary>
    public HttpClient CreateClient() => new() { BaseAddress = GatewayUrl, Timeout = TimeSpan.FromSeconds(100) };

    /// <inheritdoc/>
    public virtual async Task InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("TEST_APP") is { Length: > 0 } running)
        {
            _gateway = new Uri(running);
            return;
        }

        await TestRun.TakeTurnAsync();
        DataFolder = TestRun.CreateFolder("app");
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        SetEnvironment(port);

        // Fixed ports stay as they are: links, mails and webhooks name the gateway's.
        var builder = await DistributedApplicationTestingBuilder.CreateAsync(appHost, ["--yes=true", "--DcpPublisher:RandomizePorts=false"]);
        builder.Services.AddLogging(logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddProvider(_output));
        _app = await builder.BuildAsync();
        using var limit = new CancellationTokenSource(StartLimit);
        try
        {
            await _app.StartAsync(limit.Token);
            await _app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", limit.Token);
            await _app.ResourceNotifications.WaitForResourceHealthyAsync("generation-workers", limit.Token);
        }
        catch (Exception exception)
        {
            await DisposeAsync();
            throw new InvalidOperationException($"The application did not start. It wrote:\n{Output}", exception);
        }

        _resources = new RunningResources(_app);
        _gateway = new Uri($"http://localhost:{port}");
    }

    /// <inheritdoc/>
    public virtual async Task DisposeAsync()
    {
        if (_app is null)
            return;
        if (_resources is not null)
            await _resources.DisposeAsync();
        await _app.DisposeAsync().AsTask().WaitAsync(StopLimit);
        await TestRun.DeleteFolderAsync(DataFolder);
    }

    /// <summary>Opens a service's own address, past the gateway.</summary>
    public HttpClient CreateServiceClient(string service) => (_app ?? throw OfOthers()).CreateHttpClient(service, "http");

    /// <summary>The connection string of a database, such as <c>profiledb</c>.</summary>
    public async Task<string> GetDatabaseAsync(string name) =>
        await (_app ?? throw OfOthers()).GetConnectionStringAsync(name) ?? throw new InvalidOperationException($"There is no database {name}.");

    /// <summary>The process ids of a resource, one for each replica that runs.</summary>
    public IReadOnlyList<int> GetPids(string resource) => Resources.Pids(resource);

    /// <summary><c>kill -9</c> for the processes of a resource; AppHost starts them again.</summary>
    public Task KillAsync(string name) => Resources.KillAsync(name);

    /// <summary>Stops a resource in order, and leaves it stopped until <see cref="StartResourceAsync"/>.</summary>
    public Task StopResourceAsync(string name) => Resources.StopAsync(name);

    /// <summary>Starts a stopped resource, and returns when it is healthy.</summary>
    public Task StartResourceAsync(string name) => Resources.StartAsync(name);

    /// <summary>Stops a resource in order and starts it again.</summary>
    public async Task RestartResourceAsync(string name)
    {
        await StopResourceAsync(name);
        await StartResourceAsync(name);
    }

    /// <summary>Presses a button of the dashboard, and returns whether it worked and what it answered.</summary>
    public Task<(bool Success, string Answer)> PressAsync(string name, string command, params (string Name, string Value)[] arguments) =>
        Resources.PressAsync(name, command, arguments);

    /// <summary>Returns when every process of a resource runs and is healthy.</summary>
    public Task WaitUntilHealthyAsync(string name) => Resources.WaitUntilHealthyAsync(name);

    private static InvalidOperationException OfOthers() => new("The application of TEST_APP belongs to others.");

    // The environment, not the command line: services inherit what AppHost does not name, such as Studio__Ffmpeg.
    private void SetEnvironment(string port)
    {
        var environment = new Dictionary<string, string?>
        {
            ["SON1K_DATA"] = DataFolder,
            ["GATEWAY_PORT"] = port,
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = null,
            ["PUBLIC_URL"] = null,
            ["STRIPE_SECRET_KEY"] = null,
            ["FOUNDER_EMAIL"] = null,
        };
        foreach (var (name, value) in Settings)
            environment[name] = value;
        foreach (var (name, value) in environment)
            Environment.SetEnvironmentVariable(name, value);
    }
}
