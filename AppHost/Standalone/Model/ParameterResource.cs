using System.Security.Cryptography;
using System.Text.Json;

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A value that comes from configuration (<c>Parameters:name</c>), or else from its default.</summary>
    /// <param name="name">Unique in the application.</param>
    /// <param name="callback">Finds the value.</param>
    /// <param name="secret">Never shown.</param>
    public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : Resource(name), IExpressionValue
    {
        private string? value;

        /// <summary>Never shown.</summary>
        public bool Secret => secret;

        /// <summary>Where the value comes from when configuration has none.</summary>
        public ParameterDefault? Default { get; set; }

        /// <inheritdoc/>
        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Resolve());

        internal string Resolve() => value ??= callback(Default);
    }

    /// <summary>Makes the value of a parameter that nobody configured.</summary>
    public abstract class ParameterDefault
    {
        /// <summary>A value.</summary>
        public abstract string GetDefaultValue();

        /// <summary>Describes how to make the value, in a published manifest.</summary>
        public abstract void WriteToManifest(Publishing.ManifestPublishingContext context);
    }

    /// <summary>A random password.</summary>
    public sealed class GenerateParameterDefault : ParameterDefault
    {
        /// <summary>At least so many characters.</summary>
        public int MinLength { get; set; }

        /// <summary>Lower case letters may occur.</summary>
        public bool Lower { get; set; } = true;

        /// <summary>Upper case letters may occur.</summary>
        public bool Upper { get; set; } = true;

        /// <summary>Digits may occur.</summary>
        public bool Numeric { get; set; } = true;

        /// <summary>Punctuation may occur.</summary>
        public bool Special { get; set; } = true;

        /// <inheritdoc/>
        public override string GetDefaultValue()
        {
            var alphabet = (Lower ? "abcdefghjkmnpqrstuvwxyz" : string.Empty)
                + (Upper ? "ABCDEFGHJKMNPQRSTUVWXYZ" : string.Empty)
                + (Numeric ? "0123456789" : string.Empty)
                + (Special ? "-_.{}~()*+!" : string.Empty);
            return RandomNumberGenerator.GetString(alphabet, Math.Max(MinLength, 1));
        }

        /// <inheritdoc/>
        public override void WriteToManifest(Publishing.ManifestPublishingContext context)
        {
            context.Writer.WriteStartObject("generate");
            context.Writer.WriteNumber("minLength", MinLength);
            context.Writer.WriteEndObject();
        }
    }
}

namespace Aspire.Hosting.Publishing
{
    /// <summary>Where a manifest is written. Nothing is published from here; the type is part of what a <see cref="ApplicationModel.ParameterDefault"/> implements.</summary>
    /// <param name="writer">The manifest.</param>
    public sealed class ManifestPublishingContext(Utf8JsonWriter writer)
    {
        /// <summary>The manifest.</summary>
        public Utf8JsonWriter Writer => writer;
    }
}
