namespace Son1kVers3.Generation.Files;

/// <summary>Where finished files are. Keys are relative paths with forward slashes.</summary>
internal interface ITrackStore
{
    /// <summary>Takes a file in, whole or not at all. The source is left where it is or moved away; don't use it afterwards.</summary>
    /// <returns>Size and SHA-256 of what is stored.</returns>
    Task<StoredFile> PutAsync(string key, string sourcePath, CancellationToken cancellationToken);

    /// <summary>A local file with the content, for reading only; null when there is none.</summary>
    Task<string?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes everything whose key starts with <paramref name="prefix"/> (a folder, ending in a slash, or one key).</summary>
    Task DeleteAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>All keys under a folder, with the time they were stored.</summary>
    IAsyncEnumerable<StoredKey> ListAsync(string prefix, CancellationToken cancellationToken);
}

/// <param name="Checksum">SHA-256, lower-case hex.</param>
internal sealed record StoredFile(long Bytes, string Checksum);

internal sealed record StoredKey(string Key, DateTimeOffset StoredAt);
