using Son1kVers3.Standalone.Running;

namespace Aspire.Hosting;

/// <summary>An application that runs as child processes of this one.</summary>
public sealed class DistributedApplication
{
    private readonly DistributedApplicationBuilder model;

    internal DistributedApplication(DistributedApplicationBuilder model) => this.model = model;

    /// <summary>Begins to describe an application.</summary>
    /// <param name="args">The command line, which is part of the configuration.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>Runs it until it is told to stop; the process' exit code is not 0 when it could not start.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs it until it is told to stop; the process' exit code is not 0 when it could not start.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (!await new LocalRun(model).RunAsync(cancellationToken))
        {
            Environment.ExitCode = 1;
        }
    }
}
