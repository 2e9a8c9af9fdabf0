using Amazon.Runtime;
using Amazon.S3;
using Son1kVers3.ServiceDefaults.Workers;

namespace Son1kVers3.Generation.Files;

internal static class StorageExtensions
{
    /// <summary>A bucket when <c>Media:S3:Bucket</c> is configured, else <c>Media:Folder</c>, which all replicas share.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton<MediaFolder>();
        services.AddSingleton(provider =>
        {
            var folder = provider.GetRequiredService<MediaFolder>();
            var options = provider.GetRequiredService<IConfiguration>().GetSection("Media:S3").Get<S3Options>();
            return options?.Bucket is { Length: > 0 } bucket
                ? Bucket(options, bucket, folder)
                : (ITrackStore)new FolderStore(folder.Tracks);
        });
        services.AddWorker<OrphanSweeper>();
        return services;
    }

    private static S3Store Bucket(S3Options options, string bucket, MediaFolder folder)
    {
        var config = new AmazonS3Config
        {
            ServiceURL = options.Endpoint,
            ForcePathStyle = options.Endpoint is not null,
            AuthenticationRegion = options.Region,
            // Stores that only speak like S3 often lack its newer checksums.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        return new S3Store(new AmazonS3Client(options.AccessKey, options.SecretKey, config), bucket, folder.Cache);
    }
}

/// <summary>Section <c>Media:S3</c>.</summary>
/// <param name="Endpoint">Null for AWS itself.</param>
internal sealed record S3Options(
    string? Bucket = null, string? Endpoint = null, string? AccessKey = null, string? SecretKey = null, string Region = "us-east-1");

/// <summary>The folders below <c>Media:Folder</c>.</summary>
internal sealed class MediaFolder
{
    public MediaFolder(IConfiguration configuration)
    {
        var root = Path.GetFullPath(configuration["Media:Folder"]
            ?? throw new InvalidOperationException("Media:Folder is missing: the folder where tracks are kept."));
        Tracks = Path.Combine(root, "store");
        Scratch = Path.Combine(root, "scratch");
        Cache = Path.Combine(root, "cache");
        foreach (var folder in (string[])[Tracks, Scratch, Cache])
            Directory.CreateDirectory(folder);
    }

    public string Tracks { get; }

    /// <summary>Work in progress, and what attempts that were killed left of it.</summary>
    public string Scratch { get; }

    /// <summary>Copies of what lies in a bucket.</summary>
    public string Cache { get; }

    /// <summary>An empty folder for one piece of work; whoever makes it removes it.</summary>
    public string CreateScratch(string name) => Directory.CreateDirectory(Path.Combine(Scratch, name)).FullName;
}
