namespace Son1kVers3.Gateway.WebApp;

/// <summary>Where the built web app lies: the folder <c>Web:Folder</c> (in a local run <c>web/dist</c>, built while the services start), then the gateway's own.</summary>
internal sealed class WebFolder
{
    public const string Index = "index.html";
    private readonly string[] _roots;

    public WebFolder(IConfiguration configuration, IWebHostEnvironment environment) =>
        _roots = [.. new[] { configuration["Web:Folder"], Path.Combine(environment.ContentRootPath, "wwwroot") }
            .OfType<string>().Where(folder => folder.Length > 0).Select(folder => Path.GetFullPath(folder) + Path.DirectorySeparatorChar)];

    /// <summary>The file of a path, or null. Asked anew each time: a new build may have taken the last one's place.</summary>
    public FileInfo? Find(string path)
    {
        foreach (var root in _roots)
        {
            var full = Path.GetFullPath(Path.Combine(root, path.TrimStart('/')));
            if (full.StartsWith(root, StringComparison.Ordinal) && new FileInfo(full) is { Exists: true } file)
                return file;
        }

        return null;
    }
}
