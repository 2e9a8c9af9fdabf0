using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Tests;

[assembly: HostingStartup(typeof(ToneWorker))]

namespace Son1kVers3.Generation.Tests;

/// <summary>
/// The service in a process of its own with the tests' provider: a worker that can be killed, and takes no time to make a track.
/// </summary>
public sealed class ToneWorker : IHostingStartup
{
    public void Configure(IWebHostBuilder builder) => builder.ConfigureServices((host, services) =>
        services.AddSingleton<IMusicProvider>(new TestProvider(host.Configuration["Test:Tone"]!)));

    public static void Main(string[] args) => typeof(Program).Assembly.EntryPoint!.Invoke(null, [args]);
}
