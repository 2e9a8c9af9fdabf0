using System.Diagnostics;

namespace Son1kVers3.Stripe.Sandbox.Tests;

/// <summary>A second, independent client: Stripe's own for Node goes through the sandbox (<c>tests/Stripe.Sandbox/node</c>).</summary>
[Trait("Category", "Integration")]
public class NodeClientTests
{
    /// <summary>Runs where Node is; elsewhere the test says that it was skipped.</summary>
    private sealed class NodeFactAttribute : FactAttribute
    {
        public NodeFactAttribute()
        {
            var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
            if (!Array.Exists(folders, folder => File.Exists(Path.Combine(folder, "npm"))))
                Skip = "Node and npm are not on the path.";
        }
    }

    [NodeFact]
    public async Task OfficialClient_GoesThroughEveryCall()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var folder = Path.Combine(AppContext.BaseDirectory, "node");
        await RunAsync(folder, "npm", "ci", "--no-audit", "--no-fund");

        var output = await RunAsync(folder, "node", "check.mjs", sandbox.Http.BaseAddress!.ToString(), SandboxHost.Key);

        Assert.Contains("calls of stripe 23.1.0 (API 2026-10-28.endive) answered as expected", output, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{await output}\n{await error}");
        return await output;
    }
}
