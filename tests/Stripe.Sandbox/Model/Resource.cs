using System.Security.Cryptography;

namespace Son1kVers3.Stripe.Sandbox.Model;

/// <summary>What every stored object has. Times are Unix seconds, amounts cents.</summary>
internal abstract class Resource
{
    public string Id { get; set; } = "";

    public long Created { get; set; }

    /// <summary>Order of creation; breaks ties inside one second.</summary>
    public long Ordinal { get; set; }

    public Dictionary<string, string> Metadata { get; set; } = [];

    public static string NewId(string prefix) =>
        prefix + RandomNumberGenerator.GetString("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789", 24);
}
