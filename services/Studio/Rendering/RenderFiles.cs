namespace Son1kVers3.Studio.Rendering;

/// <summary>
/// The files of one render: a folder for what is needed on the way, and the results, which stay only when the render was completed.
/// </summary>
internal sealed class RenderFiles : IDisposable
{
    private readonly string output;
    private readonly string temporary;
    private readonly List<string> results = [];
    private bool completed;

    public RenderFiles(string output)
    {
        this.output = output;
        temporary = Path.Combine(output, ".render-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(temporary);
    }

    public string Temporary(string name) => Path.Combine(temporary, name);

    /// <summary>A file that stays; an older one of that name goes.</summary>
    public string Result(string name)
    {
        var path = Path.Combine(output, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        results.Add(path);
        return path;
    }

    public void Complete() => completed = true;

    public void Dispose()
    {
        Directory.Delete(temporary, recursive: true);
        if (completed)
        {
            return;
        }

        foreach (var path in results)
        {
            File.Delete(path);
            var folder = Path.GetDirectoryName(path)!;
            if (folder != output && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
    }
}
