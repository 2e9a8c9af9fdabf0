using Son1kVers3.Testing;

namespace Son1kVers3.Billing.Tests;

/// <summary>The folders of the service depend one way: each only on those before it.</summary>
[Trait("Category", "Unit")]
public sealed class FolderTests
{
    /// <summary>From the model up to what stands on everything.</summary>
    private static readonly FolderOrder Order = new(
        "Billing",
        "Data", "Tiers", "Storage", "Payments", "Entitlements", "Quotas", "CustomerStates", "Audit", "Invoices", "Subscriptions", "Checkout", "Webhooks", "Admin",
        "Members", "Projection");

    [Fact]
    public void Folder_WhenItUsesOthers_UsesOnlyThoseBelow() => Assert.Empty(Order.Violations());
}
