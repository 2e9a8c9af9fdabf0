using System.Globalization;

namespace Son1kVers3.Stripe.Sandbox.Http;

/// <summary>
/// Form fields with bracket nesting (<c>items[0][price]</c>), read by name. A child knows the path it came from, so that an
/// error names the parameter the way the caller wrote it.
/// </summary>
internal sealed class Form(IReadOnlyList<FormField> fields, string prefix = "")
{
    public IReadOnlyList<FormField> Fields => fields;

    public static Form Parse(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var fields = new List<FormField>();
        var appended = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
        {
            var path = FormField.Split(name);
            for (var i = 1; i < path.Length; i++)
            {
                // `types[]=a&types[]=b` counts up by itself.
                if (path[i].Length == 0)
                {
                    var head = string.Join('\n', path[..i]);
                    var next = appended.GetValueOrDefault(head);
                    appended[head] = next + 1;
                    path[i] = next.ToString(CultureInfo.InvariantCulture);
                }
            }

            fields.Add(new FormField(name, path, value));
        }

        return new Form(fields);
    }

    public string Name(string key) => prefix.Length == 0 ? key : $"{prefix}[{key}]";

    public bool Has(string key) => fields.Any(field => field.Path[0] == key);

    public string? Text(string key) => fields.LastOrDefault(field => field.Path.Length == 1 && field.Path[0] == key)?.Value;

    public string Required(string key)
    {
        var value = Text(key) ?? throw StripeException.Missing(Name(key));
        return value.Length > 0
            ? value
            : throw StripeException.Invalid($"You passed an empty string for '{Name(key)}'.", Name(key), "parameter_invalid_empty");
    }

    public long? Integer(string key)
    {
        var text = Text(key);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw StripeException.Invalid($"Invalid integer: {text}", Name(key), "parameter_invalid_integer");
    }

    public bool? Flag(string key) => Text(key) switch
    {
        null or "" => null,
        "true" => true,
        "false" => false,
        var other => throw StripeException.Invalid($"Invalid boolean: {other}", Name(key)),
    };

    public string? OneOf(string key, params string[] allowed)
    {
        var value = Text(key);
        if (value is null || allowed.Contains(value))
        {
            return value;
        }

        var choices = allowed.Length == 1 ? allowed[0] : $"{string.Join(", ", allowed[..^1])}, or {allowed[^1]}";
        throw StripeException.Invalid($"Invalid {Name(key)}: must be one of {choices}", Name(key));
    }

    public Form Child(string key) => new(
        [.. fields.Where(field => field.Path.Length > 1 && field.Path[0] == key).Select(field => field with { Path = field.Path[1..] })],
        Name(key));

    /// <summary>The elements of an array of objects, by index.</summary>
    public IReadOnlyList<Form> Items(string key)
    {
        var array = Child(key);
        return [.. array.Fields.Select(field => field.Path[0]).Distinct().OrderBy(Index).Select(array.Child)];
    }

    /// <summary>The elements of an array of plain values.</summary>
    public IReadOnlyList<string> Texts(string key) =>
        [.. Child(key).Fields.Where(field => field.Path.Length == 1).OrderBy(field => Index(field.Path[0])).Select(field => field.Value)];

    /// <summary>Stripe's rules for metadata: named keys are set, an empty value removes one, an empty <c>metadata</c> removes all.</summary>
    public void ApplyMetadata(IDictionary<string, string> target, string key = "metadata")
    {
        if (Text(key) is "")
        {
            target.Clear();
        }

        foreach (var field in Child(key).Fields)
        {
            if (field.Path[0].Length > 40)
            {
                throw StripeException.Invalid("Metadata keys can have up to 40 characters.", $"{Name(key)}[{field.Path[0]}]");
            }

            if (field.Value.Length > 500)
            {
                throw StripeException.Invalid("Metadata values can have up to 500 characters.", $"{Name(key)}[{field.Path[0]}]");
            }

            if (field.Value.Length == 0)
            {
                target.Remove(field.Path[0]);
            }
            else
            {
                target[field.Path[0]] = field.Value;
            }
        }
    }

    private static int Index(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var index) ? index : int.MaxValue;
}

/// <summary>One field: its name as sent, the same split at the brackets, and its value.</summary>
internal sealed record FormField(string Name, string[] Path, string Value)
{
    public static string[] Split(string name)
    {
        var open = name.IndexOf('[', StringComparison.Ordinal);
        return open <= 0 || !name.EndsWith(']') ? [name] : [name[..open], .. name[(open + 1)..^1].Split("][")];
    }
}
