using System.Globalization;
using Microsoft.AspNetCore.Http;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.ServiceDefaults.Streams;

/// <summary>The header <c>Last-Event-ID</c>, by which a viewer who was cut off goes on where the stream broke. Handlers take it as a parameter.</summary>
/// <param name="Value">Null: a new viewer.</param>
public sealed record LastEventId(string? Value)
{
    /// <summary>For streams whose ids are numbers; null for a new viewer. What is no such id is a 400.</summary>
    public long? Number => Value is null ? null
        : long.TryParse(Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Unknown();

    /// <summary>The 400 for an id that this stream never gave.</summary>
    public static ProblemException Unknown() => Problem.Invalid("Last-Event-ID", "The id of an event of this stream.");

    /// <summary>Called by the framework.</summary>
    public static ValueTask<LastEventId?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<LastEventId?>(new LastEventId(context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } text, ..] ? text : null));
}
