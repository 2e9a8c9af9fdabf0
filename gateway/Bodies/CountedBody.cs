using Microsoft.AspNetCore.Connections;
using Son1kVers3.ServiceDefaults.Streams;

namespace Son1kVers3.Gateway.Bodies;

/// <summary>A request body that ends in an error once more than the limit has been read: for those that don't say their length ahead.</summary>
internal sealed class CountedBody(Stream inner, long limit) : ReadOnlyStream(inner)
{
    private long _read;

    /// <summary>Whether the caller sent more than the limit.</summary>
    public bool Exceeded => _read > limit;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await ReadAsync(Inner.ReadAsync(buffer, cancellationToken)));

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
