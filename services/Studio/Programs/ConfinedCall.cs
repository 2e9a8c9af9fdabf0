using System.Runtime.InteropServices;

namespace Son1kVers3.Studio.Programs;

/// <summary>A command behind limits, and what has to be put back when it has ended.</summary>
internal sealed class ConfinedCall(string program, IReadOnlyList<string> arguments, ConfinedFiles? files) : IDisposable
{
    public string Program { get; } = program;

    public IReadOnlyList<string> Arguments { get; } = arguments;

    public void Dispose() => files?.Dispose();
}

/// <summary>The files of a program that runs as another user: one that it can read, one that is its own for as long as it runs.</summary>
internal sealed partial class ConfinedFiles : IDisposable
{
    private const int Nobody = 65534;
    private readonly string? copy;

    private ConfinedFiles(string? input, string? output, string? copy) => (Input, Output, this.copy) = (input, output, copy);

    public string? Input { get; }

    public string? Output { get; }

    /// <summary>A file that only we may read is read as a copy; the file to write changes hands.</summary>
    public static ConfinedFiles For(ProgramCall call)
    {
        var isPrivate = !OperatingSystem.IsWindows() && call.Reads is not null && File.Exists(call.Reads)
            && !File.GetUnixFileMode(call.Reads).HasFlag(UnixFileMode.OtherRead);
        var copy = isPrivate ? Path.GetTempFileName() : null;
        if (copy is not null && !OperatingSystem.IsWindows())
        {
            File.Copy(call.Reads!, copy, overwrite: true);
            File.SetUnixFileMode(copy, UnixFileMode.UserRead);
            Give(copy, Nobody);
        }

        if (call.Writes is not null)
        {
            File.Create(call.Writes).Dispose();
            Give(call.Writes, Nobody);
        }

        return new ConfinedFiles(copy ?? call.Reads, call.Writes, copy);
    }

    public void Dispose()
    {
        if (copy is not null)
        {
            File.Delete(copy);
        }

        if (Output is not null && File.Exists(Output))
        {
            Give(Output, 0);
        }
    }

    private static void Give(string path, int user)
    {
        if (ChangeOwner(path, user, user) != 0)
        {
            throw new IOException($"{path} could not change hands (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, int user, int group);
}
