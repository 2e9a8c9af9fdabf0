using System.Runtime.Versioning;
using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Studio.Tests.Programs;

[Trait("Category", "Integration")]
[SupportedOSPlatform("linux")]
public sealed class ProgramRunnerTests : IDisposable
{
    private const long Megabyte = 1 << 20;
    private static readonly ProgramLimits Limits = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), 256 * Megabyte, Megabyte);
    private readonly string folder = Directory.CreateTempSubdirectory("son1k-programs-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Run_ThatCrashes_IsToldAsACrash()
    {
        var error = await FailsAsync(Shell("kill -SEGV $$"));
        Assert.Equal((ToolFailure.Crashed, 128 + 11), (error.Failure, error.ExitCode));
    }

    [Fact]
    public async Task Run_ThatRefuses_TellsItsExitCodeAndLastWords()
    {
        var error = await FailsAsync(Shell("echo no such thing >&2; exit 7"));
        Assert.Equal((ToolFailure.Refused, 7), (error.Failure, error.ExitCode));
        Assert.Contains("no such thing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThatHangs_IsStoppedAtItsTime()
    {
        var error = await FailsAsync(Shell("sleep 600") with { Limits = Limits with { Time = TimeSpan.FromMilliseconds(300) } });
        Assert.Equal(ToolFailure.OutOfTime, error.Failure);
    }

    [Fact]
    public async Task Run_ThatComputesForEver_IsStoppedAtItsProcessorTime()
    {
        var error = await FailsAsync(Shell("while :; do :; done") with { Limits = Limits with { CpuTime = TimeSpan.FromSeconds(1) } });
        Assert.Equal(ToolFailure.OutOfTime, error.Failure);
    }

    [Fact]
    public async Task Run_ThatWantsAllMemory_GetsNoMoreThanItMayHave() =>
        // tail keeps a line whole, and this one has no end.
        await FailsAsync(Shell("tail -n 1 /dev/zero") with { Limits = Limits with { MemoryBytes = 64 * Megabyte } });

    [Fact]
    public async Task Run_ThatWritesForEver_GetsNoLargerFileThanItMayHave()
    {
        var path = Path.Combine(folder, "large");
        await FailsAsync(Shell("cat /dev/zero > \"$0\"", ProgramCall.Output) with { Writes = path });
        Assert.InRange(new FileInfo(path).Length, 0, Limits.FileBytes);
    }

    [Fact]
    public async Task Run_Cancelled_LeavesNothingOfTheTree()
    {
        var mark = FormattableString.Invariant($"600.{Environment.ProcessId}");
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(400));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ProgramRunner.RunAsync(Shell($"sleep {mark} & wait"), cancel.Token));

        for (var i = 0; Running(mark) && i < 500; i++)
        {
            await Task.Delay(20);
        }

        Assert.False(Running(mark));
    }

    [Fact]
    public async Task Run_Anything_SeesNothingOfOurEnvironment()
    {
        Environment.SetEnvironmentVariable("SON1K_TEST_SECRET", "hush");
        Assert.DoesNotContain("hush", await OutputAsync(Shell("env")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Anything_HasNoNetworkWhereThatIsAllowed()
    {
        var interfaces = await OutputAsync(Shell("cut -d: -f1 -s /proc/net/dev"));
        Assert.True(!Confinement.Current.HasNoNetwork
            || interfaces.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is ["lo"], interfaces);
    }

    [Fact]
    public async Task Run_AsRoot_IsNobodyAndReadsOnlyWhatItIsGiven()
    {
        var path = Path.Combine(folder, "private");
        await File.WriteAllTextAsync(path, "words");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal("words", await OutputAsync(Shell("cat \"$0\"", ProgramCall.Input) with { Reads = path }));
        if (Confinement.Current.IsOtherUser)
        {
            Assert.Equal("65534", (await OutputAsync(Shell("id -u"))).Trim());
            await FailsAsync(Shell($"cat '{path}'"));
        }
    }

    [Fact]
    public async Task Run_WithAFileToWrite_LeavesItToUs()
    {
        var path = Path.Combine(folder, "written");
        await ProgramRunner.RunAsync(Shell("echo done > \"$0\"", ProgramCall.Output) with { Writes = path }, CancellationToken.None);

        await File.AppendAllTextAsync(path, "and more");
        Assert.Equal("done\nand more", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task Run_ThatReadsNothing_DoesNotWaitForUs()
    {
        var call = Shell("exit 0") with { StandardInput = async (stream, token) => await stream.WriteAsync(new byte[4 * Megabyte], token) };
        await ProgramRunner.RunAsync(call, CancellationToken.None);
    }

    private static ProgramCall Shell(string script, params string[] arguments) => new("/bin/sh", ["-c", script, .. arguments], Limits);

    private static Task<ToolException> FailsAsync(ProgramCall call) =>
        Assert.ThrowsAsync<ToolException>(() => ProgramRunner.RunAsync(call, CancellationToken.None));

    private static async Task<string> OutputAsync(ProgramCall call)
    {
        using var output = new MemoryStream();
        await ProgramRunner.RunAsync(
            call with { StandardOutput = (stream, token) => stream.CopyToAsync(output, token) }, CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString(output.ToArray());
    }

    private static bool Running(string argument) => Directory.EnumerateDirectories("/proc").Any(process =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0') is ["sleep", var time, ..] && time == argument;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
