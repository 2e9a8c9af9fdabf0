using System.Diagnostics;
using Son1kVers3.Testing;

namespace Son1kVers3.AppHost.Tests;

/// <summary>The tool that writes migrations works from a fresh clone: without servers, settings or secrets.</summary>
[Trait("Category", "Integration")]
public sealed class MigrationTests
{
    [Theory]
    [InlineData("Billing")]
    [InlineData("Generation")]
    [InlineData("Pool")]
    [InlineData("Profile")]
    [InlineData("Stealth")]
    public async Task Migrations_OfAService_SayWhatItsModelSays(string service)
    {
        await RunAsync("tool", "restore");

        var (code, output) = await RunAsync("ef", "migrations", "has-pending-model-changes", "-p", $"services/{service}", "--no-build");

        Assert.True(code == 0, output);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = TestRun.RepositoryRoot,
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
