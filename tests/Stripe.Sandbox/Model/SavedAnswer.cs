namespace Son1kVers3.Stripe.Sandbox.Model;

/// <summary>The first answer to an idempotency key.</summary>
internal sealed record SavedAnswer(string Fingerprint, int Status, string Body, string RequestId, long SavedAt);
