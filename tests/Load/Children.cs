using System.Diagnostics;
using Son1kVers3.Testing;

namespace Son1kVers3.Load;

/// <summary>Programs that a measurement starts beside itself; all of them end with it.</summary>
internal sealed class Children : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private readonly List<Process> _running = [];

    /// <summary>Another command of this program.</summary>
    public Process StartOwn(params string[] arguments) =>
        Start("dotnet", [typeof(Children).Assembly.Location, .. arguments]);

    public Process Start(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        // What nobody reads would stop it once the pipe is full.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _running.Add(process);
        return process;
    }

    /// <summary>Returns once the address answers with a success.</summary>
    public static async Task WaitAsync(string address)
    {
        using var client = new HttpClient();
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if ((await client.GetAsync(address)).IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(begun) < StartTimeout)
            {
                // Not yet.
            }

            if (Stopwatch.GetElapsedTime(begun) > StartTimeout)
                throw new TimeoutException($"{address} does not answer.");
            await Task.Delay(100);
        }
    }

    /// <summary>What a program prints until it ends.</summary>
    public static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }

    public void Dispose()
    {
        foreach (var process in _running)
        {
            if (!process.HasExited)
                ProcessTree.Kill(process.Id);
            process.Dispose();
        }
    }
}
