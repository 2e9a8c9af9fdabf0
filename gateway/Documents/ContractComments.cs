using System.Text.RegularExpressions;
using System.Xml.Linq;
using Son1kVers3.Contracts;

namespace Son1kVers3.Gateway.Documents;

/// <summary>The contracts' doc comments, which lie beside their assembly: what an event means, and who publishes and consumes it.</summary>
internal static partial class ContractComments
{
    private static readonly Lazy<Dictionary<string, string>> Summaries = new(Read);

    /// <summary>The summary of a contract as plain text.</summary>
    public static string SummaryOf(Type contract) => Summaries.Value.GetValueOrDefault($"T:{contract.FullName}", "");

    /// <summary>The services that publish an event; none while nobody does.</summary>
    public static IReadOnlyList<string> PublishersOf(Type contract) => Names(PublishedBy().Match(SummaryOf(contract)));

    /// <summary>The services that consume it.</summary>
    public static IReadOnlyList<string> ConsumersOf(Type contract) => Names(ConsumedBy().Match(SummaryOf(contract)));

    private static string[] Names(Match match) =>
        match.Success && match.Groups["names"].Value != "nobody" ? match.Groups["names"].Value.Split(", ") : [];

    private static Dictionary<string, string> Read() => XDocument.Load(Path.ChangeExtension(typeof(Event).Assembly.Location, ".xml"))
        .Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value, member => TextOf(member.Element("summary")));

    private static string TextOf(XElement? summary) =>
        Spaces().Replace(string.Concat(summary?.Nodes().Select(node => node is XElement { IsEmpty: true } see ? see.Attribute("cref")?.Value.Split('.')[^1] : (node as XElement)?.Value ?? node.ToString()) ?? []), " ").Trim();

    [GeneratedRegex(@"Published by (?<names>[a-z, ]+);")]
    private static partial Regex PublishedBy();

    [GeneratedRegex(@"consumed by (?<names>[a-z, ]+)\.")]
    private static partial Regex ConsumedBy();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
