using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.WebUtilities;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Gateway.Security;

/// <summary>Gives a body to what the server refuses before any code of ours sees it: a request line that is none, a path with a NUL.</summary>
/// <remarks>
/// The server offers no place for that. Such an answer is the only one without the security headers that <see cref="HeaderExtensions"/> puts on all of ours,
/// it has no body, is written in one piece, and is the last of its connection: so it is known when it is written.
/// </remarks>
internal static partial class ServerRefusals
{
    public static void TellRefusals(this KestrelServerOptions kestrel) => kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection =>
    {
        connection.Transport = new Transport(connection.Transport.Input, new RefusalWriter(connection.Transport.Output));
        return next(connection);
    }));

    /// <summary>The same refusal with a problem for its body, or null when this is something else.</summary>
    /// <param name="answer">What the server writes.</param>
    internal static byte[]? Tell(ReadOnlySpan<byte> answer)
    {
        if (!answer.StartsWith("HTTP/1.1 4"u8) || answer.IndexOf("\r\nContent-Length: 0\r\n"u8) < 0 || answer.IndexOf("Content-Security-Policy"u8) >= 0)
            return null;
        var head = Encoding.ASCII.GetString(answer);
        var status = int.Parse(head.AsSpan("HTTP/1.1 ".Length, 3));
        var slug = Problem.SlugOf(status);
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            type = Problem.TypeBase + slug,
            title = Problem.TitleOf(slug),
            status,
            detail = $"The server could not read the request: {ReasonPhrases.GetReasonPhrase(status).ToLowerInvariant()}.",
            traceId = Guid.NewGuid().ToString("N"),
        });
        return [.. Encoding.ASCII.GetBytes(Empty().Replace(head, $"Content-Length: {body.Length}\r\nContent-Type: application/problem+json\r\nX-Content-Type-Options: nosniff\r\n")), .. body];
    }

    [GeneratedRegex("Content-Length: 0\r\n")]
    private static partial Regex Empty();

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>The connection's own writer, but for the refusals.</summary>
    private sealed class RefusalWriter(PipeWriter inner) : PipeWriter
    {
        private Memory<byte> _given;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _given = inner.GetMemory(sizeHint);

        // Through the memory, so that what was written can be looked at.
        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            if (Tell(_given.Span[..Math.Min(bytes, _given.Length)]) is { } told && told.Length <= _given.Length)
            {
                told.CopyTo(_given);
                bytes = told.Length;
            }

            _given = default;
            inner.Advance(bytes);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(source, cancellationToken);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
    }
}
