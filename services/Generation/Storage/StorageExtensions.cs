namespace Son1kVers3.Generation.Storage;

internal static class StorageExtensions
{
    /// <summary><c>Media:Folder</c>, shared by all replicas; scratch space for work in progress lies beside the tracks.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton<MediaFolder>();
        services.AddSingleton<ITrackStore>(provider => new FolderStore(provider.GetRequiredService<MediaFolder>().Tracks));
        return services;
    }
}

/// <summary>The folders below <c>Media:Folder</c>.</summary>
internal sealed class MediaFolder
{
    private readonly string _scratch;

    public MediaFolder(IConfiguration configuration)
    {
        var root = Path.GetFullPath(configuration["Media:Folder"] ?? throw new InvalidOperationException("Media:Folder is missing: the folder where tracks are kept."));
        Tracks = Path.Combine(root, "store");
        _scratch = Path.Combine(root, "scratch");
        Directory.CreateDirectory(Tracks);
        Directory.CreateDirectory(_scratch);
    }

    public string Tracks { get; }

    /// <summary>Where attempts that no longer run may have left something.</summary>
    public string Scratch => _scratch;

    /// <summary>An empty folder for one piece of work; whoever makes it removes it.</summary>
    public string CreateScratch(string name)
    {
        var folder = Path.Combine(_scratch, name);
        Directory.CreateDirectory(folder);
        return folder;
    }
}
