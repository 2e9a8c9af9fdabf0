using Son1kVers3.Contracts;
using Son1kVers3.Testing;

namespace Son1kVers3.ServiceDefaults.Tests;

/// <summary>One sample service, and a bus that hears what it publishes, for all tests that neither stop it nor need a clock of their own.</summary>
public sealed class SampleFixture : IAsyncLifetime
{
    internal SampleService Service { get; private set; } = null!;

    internal TestBus Bus { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Service = await SampleService.StartAsync();
        Bus = await TestBus.StartAsync(Service.Messaging, (test, endpoint) => test.Hear<ProviderUp>(endpoint));
    }

    public async Task DisposeAsync()
    {
        await Bus.DisposeAsync();
        await Service.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class SampleCollection : ICollectionFixture<SampleFixture>
{
    public const string Name = "sample";
}
