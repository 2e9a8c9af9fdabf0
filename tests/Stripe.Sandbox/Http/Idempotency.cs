using System.Security.Cryptography;
using System.Text;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Http;

/// <summary>
/// Stripe's v1 idempotency: once a call began to run, its answer is kept for 24 hours under the key and replayed, also a 500; what was
/// refused before it ran leaves no trace.
/// </summary>
internal sealed class Idempotency(World world)
{
    private const long Kept = 24 * 3600;

    private readonly Dictionary<string, string> _running = [];

    public static string Fingerprint(string method, string path, Form form)
    {
        var fields = form.Fields.Select(field => $"{field.Name}={field.Value}").Order(StringComparer.Ordinal);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{method} {path}\n{string.Join('\n', fields)}")));
    }

    /// <summary>Takes the key for a call that will run now, or gives the answer to replay. Call with the world's lock held.</summary>
    public SavedAnswer? Begin(string key, string fingerprint)
    {
        if (key.Length > 255)
        {
            throw StripeException.Invalid("Idempotency keys can have up to 255 characters.");
        }

        if (_running.TryGetValue(key, out var running))
        {
            throw running == fingerprint ? InUse(key) : OtherParameters(key);
        }

        if (world.State.Answers.TryGetValue(key, out var saved) && saved.SavedAt + Kept > world.WallClock)
        {
            return saved.Fingerprint == fingerprint ? saved : throw OtherParameters(key);
        }

        _running.Add(key, fingerprint);
        return null;
    }

    private static StripeException OtherParameters(string key) => new(
        400,
        "idempotency_error",
        $"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request.");

    public static StripeException InUse(string key) => new(
        409,
        "idempotency_error",
        $"There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): {key}. Please try again later.",
        "idempotency_key_in_use");

    /// <summary>Lets the key go; with an answer, keeps that for replay. Call with the world's lock held.</summary>
    public void End(string key, SavedAnswer? answer)
    {
        _running.Remove(key);
        if (answer is not null)
        {
            world.State.Answers[key] = answer;
            world.Touch();
        }
    }
}
