using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Son1kVers3.Generation.Files;
using Son1kVers3.Machine;
using Son1kVers3.Testing;

namespace Son1kVers3.Generation.Tests;

/// <summary>What every store of tracks keeps to.</summary>
public abstract class StoreContract
{
    internal abstract ITrackStore Store { get; }

    [Fact]
    public async Task File_WhenPut_ComesBackWithItsChecksum()
    {
        var key = $"tracks/{Guid.NewGuid()}/a/master.flac";
        var bytes = RandomNumberGenerator.GetBytes(6_000_000);

        var stored = await Store.PutAsync(key, await FileOfAsync(bytes), CancellationToken.None);

        Assert.Equal(bytes.Length, stored.Bytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), stored.Checksum);
        Assert.Equal(bytes, await File.ReadAllBytesAsync((await Store.GetAsync(key, CancellationToken.None))!));
    }

    [Fact]
    public async Task File_WhenNotThere_IsNull() => Assert.Null(await Store.GetAsync($"tracks/{Guid.NewGuid()}/x", CancellationToken.None));

    [Fact]
    public async Task Folder_WhenDeleted_TakesItsFilesAndNoOthers()
    {
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        foreach (var key in (string[])[$"tracks/{one}/a/1", $"tracks/{one}/b/2", $"tracks/{other}/a/1"])
            await Store.PutAsync(key, await FileOfAsync([1, 2, 3]), CancellationToken.None);

        Assert.Equal(2, await CountAsync($"tracks/{one}/"));
        await Store.DeleteAsync($"tracks/{one}/", CancellationToken.None);
        await Store.DeleteAsync($"tracks/{one}/", CancellationToken.None);

        Assert.Equal(0, await CountAsync($"tracks/{one}/"));
        Assert.Null(await Store.GetAsync($"tracks/{one}/a/1", CancellationToken.None));
        Assert.NotNull(await Store.GetAsync($"tracks/{other}/a/1", CancellationToken.None));
    }

    private async Task<int> CountAsync(string prefix)
    {
        var count = 0;
        await foreach (var stored in Store.ListAsync(prefix, CancellationToken.None))
        {
            Assert.StartsWith(prefix, stored.Key, StringComparison.Ordinal);
            Assert.InRange(stored.StoredAt, DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(1));
            count++;
        }

        return count;
    }

    private static async Task<string> FileOfAsync(byte[] bytes)
    {
        var path = Path.Combine(TestRun.CreateFolder("store"), "source");
        await File.WriteAllBytesAsync(path, bytes);
        return path;
    }
}

[Trait("Category", "Unit")]
public sealed class FolderStoreTests : StoreContract
{
    internal override ITrackStore Store { get; } = new FolderStore(TestRun.CreateFolder("store"));

    [Theory]
    [InlineData("../outside")]
    [InlineData("tracks/../../outside")]
    [InlineData("/etc/passwd")]
    public async Task Key_WhenItLeavesTheFolder_IsRefused(string key) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store.GetAsync(key, CancellationToken.None));
}

/// <summary>s3rver, a server that speaks S3, as a process of its own.</summary>
public sealed class S3Server : IAsyncLifetime
{
    /// <summary>Installed once: two installations at the same time would take each other's files away.</summary>
    private static readonly Lazy<Task<string>> Program = new(InstallAsync);

    private Process? _server;

    internal ITrackStore Store { get; private set; } = null!;

    internal string Endpoint { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var program = await Program.Value;
        var port = FreePort.Next();
        var folder = TestRun.CreateFolder("s3");
        _server = Process.Start(new ProcessStartInfo(
            "node", [program, "--directory", folder, "--address", "127.0.0.1", "--port", $"{port}", "--silent", "--configure-bucket",
                "tracks"]));
        var config = new AmazonS3Config
        {
            ServiceURL = $"http://127.0.0.1:{port}",
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        Store = new S3Store(new AmazonS3Client("S3RVER", "S3RVER", config), "tracks", TestRun.CreateFolder("s3-cache"));
        Endpoint = config.ServiceURL;
        using var client = new HttpClient();
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(_server!.HasExited, "The S3 server ended.");
                return (int)(await client.GetAsync(config.ServiceURL)).StatusCode > 0;
            },
            "the S3 server answers");
    }

    public Task DisposeAsync()
    {
        _server?.Kill();
        _server?.Dispose();
        return Task.CompletedTask;
    }

    private static async Task<string> InstallAsync()
    {
        var place = Path.Combine(TestRun.RepositoryRoot, "tests", "Generation.Tests", "S3Server");
        var program = Path.Combine(place, "node_modules", "s3rver", "bin", "s3rver.js");
        await DebianPackages.EnsureAsync(Tools.Node, Console.WriteLine, consent: true);
        if (!File.Exists(program))
            await GenerationFixture.RunAsync("npm", "ci", "--prefix", place, "--no-audit", "--no-fund");
        return program;
    }
}

[Trait("Category", "Integration")]
public sealed class S3StoreTests(S3Server server) : StoreContract, IClassFixture<S3Server>
{
    internal override ITrackStore Store => server.Store;
}

/// <summary>The service with its tracks in a bucket.</summary>
public sealed class BucketFixture : GenerationFixture
{
    private readonly S3Server _server = new();

    internal ITrackStore Store => _server.Store;

    protected override async Task PrepareAsync(Dictionary<string, string?> settings)
    {
        await _server.InitializeAsync();
        settings["Media:S3:Bucket"] = "tracks";
        settings["Media:S3:Endpoint"] = _server.Endpoint;
        settings["Media:S3:AccessKey"] = "S3RVER";
        settings["Media:S3:SecretKey"] = "S3RVER";
    }

    protected override Task CleanUpAsync() => _server.DisposeAsync();
}

[Trait("Category", "Integration")]
public sealed class BucketTests(BucketFixture fixture) : IClassFixture<BucketFixture>
{
    [Fact]
    public async Task Track_WhenKeptInABucket_IsServedAndDeletedLikeAnyOther()
    {
        using var client = fixture.Service.Client(Guid.CreateVersion7());
        var id = await GenerationFixture.OrderAsync(client);
        await GenerationFixture.WhenAsync(client, id, "completed");

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/generations/{id}/audio?format=opus")).StatusCode);
        // Master, MP3, waveform, and what was asked for.
        Assert.Equal(4, await CountAsync(id));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(fixture.MediaFolder, "store")));
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/api/generations/{id}")).StatusCode);
        Assert.Equal(0, await CountAsync(id));
    }

    private async Task<int> CountAsync(Guid id)
    {
        var count = 0;
        await foreach (var _ in fixture.Store.ListAsync($"tracks/{id}/", CancellationToken.None))
            count++;
        return count;
    }
}
