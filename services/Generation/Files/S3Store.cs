using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace Son1kVers3.Generation.Files;

/// <summary>Files in a bucket of any S3-compatible store; those that are read are kept in a local folder for a while.</summary>
internal sealed class S3Store(IAmazonS3 s3, string bucket, string cache) : ITrackStore
{
    public async Task<StoredFile> PutAsync(string key, string sourcePath, CancellationToken cancellationToken)
    {
        await using var source = File.OpenRead(sourcePath);
        var checksum = Convert.ToHexStringLower(await SHA256.HashDataAsync(source, cancellationToken));
        var bytes = source.Length;
        source.Position = 0;
        // S3 shows an object only when it has come in completely.
        await s3.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = key, InputStream = source, UseChunkEncoding = false }, cancellationToken);
        return new StoredFile(bytes, checksum);
    }

    public async Task<string?> GetAsync(string key, CancellationToken cancellationToken)
    {
        var path = Path.Combine(cache, key);
        if (File.Exists(path))
            return path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = $"{path}.part-{Guid.NewGuid():N}";
        try
        {
            using (var found = await s3.GetObjectAsync(bucket, key, cancellationToken))
                await found.WriteResponseStreamToFileAsync(partial, append: false, cancellationToken);
            File.Move(partial, path, overwrite: true);
            return path;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    public async Task DeleteAsync(string prefix, CancellationToken cancellationToken)
    {
        await foreach (var stored in ListAsync(prefix, cancellationToken))
        {
            await s3.DeleteObjectAsync(bucket, stored.Key, cancellationToken);
            if (File.Exists(Path.Combine(cache, stored.Key)))
                File.Delete(Path.Combine(cache, stored.Key));
        }
    }

    public async IAsyncEnumerable<StoredKey> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await s3.ListObjectsV2Async(request, cancellationToken);
            foreach (var found in page.S3Objects ?? [])
                yield return new StoredKey(found.Key, found.LastModified?.ToUniversalTime() ?? DateTimeOffset.MinValue);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }
}
