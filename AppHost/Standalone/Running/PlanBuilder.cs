using System.Globalization;
using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Son1kVers3.Standalone.Processes;
using Son1kVers3.Standalone.Servers;

namespace Son1kVers3.Standalone.Running;

/// <summary>Turns the application model into processes.</summary>
internal sealed class PlanBuilder(DistributedApplicationBuilder model)
{
    private static readonly HttpClient Health = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(30) }) { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>A unit for each process, in the order of the model.</summary>
    public IReadOnlyList<UnitPlan> Build() => [.. model.Resources.SelectMany(Plan)];

    private IEnumerable<UnitPlan> Plan(IResource resource) => resource switch
    {
        PostgresServerResource postgres => [Plan(postgres)],
        RedisResource redis => [Plan(redis, new RedisServer(FolderOf(redis), redis.PrimaryEndpoint.Port, redis.PasswordParameter.Resolve()), redis.PrimaryEndpoint)],
        RabbitMQServerResource rabbit => Plan(rabbit),
        ProjectResource project => PlanReplicas(project, replica => DescribeProject(project, replica)),
        ExecutableResource executable => PlanReplicas(executable, replica =>
            new ProcessSpec(NameOf(executable, replica), executable.Command, [.. executable.Arguments]) { WorkingDirectory = executable.WorkingDirectory }),
        _ => [],
    };

    private UnitPlan Plan(PostgresServerResource postgres)
    {
        var server = new PostgresServer(FolderOf(postgres), postgres.PrimaryEndpoint.Port, postgres.UserName, postgres.PasswordParameter.Resolve());
        return Plan(postgres, server, postgres.PrimaryEndpoint) with
        {
            WhenReady = async cancellationToken =>
            {
                foreach (var database in postgres.Databases.Values)
                {
                    await server.EnsureDatabaseAsync(database, cancellationToken);
                }
            },
        };
    }

    private UnitPlan[] Plan(RabbitMQServerResource rabbit)
    {
        var epmd = new EpmdServer(FreePort.Next());
        var server = new RabbitServer(FolderOf(rabbit), rabbit.PrimaryEndpoint.Port, FreePort.Next(), epmd.Port, rabbit.UserName, rabbit.PasswordParameter.Resolve());
        var mapper = Plan(rabbit, epmd, null) with { Name = $"{rabbit.Name}-epmd", Resource = $"{rabbit.Name}-epmd" };
        return [mapper, Plan(rabbit, server, rabbit.PrimaryEndpoint) with { WaitsFor = [.. WaitsOf(rabbit), mapper.Resource] }];
    }

    private static UnitPlan Plan(IResource resource, IServer server, EndpointReference? endpoint) => new(
        resource.Name,
        resource.Name,
        WaitsOf(resource),
        async (log, cancellationToken) =>
        {
            await server.PrepareAsync(log, cancellationToken);
            return server.CreateSpec();
        },
        server.IsReadyAsync)
    {
        Url = endpoint?.Url,
        StopGrace = server.StopGrace,
        IsWatched = server is not (RabbitServer or EpmdServer),
    };

    private IEnumerable<UnitPlan> PlanReplicas<T>(T resource, Func<int, ProcessSpec> describe)
        where T : IResourceWithEndpoints
    {
        for (var number = 0; number < resource.Replicas(); number++)
        {
            var replica = number;
            yield return new UnitPlan(
                NameOf(resource, replica),
                resource.Name,
                WaitsOf(resource),
                async (_, cancellationToken) => describe(replica) with { Environment = await ResolveEnvironmentAsync(resource, replica, cancellationToken) },
                CreateHealthCheck(resource, replica))
            {
                Uses = [.. resource.Annotations.OfType<ReferenceAnnotation>().Select(reference => NameOfServer(reference.Resource))],
                Url = resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault()?.UrlOf(replica),
            };
        }
    }

    private ProcessSpec DescribeProject(ProjectResource project, int replica)
    {
        var projectPath = project.Annotations.OfType<ProjectAnnotation>().Last().Metadata.ProjectPath;
        var folder = Path.GetDirectoryName(projectPath)!;
        var configuration = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";
        var assembly = Path.Combine(folder, "bin", configuration, "net10.0", $"Son1kVers3.{Path.GetFileNameWithoutExtension(projectPath)}.dll");
        if (!File.Exists(assembly))
        {
            throw new FileNotFoundException($"{assembly} is not there: build the solution first.");
        }

        return new ProcessSpec(NameOf(project, replica), Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", assembly) { WorkingDirectory = folder };
    }

    private async Task<IReadOnlyDictionary<string, string?>> ResolveEnvironmentAsync(IResource resource, int replica, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(model.ExecutionContext, resource);
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToArray();
        var urls = endpoints.Select(endpoint => string.Create(CultureInfo.InvariantCulture, $"http://{endpoint.BindAddress}:{endpoint.PortOf(replica)}"));
        context.EnvironmentVariables["ASPNETCORE_URLS"] = string.Join(';', urls);
        context.EnvironmentVariables["ASPNETCORE_ENVIRONMENT"] = model.Environment.EnvironmentName;
        context.EnvironmentVariables["DOTNET_ENVIRONMENT"] = model.Environment.EnvironmentName;
        context.EnvironmentVariables["OTEL_SERVICE_NAME"] = resource.Name;
        context.EnvironmentVariables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={NameOf(resource, replica)}";

        // Many processes share this machine: the server collector would reserve memory for each core in each of them.
        context.EnvironmentVariables["DOTNET_gcServer"] = "0";
        foreach (var endpoint in endpoints.Where(endpoint => endpoint.EnvironmentVariable is not null))
        {
            context.EnvironmentVariables[endpoint.EnvironmentVariable!] = endpoint.PortOf(replica).ToString(CultureInfo.InvariantCulture);
        }

        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        // The launcher's own secrets and its launch profile are not for everybody.
        var environment = new Dictionary<string, string?>
        {
            ["STRIPE_SECRET_KEY"] = null,
            ["STRIPE_WEBHOOK_SECRET"] = null,
            ["DOTNET_LAUNCH_PROFILE"] = null,
            ["SON1K_DATA"] = null,
        };
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            environment[name] = value is IValueProvider provider ? await provider.GetValueAsync(cancellationToken) : value.ToString();
        }

        return environment;
    }

    private static Func<CancellationToken, Task<bool>>? CreateHealthCheck(IResource resource, int replica)
    {
        if (resource.Annotations.OfType<HttpHealthCheckAnnotation>().LastOrDefault() is not { } check)
        {
            return null;
        }

        var endpoint = resource.Annotations.OfType<EndpointAnnotation>().First(endpoint => check.EndpointName is null || endpoint.Name == check.EndpointName);
        var address = new Uri(new Uri(endpoint.UrlOf(replica)), check.Path);
        return async cancellationToken =>
        {
            try
            {
                using var response = await Health.GetAsync(address, cancellationToken);
                return (int)response.StatusCode == check.StatusCode;
            }
            catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                return false;
            }
        };
    }

    private string FolderOf(IResource resource) => Path.Combine(model.Folder, resource.Name);

    private static string NameOf(IResource resource, int replica) =>
        resource.Replicas() == 1 ? resource.Name : string.Create(CultureInfo.InvariantCulture, $"{resource.Name}-{replica}");

    private static string[] WaitsOf(IResource resource) =>
        [.. resource.Annotations.OfType<WaitAnnotation>().Select(wait => NameOfServer(wait.Resource)).Distinct()];

    private static string NameOfServer(IResource resource) => resource is IResourceWithParent child ? child.Parent.Name : resource.Name;
}
