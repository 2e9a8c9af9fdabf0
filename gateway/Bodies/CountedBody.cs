using Microsoft.AspNetCore.Connections;

namespace Son1kVers3.Gateway.Bodies;

/// <summary>A request body that ends in an error once more than the limit has been read: for those that don't say their length ahead.</summary>
internal sealed class CountedBody(Stream inner, long limit) : Stream
{
    private long _read;

    /// <summary>Whether the caller sent more than the limit.</summary>
    public bool Exceeded => _read > limit;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await ReadAsync(inner.ReadAsync(buffer, cancellationToken)));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>What the server cannot make sense of (a chunk's size that is no number, or overflows) is the caller's error, however the server says so.</summary>
    private static async ValueTask<int> ReadAsync(ValueTask<int> reading)
    {
        try
        {
            return await reading;
        }
        catch (IOException e) when (e is not (BadHttpRequestException or ConnectionResetException))
        {
            throw new BadHttpRequestException("The body is not what its framing says.", StatusCodes.Status400BadRequest, e);
        }
        catch (OverflowException e)
        {
            throw new BadHttpRequestException("The body is not what its framing says.", StatusCodes.Status400BadRequest, e);
        }
    }

    private int Count(int read)
    {
        _read += read;
        return Exceeded ? throw new BadHttpRequestException("The body is larger than this endpoint takes.", StatusCodes.Status413PayloadTooLarge) : read;
    }
}
