namespace Son1kVers3.Gateway.WebApp;

/// <summary>What was read of a file of the build, until another build takes its place.</summary>
internal sealed class BuildFile<T>(WebFolder folder, string name, Func<string, T> parse)
    where T : class
{
    private Reading? _last;

    /// <summary>Null where there is no such file.</summary>
    public T? Read()
    {
        if (folder.Find(name) is not { } file)
            return null;
        var last = _last;
        if (last is null || last.File != file.FullName || last.At != file.LastWriteTimeUtc)
            _last = last = new Reading(file.FullName, file.LastWriteTimeUtc, parse(File.ReadAllText(file.FullName)));
        return last.Content;
    }

    private sealed record Reading(string File, DateTime At, T Content);
}
