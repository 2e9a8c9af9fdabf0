using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Son1kVers3.Generation.Media;

/// <summary>Sends files in large blocks: the server's own way goes by 16 kB, and waits for a thread before each.</summary>
internal sealed class LargeBlocks(IHttpResponseBodyFeature response) : IHttpResponseBodyFeature
{
    private const int BlockSize = 256 * 1024;

    public Stream Stream => response.Stream;
    public PipeWriter Writer => response.Writer;

    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        using var file = File.OpenHandle(path, options: FileOptions.Asynchronous);
        var left = count ?? RandomAccess.GetLength(file) - offset;
        var block = ArrayPool<byte>.Shared.Rent((int)Math.Min(BlockSize, Math.Max(left, 1)));
        try
        {
            while (left > 0)
            {
                var read = await RandomAccess.ReadAsync(
                    file, block.AsMemory(0, (int)Math.Min(block.Length, left)), offset, cancellationToken);
                if (read == 0)
                    throw new EndOfStreamException($"The file ends {left} bytes before it should.");
                await response.Writer.WriteAsync(block.AsMemory(0, read), cancellationToken);
                offset += read;
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => response.StartAsync(cancellationToken);
    public Task CompleteAsync() => response.CompleteAsync();
    public void DisableBuffering() => response.DisableBuffering();
}
