namespace Son1kVers3.Billing.Quotas;

/// <summary>The time a bucket is for: from <see cref="Start"/> up to, not including, <see cref="End"/>; UTC.</summary>
/// <param name="Start">Names the bucket, together with member and allowance.</param>
/// <param name="End">When the next period begins.</param>
public readonly record struct BucketPeriod(DateTimeOffset Start, DateTimeOffset End);
