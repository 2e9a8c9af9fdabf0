using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Son1kVers3.Generation.Files;

/// <summary>Files in a local folder that all replicas share. A file appears under its name only when it is complete and on disk.</summary>
internal sealed class FolderStore(string root) : ITrackStore
{
    private const string Partial = ".part-";

    public async Task<StoredFile> PutAsync(string key, string sourcePath, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = $"{path}{Partial}{Guid.NewGuid():N}";
        try
        {
            var stored = await CopyAsync(sourcePath, partial, cancellationToken);
            File.Move(partial, path, overwrite: true);
            return stored;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    public Task<string?> GetAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        return Task.FromResult(File.Exists(path) ? path : null);
    }

    public Task DeleteAsync(string prefix, CancellationToken cancellationToken)
    {
        var path = PathOf(prefix.TrimEnd('/'));
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else if (File.Exists(path))
            File.Delete(path);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<StoredKey> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var folder = PathOf(prefix.TrimEnd('/'));
        if (!Directory.Exists(folder))
            yield break;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new StoredKey(Path.GetRelativePath(root, file.FullName).Replace('\\', '/'), file.LastWriteTimeUtc);
        }
    }

    private static async Task<StoredFile> CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var source = File.OpenRead(from);
        await using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var buffer = new byte[128 * 1024];
        int count;
        while ((count = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, count);
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        target.Flush(flushToDisk: true);
        return new StoredFile(target.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private string PathOf(string key)
    {
        var path = Path.GetFullPath(Path.Combine(root, key));
        return path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"'{key}' leaves the store.", nameof(key));
    }
}
